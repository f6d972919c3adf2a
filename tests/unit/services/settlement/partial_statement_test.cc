// SPDX-License-Identifier: Apache-2.0
// What an auditor of one union is told of a merchant at whose tills the money of two is spent.
#include "ledger/base/limits.h"
#include "tests/unit/services/settlement/settlement_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

constexpr char kBranch[] = "unions/branch";  // Below fh-1.
constexpr char kAuditorOfBranch[] = "/auditor/unions/branch";
constexpr char kAuditorOfBoth[] = "/auditor/unions/fh-1";
constexpr char kAuditorOfNeither[] = "/auditor/unions/gz-2";

// A day on which somebody spent 30 points of fh-1, and somebody 150 of both unions.
class PartialStatementTest : public SettlementTest {
 protected:
  void SetUp() override {
    ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("branch", "unions/fh-1")));
    Fund(1'000, kBranch);
    const std::vector<std::string> enrolled = Enrol(2, 2, kBranch);
    ASSERT_EQ(enrolled.size(), 1U);
    ASSERT_NO_FATAL_FAILURE(IssueTo(enrolled.front(), "all", "unions/fh-1"));
    ASSERT_NO_FATAL_FAILURE(IssueTo(enrolled.front(), "some", kBranch));
    v1::GetMemberRequest ask;
    ask.set_name(enrolled.front());
    ASSERT_OK_AND_ASSIGN(const auto member,
                         Ask(*members_, &v1::MemberService::Stub::GetMember, kHr, ask));
    of_one_ = Buy(30);
    of_both_ = BuyAt(kTill, member.member().card_number(), 150);
  }
  // 100 points of the union's money.
  void IssueTo(const std::string& member, const std::string& id, const std::string& of) {
    const std::string name = absl::StrCat("campaigns/", id);
    v1::CreateCampaignRequest wish = CampaignWish(id);
    wish.set_union_(of);
    ASSERT_OK(Create(kHr, wish));
    ASSERT_OK_AND_ASSIGN(const auto plan, Send(kHr, {Start(NextRequestId(), 1, name),
                                                     Rows({ByMember(member, 100)})}));
    auto submission = HashWish<v1::SubmitCampaignRequest>(plan.plan().hash());
    submission.set_name(name);
    ASSERT_OK(Submit(kHr, submission));
    ASSERT_OK_AND_ASSIGN(const v1::Campaign submitted, Get(kHr, name));
    auto approval = HashWish<v1::ApproveCampaignRequest>(plan.plan().hash());
    approval.set_name(name);
    approval.set_etag(submitted.etag());
    ASSERT_OK(Approve(kApprover, approval));
    v1::IssueCampaignRequest issue = IssueWish();
    issue.set_name(name);
    ASSERT_OK(Issue(kHr, issue));
    Advance(absl::Seconds(1));
    ASSERT_OK(Watch(kHr, name));
  }
  void CutIt() {
    EndDay();
    ASSERT_OK(Cut());
  }
  static std::map<std::string, v1::StatementFigures> ByUnion(const v1::GetStatementResponse& head) {
    std::map<std::string, v1::StatementFigures> figures;
    for (const auto& origin : head.origins()) figures[origin.union_()] = origin.figures();
    return figures;
  }
  static std::vector<v1::StatementLine> LinesOf(
      const std::vector<v1::GetStatementResponse>& messages) {
    std::vector<v1::StatementLine> lines;
    for (const auto& message : messages) {
      lines.insert(lines.end(), message.lines().begin(), message.lines().end());
    }
    return lines;
  }
  absl::StatusOr<v1::ListDisputesResponse> Disputes(const std::string& path) {
    v1::ListDisputesRequest request;
    request.set_parent(StatementName());
    return Ask(*settlement_, &Settlement::ListDisputes, path, request);
  }
  void DisputeLines() {
    v1::DisputeStatementRequest dispute;
    dispute.set_request_id(NextRequestId());
    dispute.set_name(StatementName());
    for (const std::uint64_t line : {of_one_, of_both_}) {
      dispute.add_lines()->set_sequence(line);
      dispute.mutable_lines()->rbegin()->set_reason("charged twice");
    }
    ASSERT_OK(Ask(*settlement_, &Settlement::DisputeStatement, kGrocerPath, dispute));
  }
  void Propose(const std::string& of) {
    v1::ResolveDisputeRequest resolve;
    resolve.set_request_id(NextRequestId());
    resolve.set_name(absl::StrCat(StatementName(), "/disputes/", of_both_));
    resolve.set_adjustment_points(1);
    resolve.set_union_(of);
    resolve.set_reason("the receipt says so");
    ASSERT_OK(Ask(*settlement_, &Settlement::ResolveDispute, kFinanceMaker, resolve));
  }

  // What becomes of fields, each as "field: before -> after", of the history of `name`.
  std::vector<std::string> History(const std::string& path, const std::string& name) {
    v1::GetHistoryRequest request;
    request.set_name(name);
    const auto history = Ask(*audit_, &v1::AuditService::Stub::GetHistory, path, request);
    EXPECT_OK(history);
    std::vector<std::string> changes;
    if (!history.ok()) return changes;
    for (const v1::HistoryEntry& entry : history->entries()) {
      for (const v1::FieldChange& change : entry.changes()) {
        changes.push_back(
            absl::StrCat(change.field(), ": ", change.before(), " -> ", change.after()));
      }
    }
    return changes;
  }

  std::uint64_t of_one_ = 0;
  std::uint64_t of_both_ = 0;
};

TEST_F(PartialStatementTest, HasTheMoneyAndTheLinesOfTheUnionsThatAreSeen) {
  CutIt();
  ASSERT_OK_AND_ASSIGN(const auto all, Read(kAuditor));
  ASSERT_EQ(LinesOf(all).size(), 2U);
  const auto by_union = ByUnion(all.front());
  ASSERT_EQ(by_union.size(), 2U);
  ASSERT_OK_AND_ASSIGN(const auto part, Read(kAuditorOfBranch));
  const v1::Statement& statement = part.front().statement();
  EXPECT_TRUE(statement.partial());
  EXPECT_EQ(statement.name(), StatementName());
  EXPECT_EQ(statement.state(), v1::STATEMENT_STATE_CUT);
  EXPECT_EQ(statement.figures().SerializeAsString(), by_union.at(kBranch).SerializeAsString());
  EXPECT_EQ(statement.digest(), "");
  EXPECT_EQ(statement.first_sequence() + statement.last_sequence(), 0U);
  EXPECT_EQ(statement.purchase_lines(), 0U);
  ASSERT_EQ(part.front().origins_size(), 1);
  EXPECT_EQ(part.front().origins(0).union_(), kBranch);
  const std::vector<v1::StatementLine> lines = LinesOf(part);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().sequence(), of_both_);
  EXPECT_EQ(lines.front().points(), statement.figures().purchase_points());
  EXPECT_EQ(lines.front().fee_points(), statement.figures().fee_points());
  ASSERT_EQ(lines.front().origins_size(), 1);
  EXPECT_EQ(lines.front().origins(0).union_(), kBranch);
}

TEST_F(PartialStatementTest, IsWholeForWhoSeesEveryUnionInIt) {
  CutIt();
  ASSERT_OK_AND_ASSIGN(const auto all, Read(kAuditor));
  ASSERT_OK_AND_ASSIGN(const auto both, Read(kAuditorOfBoth));
  ASSERT_EQ(both.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(both[i].SerializeAsString(), all[i].SerializeAsString());
  }
  EXPECT_FALSE(all.front().statement().partial());
  EXPECT_EQ(all.front().statement().digest().size(), 32U);
}

TEST_F(PartialStatementTest, IsNoneForWhoSeesNoUnionInIt) {
  for (const bool cut : {false, true}) {
    if (cut) {
      ASSERT_NO_FATAL_FAILURE(CutIt());
    }
    const auto hidden = Read(kAuditorOfNeither);
    EXPECT_THAT(hidden, Refuses(Reason::kNotFound));
    v1::GetStatementRequest other;
    other.set_name("merchants/m-1/statements/2020-01-01");
    EXPECT_EQ(hidden.status(), Read(other, kAuditorOfNeither).status());
    EXPECT_THAT(Disputes(kAuditorOfNeither), Refuses(Reason::kNotFound));
    ASSERT_OK_AND_ASSIGN(const auto listed, List(kAuditorOfNeither));
    EXPECT_THAT(listed.statements(), IsEmpty());
  }
}

// Were a page as many statements as are looked at, pages of one would say on which days there are
// others.
TEST_F(PartialStatementTest, SmallPagesDoNotTellOfStatementsThatAreNone) {
  CutIt();
  Buy(10);
  v1::ListStatementsRequest request;
  request.set_parent("merchants/m-1");
  request.set_page_size(1);
  const auto pages = [&](const char* path) {
    std::vector<int> sizes;
    request.clear_page_token();
    do {
      const auto page = Ask(*settlement_, &Settlement::ListStatements, path, request);
      EXPECT_OK(page);
      if (!page.ok()) return sizes;
      sizes.push_back(page->statements_size());
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return sizes;
  };
  EXPECT_THAT(pages(kAuditor), ElementsAre(1, 1));
  EXPECT_THAT(pages(kAuditorOfBranch), ElementsAre(1, 1)) << "payable to it is as much as before";
  EXPECT_THAT(pages(kAuditorOfNeither), ElementsAre(0));
}

TEST_F(PartialStatementTest, MessagesDoNotTellHowManyLinesAreNotTold) {
  ASSERT_NO_FATAL_FAILURE(IssueTo(member_, "more", "unions/fh-1"));
  for (std::size_t i = 0; i < kStatementLinesPerMessage; ++i) Buy(1);
  CutIt();
  ASSERT_OK_AND_ASSIGN(const auto all, Read(kAuditor));
  EXPECT_EQ(LinesOf(all).size(), 2 + kStatementLinesPerMessage);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].lines_size(), static_cast<int>(kStatementLinesPerMessage));
  ASSERT_OK_AND_ASSIGN(const auto part, Read(kAuditorOfBranch));
  ASSERT_EQ(part.size(), 2U) << "the statement, and its one line";
  EXPECT_EQ(part.back().lines_size(), 1);
}

TEST_F(PartialStatementTest, IsListedAsAPartOnTheDayThatIsRunningToo) {
  EXPECT_THAT(Read(kAuditorOfBranch), Refuses(Reason::kStatementState));
  for (const bool cut : {false, true}) {
    if (cut) {
      ASSERT_NO_FATAL_FAILURE(CutIt());
    }
    ASSERT_OK_AND_ASSIGN(const auto all, List(kAuditor));
    ASSERT_OK_AND_ASSIGN(const auto part, List(kAuditorOfBranch));
    ASSERT_EQ(all.statements_size(), 1);
    ASSERT_EQ(part.statements_size(), 1);
    EXPECT_FALSE(all.statements(0).partial());
    EXPECT_TRUE(part.statements(0).partial());
    EXPECT_EQ(all.statements(0).figures().purchase_points(), 180);
    EXPECT_GT(part.statements(0).figures().purchase_points(), 0);
    EXPECT_LT(part.statements(0).figures().purchase_points(), 150);
  }
}

TEST_F(PartialStatementTest, DisputesAreToldOfLinesThatAreAndProposalsOfMoneyThatIs) {
  CutIt();
  ASSERT_NO_FATAL_FAILURE(DisputeLines());
  ASSERT_NO_FATAL_FAILURE(Propose("unions/fh-1"));
  ASSERT_OK_AND_ASSIGN(const auto all, Disputes(kAuditor));
  EXPECT_EQ(all.disputes_size(), 2);
  ASSERT_OK_AND_ASSIGN(const auto part, Disputes(kAuditorOfBranch));
  ASSERT_EQ(part.disputes_size(), 1);
  EXPECT_EQ(part.disputes(0).name(), absl::StrCat(StatementName(), "/disputes/", of_both_));
  EXPECT_EQ(part.disputes(0).state(), v1::DISPUTE_STATE_PROPOSED);
  EXPECT_EQ(part.disputes(0).union_(), "");
  EXPECT_EQ(part.disputes(0).adjustment_points(), 0);
  EXPECT_EQ(part.disputes(0).resolution_reason(), "");
  ASSERT_NO_FATAL_FAILURE(Propose(kBranch));
  ASSERT_OK_AND_ASSIGN(const auto own, Disputes(kAuditorOfBranch));
  EXPECT_EQ(own.disputes(0).union_(), kBranch);
  EXPECT_EQ(own.disputes(0).adjustment_points(), 1);
}

TEST_F(PartialStatementTest, HasAHistoryForWhoSeesTheUnionsInIt) {
  CutIt();
  ASSERT_NO_FATAL_FAILURE(DisputeLines());
  ASSERT_NO_FATAL_FAILURE(Propose("unions/fh-1"));
  const std::string of_one = absl::StrCat("disputes.", of_one_, ".");
  const std::string of_both = absl::StrCat("disputes.", of_both_, ".");
  const std::vector<std::string> all = History(kAuditor, StatementName());
  EXPECT_THAT(all, IsSupersetOf(std::vector<std::string>{
                       "state:  -> CUT", "state: CUT -> DISPUTED", "figures.purchases:  -> 180",
                       of_one + "state:  -> OPEN", of_both + "state: OPEN -> PROPOSED",
                       of_both + "points:  -> 1"}));
  EXPECT_EQ(History(kAuditorOfBoth, StatementName()), all);
  EXPECT_THAT(History(kAuditor, absl::StrCat(StatementName(), "/disputes/", of_one_)),
              ElementsAre("reason:  -> charged twice", "state:  -> OPEN"));
}

TEST_F(PartialStatementTest, ItsHistoryTellsNothingOfOthersMoney) {
  CutIt();
  ASSERT_NO_FATAL_FAILURE(DisputeLines());
  ASSERT_NO_FATAL_FAILURE(Propose("unions/fh-1"));
  const std::string own = absl::StrCat(StatementName(), "/disputes/", of_both_);
  const std::vector<std::string> part = History(kAuditorOfBranch, StatementName());
  EXPECT_THAT(part, Contains("state: CUT -> DISPUTED"));
  EXPECT_THAT(part, Not(Contains(AnyOf(HasSubstr("figures"), HasSubstr("lines"),
                                       HasSubstr(absl::StrCat("disputes.", of_one_, "."))))));
  EXPECT_THAT(
      History(kAuditorOfBranch, own),
      ElementsAre("reason:  -> charged twice", "state:  -> OPEN", "state: OPEN -> PROPOSED"));
  ASSERT_NO_FATAL_FAILURE(Propose(kBranch));
  EXPECT_THAT(History(kAuditorOfBranch, own), Contains("origin:  -> unions/branch"));
  v1::GetHistoryRequest request;
  const auto refused = [&](const char* path, const std::string& name) {
    request.set_name(name);
    return Ask(*audit_, &v1::AuditService::Stub::GetHistory, path, request);
  };
  EXPECT_THAT(refused(kAuditorOfNeither, StatementName()), Refuses(Reason::kNotFound));
  EXPECT_THAT(refused(kAuditorOfBranch, absl::StrCat(StatementName(), "/disputes/", of_one_)),
              Refuses(Reason::kNotFound));
}

TEST_F(PartialStatementTest, SpendingAtAMerchantIsToldByTheSameRule) {
  v1::ListSpendingRequest request;
  request.set_first_day(absl::FormatCivilTime(today_));
  request.set_last_day(absl::FormatCivilTime(today_));
  request.set_merchant("merchants/m-1");
  const auto told = [&](const char* path) {
    std::map<std::string, std::int64_t> spent;
    const auto rows = Ask(*settlement_, &Settlement::ListSpending, path, request);
    EXPECT_OK(rows);
    for (const auto& row : rows->rows()) spent[row.union_()] += row.spent_points();
    return spent;
  };
  auto all = told(kAuditor);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(told(kAuditorOfBoth), all);
  EXPECT_THAT(told(kAuditorOfNeither), IsEmpty());
  all.erase("unions/fh-1");
  EXPECT_EQ(told(kAuditorOfBranch), all);
  // Rows of others take no place in a page.
  request.set_page_size(1);
  EXPECT_EQ(told(kAuditorOfBranch), all);
}

}  // namespace
}  // namespace puhui::services
