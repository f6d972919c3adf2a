// SPDX-License-Identifier: Apache-2.0
// Proofs are checked where they are asked for: a service that lies is found out.
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/key_chain.h"
#include "ledger/journal/merkle.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/rpc/resource_name.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace puhui::services::audit_proof_test {
namespace {

using ::testing::HasSubstr;

ledger::SigningKey KeyOf(char seed) { return ledger::SigningKey::FromSeed(std::string(32, seed)); }
std::string KeyText(char seed) {
  return ledger::VerifierKeyText("puhui.example", KeyOf(seed).verify_key());
}

// Seven records and the tree over them.
class FakeProofs final : public v1::AuditService::Service {
 public:
  bool lies = false;  // Of the path.

  FakeProofs() {
    for (std::uint64_t sequence = 1; sequence <= 7; ++sequence) {
      journal::v1::Record record;
      record.set_sequence(sequence);
      record.set_time_micros(static_cast<std::int64_t>(sequence));
      if (sequence == 3) Join(record);
      records_.push_back(record.SerializeAsString());
      tree_.Append(ledger::LeafHash(records_.back()));
    }
  }
  // The head of the first `size` records, signed by the ledger's key or by another.
  std::string Note(std::uint64_t size, char seed = 'l') const {
    ledger::MerkleFrontier frontier;
    for (std::uint64_t n = 0; n < size; ++n) frontier.Append(ledger::LeafHash(records_[n]));
    return ledger::SignCheckpoint({.origin = "puhui.example/ledger",
                                   .size = size,
                                   .root = frontier.Root(),
                                   .time = absl::FromUnixSeconds(1'769'904'000)},
                                  "puhui.example", KeyOf(seed));
  }

  grpc::Status GetRecord(grpc::ServerContext*, const v1::GetRecordRequest* request,
                         v1::GetRecordResponse* response) override {
    response->set_record_bytes(records_.at(request->sequence() - 1));
    return grpc::Status::OK;
  }
  grpc::Status ProveInclusion(grpc::ServerContext*, const v1::ProveInclusionRequest* request,
                              v1::ProveInclusionResponse* response) override {
    const std::uint64_t size = request->tree_size() == 0 ? tree_.size() : request->tree_size();
    response->set_leaf_index(request->sequence() - 1);
    response->set_tree_size(size);
    AddPath(*tree_.InclusionPath(request->sequence() - 1, size, NoTile), response);
    if (size == tree_.size()) response->set_note(Note(size));
    return grpc::Status::OK;
  }
  grpc::Status ProveConsistency(grpc::ServerContext*, const v1::ProveConsistencyRequest* request,
                                v1::ProveConsistencyResponse* response) override {
    const std::uint64_t second =
        request->second_size() == 0 ? tree_.size() : request->second_size();
    response->set_first_size(request->first_size());
    response->set_second_size(second);
    AddPath(*tree_.ConsistencyPath(request->first_size(), second, NoTile), response);
    if (second == tree_.size()) response->set_note(Note(second));
    return grpc::Status::OK;
  }

 private:
  static void Join(journal::v1::Record& record) {
    record.mutable_request()->set_request_id(std::string(16, '\x5a'));
    journal::v1::MemberJoined& joined = *record.mutable_member_joined();
    joined.set_member(MemberId(1, 2).ToBytes());
    joined.set_card_hash("\x01\xfe");
  }
  static absl::StatusOr<std::string> NoTile(const ledger::TileId& /*id*/) {
    return absl::NotFoundError("tile");
  }
  template <class Response>
  void AddPath(const std::vector<ledger::Hash>& path, Response* response) const {
    for (const ledger::Hash& hash : path) {
      response->add_path(std::string(ledger::AsBytes(hash)));
    }
    if (lies) response->mutable_path(0)->front() ^= 1;
  }

  std::vector<std::string> records_;
  ledger::MerkleTree tree_;
};

class AuditProofTest : public CommandsTest {
 protected:
  AuditProofTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&proofs_);
    proof_server_ = builder.BuildAndStart();
    channel_ = proof_server_->InProcessChannel(grpc::ChannelArguments());
  }
  int Prove(std::vector<std::string> arguments, char key = 'l') {
    arguments.insert(arguments.begin(), "audit");
    return Run(With(std::move(arguments), {"--key", KeyText(key)}));
  }

  FakeProofs proofs_;
  std::unique_ptr<grpc::Server> proof_server_;
};

TEST_F(AuditProofTest, SaysThatTheLedgerHoldsARecordAndKeepsTheReceipt) {
  const std::string out = folder_.Join("record-3.receipt");
  ASSERT_EQ(Prove({"prove-inclusion", "3", "--out", out}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("checked: the ledger holds this record"));
  EXPECT_THAT(out_, HasSubstr("puhui.example/ledger"));
  EXPECT_EQ(Run({"verify-receipt", out, "--key", KeyText('l')}), 0) << err_;
  // As people read it, and nothing of it as bytes.
  EXPECT_THAT(out_, HasSubstr("member: " + FormatMemberName(MemberId(1, 2))));
  EXPECT_THAT(out_, HasSubstr("request_id: 5a5a5a5a-5a5a-5a5a-5a5a-5a5a5a5a5a5a"));
  EXPECT_THAT(out_, HasSubstr("card_hash: 01fe"));
  ASSERT_EQ(Prove({"prove-inclusion", "3", "--json"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("\"leaf_index\": \"2\""));
}

TEST_F(AuditProofTest, ProvesARecordAgainstAHeadThatWasKept) {
  const std::string kept = WriteFile("five.note", proofs_.Note(5));
  EXPECT_EQ(Prove({"prove-inclusion", "3", "--checkpoint", kept, "--checkpoint", kept}), 2);
  ASSERT_EQ(Prove({"prove-inclusion", "3", "--checkpoint", kept, "--json"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("\"tree_size\": \"5\""));
  EXPECT_THAT(out_, HasSubstr("puhui.example/ledger\\n5\\n"));
}

TEST_F(AuditProofTest, SaysThatTheLedgerHasOnlyGrown) {
  const std::string five = WriteFile("five.note", proofs_.Note(5));
  ASSERT_EQ(Prove({"prove-consistency", "5", "--checkpoint", five}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("checked: the ledger has only grown"));
  const std::string three = WriteFile("three.note", proofs_.Note(3));
  const std::vector<std::string> both = {"prove-consistency", "3", "5", "--checkpoint", three,
                                         "--checkpoint",      five};
  ASSERT_EQ(Prove(With(both, {"--json"})), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("\"second_size\": \"5\""));
  // Without the root of the earlier head there is nothing to check.
  EXPECT_EQ(Prove({"prove-consistency", "3", "5", "--checkpoint", five}), 2);
  EXPECT_THAT(err_, HasSubstr("no signed checkpoint of 3 records"));
}

TEST_F(AuditProofTest, FindsAServiceThatLies) {
  const std::string five = WriteFile("five.note", proofs_.Note(5));
  proofs_.lies = true;
  EXPECT_EQ(Prove({"prove-inclusion", "3"}), 8);
  EXPECT_EQ(out_, "");
  EXPECT_EQ(Prove({"prove-consistency", "5", "--checkpoint", five}), 8);
  EXPECT_EQ(out_, "");
}

TEST_F(AuditProofTest, TakesNoHeadThatTheLedgerDidNotSign) {
  const std::string forged = WriteFile("forged.note", proofs_.Note(5, 'f'));
  EXPECT_EQ(Prove({"prove-inclusion", "3"}, 'f'), 8);
  EXPECT_EQ(Prove({"prove-inclusion", "3", "--checkpoint", forged}), 8);
  EXPECT_EQ(Prove({"prove-consistency", "5", "--checkpoint", forged}), 8);
  // But one by an earlier key, when a chain says so.
  const std::string chain = WriteFile(
      "checkpoint.chain", ledger::SignSuccession(2, "puhui.example", KeyOf('f'), KeyOf('l'),
                                                 absl::FromUnixSeconds(1'769'904'000)));
  EXPECT_EQ(Prove({"prove-consistency", "5", "--checkpoint", forged, "--chain", chain}), 0) << err_;
}

}  // namespace
}  // namespace puhui::services::audit_proof_test
