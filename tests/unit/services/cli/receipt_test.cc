// SPDX-License-Identifier: Apache-2.0
// `receipt`: what is asked for, and what is kept of the answer.
#include "ledger/journal/receipt.h"

#include "ledger/crypto/hash.h"
#include "ledger/crypto/signing.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/merkle.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/receipt_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace puhui::services::receipt_test {
namespace {

using ::testing::HasSubstr;

ledger::SigningKey LogKey() { return ledger::SigningKey::FromSeed(std::string(32, 'l')); }

// That the third record is in a ledger of three.
std::string ReceiptOfThree() {
  ledger::MerkleTree tree;
  std::string bytes;
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    journal::v1::Record record;
    record.set_sequence(sequence);
    record.set_time_micros(static_cast<std::int64_t>(sequence));
    bytes = record.SerializeAsString();
    tree.Append(ledger::LeafHash(bytes));
  }
  const auto no_tile = [](const ledger::TileId& /*id*/) -> absl::StatusOr<std::string> {
    return absl::NotFoundError("tile");
  };
  const std::string note = ledger::SignCheckpoint({.origin = "puhui.example/ledger",
                                                   .size = 3,
                                                   .root = tree.Root(),
                                                   .time = absl::FromUnixSeconds(1'769'904'000)},
                                                  "puhui.example", LogKey());
  return ledger::ReceiptText(
      {.record = bytes, .index = 2, .path = *tree.InclusionPath(2, 3, no_tile), .note = note});
}

// Threads: as Script.
class FakeReceipts final : public v1::ReceiptService::Service {
 public:
  v1::GetReceiptRequest asked;
  grpc::Status status;

  grpc::Status GetReceipt(grpc::ServerContext*, const v1::GetReceiptRequest* request,
                          v1::GetReceiptResponse* response) override {
    asked = *request;
    response->set_receipt(ReceiptOfThree());
    response->set_leaf_index(2);
    return status;
  }
};

class ReceiptTest : public CommandsTest {
 protected:
  ReceiptTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&receipts_);
    receipt_server_ = builder.BuildAndStart();
    channel_ = receipt_server_->InProcessChannel(grpc::ChannelArguments());
  }
  std::string Read(const std::string& path) const {
    std::stringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  int Verify(const std::string& path) {
    return Run({"verify-receipt", path, "--key",
                ledger::VerifierKeyText("puhui.example", LogKey().verify_key())});
  }

  FakeReceipts receipts_;
  std::unique_ptr<grpc::Server> receipt_server_;
};

TEST_F(ReceiptTest, KeepsWhatItFetchedForWhoeverVerifiesIt) {
  const std::string path = folder_.Join("three.receipt");
  ASSERT_EQ(Run({"receipt", "--reference", "000000000003", "--out", path}), 0) << err_;
  EXPECT_EQ(receipts_.asked.retrieval_reference(), "000000000003");
  EXPECT_EQ(receipts_.asked.sequence(), 0U);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(Read(path), ReceiptOfThree());
  EXPECT_EQ(Verify(path), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("the ledger holds this record"));
}

TEST_F(ReceiptTest, PrintsWhatVerifiesToo) {
  ASSERT_EQ(Run({"receipt", "--record", "3"}), 0) << err_;
  EXPECT_EQ(receipts_.asked.sequence(), 3U);
  EXPECT_EQ(receipts_.asked.retrieval_reference(), "");
  EXPECT_EQ(out_, ReceiptOfThree());
  EXPECT_EQ(Verify(WriteFile("printed.receipt", out_)), 0) << err_;
  ASSERT_EQ(Run({"receipt", "--record", "3", "--json"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("\"leaf_index\": \"2\""));
}

TEST_F(ReceiptTest, LeavesNothingWhereThereIsNoReceipt) {
  const std::string path = folder_.Join("none.receipt");
  receipts_.status = {grpc::StatusCode::NOT_FOUND, "no such entry"};
  EXPECT_EQ(Run({"receipt", "--record", "4", "--out", path}), 4);
  EXPECT_THAT(err_, HasSubstr("no such entry"));
  EXPECT_FALSE(std::filesystem::exists(path));
  receipts_.status = grpc::Status::OK;
  EXPECT_EQ(Run({"receipt", "--record", "3", "--out", folder_.Join("absent/three.receipt")}), 1);
}

}  // namespace
}  // namespace puhui::services::receipt_test
