// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/hash.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/statement_rows.h"
#include "tests/unit/services/settlement/settlement_fixture.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;

class SettlementServiceTest : public SettlementTest {
 protected:
  // As a fault of the disk, or of somebody with access to it, would.
  template <class K, class V>
  void Put(const ledger::TypedTable<K, V>& table, const K& key, const V& value) {
    ledger::WriteBatch batch;
    ledger::PutRow(batch, table, key, value);
    ASSERT_OK(ledger_.store.Commit(batch, ledger::Durability::kView));
  }
};

TEST_F(SettlementServiceTest, CutsADayThatIsOverAndAnswersTheSameEverAfter) {
  Buy(100);
  EXPECT_THAT(Cut(), Refuses(Reason::kBusinessDayNotOver, "name"));
  EXPECT_THAT(Read(), Refuses(Reason::kStatementState));
  EndDay();
  const auto cut = Cut();
  ASSERT_OK(cut);
  EXPECT_EQ(cut->name(), StatementName());
  EXPECT_EQ(cut->state(), v1::STATEMENT_STATE_CUT);
  EXPECT_EQ(cut->figures().purchase_points(), 100);
  EXPECT_EQ(cut->figures().fee_points(), 2);
  EXPECT_EQ(cut->figures().payable_after_points(), 98);
  EXPECT_EQ(cut->invoice_remark(), LedgerInMemory::kInvoiceRemark);
  ASSERT_OK(Agree(cut->digest()));
  const auto again = Cut();
  ASSERT_OK(again);
  EXPECT_EQ(again->SerializeAsString(), cut->SerializeAsString());
  const auto listed = List();
  ASSERT_OK(listed);
  ASSERT_EQ(listed->statements_size(), 1);
  EXPECT_EQ(listed->statements(0).state(), v1::STATEMENT_STATE_AGREED);
}

TEST_F(SettlementServiceTest, TheTimerCutsByItself) {
  Buy(100);
  EndDay();
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (List()->statements(0).state() != v1::STATEMENT_STATE_CUT) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up);
    std::this_thread::yield();
  }
}

TEST_F(SettlementServiceTest, AnotherConfigurationChangesNoStatement) {
  Buy(100);
  EXPECT_EQ(List()->statements(0).invoice_remark(), "");  // Of the running day.
  EndDay();
  ASSERT_OK(Cut());
  ConfigureAnotherRemark();
  EXPECT_EQ(Cut()->invoice_remark(), LedgerInMemory::kInvoiceRemark);
  EXPECT_EQ(List()->statements(0).invoice_remark(), LedgerInMemory::kInvoiceRemark);
  const auto messages = Read();
  ASSERT_OK(messages);
  EXPECT_EQ(messages->front().statement().invoice_remark(), LedgerInMemory::kInvoiceRemark);
}

TEST_F(SettlementServiceTest, RefusesDaysThatThereAreNot) {
  EndDay();
  EXPECT_THAT(Cut(), Refuses(Reason::kNotFound, "name"));
  EXPECT_THAT(Cut(kFinanceMaker, "merchants/m-9/statements/2025-01-01"),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Cut(kFinanceMaker, "merchants/m-1/statements/2025-1-1"),
              Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Cut(kGrocerPath), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Read(), Refuses(Reason::kNotFound));
}

// What a merchant does to check a statement by itself.
TEST_F(SettlementServiceTest, StreamsLinesThatAddUpToTheDigest) {
  const std::uint64_t bought = Buy(100);
  Buy(200);
  auto refund = Call<v1::RefundRequest>(kTill);
  refund.set_purchase_reference(absl::StrFormat("%012d", bought));
  refund.set_points(40);
  ASSERT_OK(Ask(*pos_, &Pos::Refund, kTill, refund));
  EndDay();
  ASSERT_OK(Cut());
  const auto messages = Read();
  ASSERT_OK(messages);
  ASSERT_EQ(messages->size(), 2U);
  const v1::GetStatementResponse& head = messages->front();
  ASSERT_EQ(head.origins_size(), 1);
  EXPECT_EQ(head.origins(0).union_(), "unions/fh-1");
  EXPECT_EQ(head.origins(0).figures().SerializeAsString(),
            head.statement().figures().SerializeAsString());
  std::string digest(32, '\0');
  ledger::Sha256 sha256;
  std::int64_t payable = 0;
  ASSERT_EQ(messages->back().lines_size(), 3);
  for (const v1::StatementLine& line : messages->back().lines()) {
    const std::string text =
        absl::StrCat(line.sequence(), ",", static_cast<int>(line.kind()), ",",
                     line.time().seconds() * 1'000'000 + line.time().nanos() / 1'000, ",t-1,",
                     line.batch_number(), ",", line.trace_number(), ",", line.original_sequence(),
                     ",", line.points(), ",", line.fee_points(), ",", line.discount_points(), "\n");
    digest = std::string(ledger::AsBytes(sha256.Digest(digest, text)));
    payable += line.points() - line.fee_points() - line.discount_points();
    EXPECT_EQ(line.terminal(), "merchants/m-1/terminals/t-1");
    ASSERT_EQ(line.origins_size(), 1);
    EXPECT_EQ(line.origins(0).union_(), "unions/fh-1");
    EXPECT_EQ(line.origins(0).points(), line.points());
    EXPECT_EQ(line.origins(0).fee_points(), line.fee_points());
    EXPECT_EQ(line.origins(0).discount_points(), line.discount_points());
  }
  EXPECT_EQ(head.statement().digest(), digest);
  EXPECT_EQ(head.statement().figures().payable_after_points(), payable);
  EXPECT_EQ(Account(v1::ACCOUNT_KIND_PAYABLE, "merchants/m-1"), payable);
}

TEST_F(SettlementServiceTest, GoesOnWhereAStreamBroke) {
  Buy(1);
  const std::uint64_t second = Buy(2);
  Buy(3);
  EndDay();
  ASSERT_OK(Cut());
  v1::GetStatementRequest request;
  request.set_name(StatementName());
  request.set_after_sequence(second);
  auto messages = Read(request);
  ASSERT_OK(messages);
  ASSERT_EQ(messages->back().lines_size(), 1);
  EXPECT_EQ(messages->back().lines(0).points(), 3);
  request.set_after_sequence(0);
  request.set_summary_only(true);
  messages = Read(request);
  ASSERT_OK(messages);
  EXPECT_EQ(messages->size(), 1U);
}

TEST_F(SettlementServiceTest, AgreesWithWhatWasSeenAndNothingElse) {
  Buy(100);
  EndDay();
  const auto cut = Cut();
  ASSERT_OK(cut);
  std::string other = cut->digest();
  other[0] = static_cast<char>(other[0] ^ 1);
  EXPECT_THAT(Agree(other), Refuses(Reason::kStatementDigest, "digest"));
  EXPECT_THAT(Agree("digest"), Refuses(Reason::kInvalidField, "digest"));
  EXPECT_THAT(Agree(cut->digest(), kOtherGrocerPath), Refuses(Reason::kNotFound));
  EXPECT_THAT(Agree(cut->digest(), kOutsideFinance), Refuses(Reason::kNotFound));
  ASSERT_OK(Agree(cut->digest(), kFinanceMaker));
  EXPECT_THAT(Agree(cut->digest()), Refuses(Reason::kStatementState));
}

TEST_F(SettlementServiceTest, ListsDaysAPageAtATime) {
  const absl::CivilDay first = today_;
  for (int day = 0; day < 3; ++day) {
    Buy(10);
    EndDay();
    ASSERT_OK(Cut());
    ++today_;
  }
  Buy(10);
  v1::ListStatementsRequest request;
  request.set_parent("merchants/m-1");
  request.set_page_size(3);
  const auto page = Ask(*settlement_, &Settlement::ListStatements, kGrocerPath, request);
  ASSERT_OK(page);
  ASSERT_EQ(page->statements_size(), 3);
  EXPECT_EQ(page->statements(0).name(),
            absl::StrCat("merchants/m-1/statements/", absl::FormatCivilTime(first)));
  request.set_page_token(page->next_page_token());
  const auto rest = Ask(*settlement_, &Settlement::ListStatements, kGrocerPath, request);
  ASSERT_OK(rest);
  ASSERT_EQ(rest->statements_size(), 1);
  EXPECT_EQ(rest->statements(0).state(), v1::STATEMENT_STATE_OPEN);
  EXPECT_TRUE(rest->next_page_token().empty());
  request.set_state(v1::STATEMENT_STATE_AGREED);
  EXPECT_THAT(Ask(*settlement_, &Settlement::ListStatements, kGrocerPath, request),
              Refuses(Reason::kInvalidField, "page_token"));
  EXPECT_THAT(List(kOtherGrocerPath), Refuses(Reason::kNotFound));
}

// A row that is not as the cut has it, and lines that are not all there, are not handed out.
TEST_F(SettlementServiceTest, HandsOutNothingThatWasAltered) {
  Buy(100);
  Buy(50);
  EndDay();
  ASSERT_OK(Cut());
  ASSERT_OK(Read());
  const merchant::StatementKey key{MerchantNumber{1}, today_};
  const auto row = ledger::Find(ledger_.store, merchant::kStatementTable, key);
  ASSERT_OK(row);
  ASSERT_TRUE(row->has_value());
  const merchant::StatementLinesKey lines{MerchantNumber{1}, (*row)->lines.last};
  const auto found = ledger::Find(ledger_.store, merchant::kStatementLineTable, lines);
  ASSERT_OK(found);
  ASSERT_TRUE(found->has_value());
  Put(merchant::kStatementLineTable, lines, {(*found)->back()});
  EXPECT_THAT(Read(), Refuses(Reason::kInternal));
  Put(merchant::kStatementLineTable, lines, **found);
  ASSERT_OK(Read());
  merchant::StatementRow altered = **row;
  ++altered.lines.figures.purchases;
  Put(merchant::kStatementTable, key, altered);
  EXPECT_THAT(Read(), Refuses(Reason::kInternal));
}

}  // namespace
}  // namespace puhui::services
