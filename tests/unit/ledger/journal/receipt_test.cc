// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/receipt.h"

#include "ledger/journal/merkle.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace puhui::ledger {
namespace {

SigningKey ReceiptKey() { return SigningKey::FromSeed(std::string(32, 'r')); }

// Of record 5 of 7; record n is "r<n>".
Receipt SampleReceipt() {
  MerkleTree tree;
  for (int n = 1; n <= 7; ++n) tree.Append(LeafHash(absl::StrCat("r", n)));
  Receipt receipt;
  receipt.record = "r5";
  receipt.index = 4;
  receipt.path = *tree.InclusionPath(4, 7, [](const TileId&) -> absl::StatusOr<std::string> {
    return absl::DataLossError("there is no tile");
  });
  Checkpoint checkpoint;
  checkpoint.origin = "o";
  checkpoint.size = 7;
  checkpoint.root = tree.Root();
  checkpoint.time = absl::FromUnixSeconds(1);
  receipt.note = SignCheckpoint(checkpoint, "k", ReceiptKey());
  return receipt;
}

bool IsGood(const std::string& text) {
  const auto receipt = ParseReceipt(text);
  return receipt.ok() && VerifyReceipt(*receipt, KeyChain(ReceiptKey().verify_key())).ok();
}

TEST(ReceiptTest, HasTheLinesOfTheSpecification) {
  const Receipt receipt = SampleReceipt();
  EXPECT_EQ(ReceiptText(receipt),
            absl::StrCat("c2sp.org/tlog-proof@v1\nextra cjU=\nindex 4\n", ToBase64(receipt.path[0]),
                         "\n", ToBase64(receipt.path[1]), "\n", ToBase64(receipt.path[2]), "\n\n",
                         receipt.note));
}

TEST(ReceiptTest, VerifiesWhatTheLedgerHolds) {
  ASSERT_OK_AND_ASSIGN(const Receipt receipt, ParseReceipt(ReceiptText(SampleReceipt())));
  EXPECT_EQ(receipt.record, "r5");
  ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint,
                       VerifyReceipt(receipt, KeyChain(ReceiptKey().verify_key())));
  EXPECT_EQ(checkpoint.size, 7U);
  EXPECT_THAT(
      VerifyReceipt(receipt, KeyChain(SigningKey::FromSeed(std::string(32, 'x')).verify_key())),
      HasCode(absl::StatusCode::kDataLoss));
}

TEST(ReceiptTest, RefusesEveryChangedBitAndEveryTruncation) {
  const std::string text = ReceiptText(SampleReceipt());
  ASSERT_TRUE(IsGood(text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char flip : {'\x01', '\x10', '\x80'}) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      EXPECT_FALSE(IsGood(changed)) << i;
    }
    EXPECT_FALSE(IsGood(text.substr(0, i))) << i;
  }
}

TEST(ReceiptTest, RefusesAnotherRecordPlaceOrPath) {
  Receipt other = SampleReceipt();
  other.record = "r4";
  EXPECT_FALSE(IsGood(ReceiptText(other)));
  other = SampleReceipt();
  other.index = 3;
  EXPECT_FALSE(IsGood(ReceiptText(other)));
  other.index = UINT64_MAX;
  EXPECT_FALSE(IsGood(ReceiptText(other)));
  other = SampleReceipt();
  std::swap(other.path[0], other.path[1]);
  EXPECT_FALSE(IsGood(ReceiptText(other)));
  other = SampleReceipt();
  other.path.push_back(other.path[0]);
  EXPECT_FALSE(IsGood(ReceiptText(other)));
  other.path.assign(65, Hash{});
  EXPECT_THAT(ParseReceipt(ReceiptText(other)), HasCode(absl::StatusCode::kDataLoss));
}

TEST(ReceiptTest, RefusesAnyOtherForm) {
  const std::string text = ReceiptText(SampleReceipt());
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"@v1", "@v2"},
                                                        {"index 4", "index 04"},
                                                        {"index 4", "index +4"},
                                                        {"index 4", "index -4"},
                                                        {"extra cjU=\n", ""},
                                                        {"cjU=", "cjV="},
                                                        {"\n", "\r\n"}}) {
    const std::string changed = absl::StrReplaceAll(text, {{from, to}});
    EXPECT_THAT(ParseReceipt(changed), HasCode(absl::StatusCode::kDataLoss)) << to;
  }
}

}  // namespace
}  // namespace puhui::ledger
