// SPDX-License-Identifier: Apache-2.0
// Months of a real puhuid, whose ledger was begun some months ago.
#include "issuing/app/budget_commands.h"
#include "issuing/app/union_commands.h"
#include "ledger/base/points.h"
#include "ledger/core/period.h"
#include "ledger/engine/engine.h"
#include "puhui/v1/admin_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/admin/verification.h"
#include "services/ledger/books.h"
#include "tests/integration/left_ledger.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/deployment.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::period_wire_test {
namespace {

using ledger::Reason;
using AdminStub = v1::AdminService::Stub;
using AuditStub = v1::AuditService::Stub;

class PeriodWireTest : public ::testing::Test {
 protected:
  // A union that paid in 700 points, 100 days ago: at least three months are over since.
  void SetUp() override {
    const absl::Time then =
        absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now())) - absl::Hours(24 * 100);
    first_ = ledger::PeriodCalendar().PeriodOf(then);
    ASSERT_NO_FATAL_FAILURE(LeaveLedger(deployment_, then, PayIn));
    Start();
  }
  void Start() {
    ASSERT_OK(deployment_.Start());
    admin_ = v1::AdminService::NewStub(deployment_.Connect("/operator/people/o-1"));
    audit_ = v1::AuditService::NewStub(deployment_.Connect("/auditor"));
  }
  static void PayIn(ledger::Engine& engine, services::Books& books) {
    const UnionId union_id = *UnionId::Parse("fh-1", "id");
    const auto run = [&](std::unique_ptr<ledger::Command> command) {
      return engine.Run(std::move(command), ledger::Priority::kInteractive);
    };
    ASSERT_OK(run(std::make_unique<issuing::CreateUnionCommand>(
        &books.issuing,
        issuing::CreateUnionCommand::Wish{
            .id = union_id, .display_name = "凤凰工会", .time_zone = "Asia/Shanghai"})));
    ASSERT_OK_AND_ASSIGN(
        const ledger::Outcome proposal,
        run(std::make_unique<issuing::ProposeFundingCommand>(
            &books.issuing, issuing::ProposeFundingCommand::Wish{.union_id = union_id,
                                                                 .points = Points::FromStored(700),
                                                                 .bank_reference = "b-1",
                                                                 .person = "people/f-1"})));
    ASSERT_OK(run(std::make_unique<issuing::ConfirmFundingCommand>(
        &books.issuing, &books.views,
        issuing::ConfirmFundingCommand::Wish{.union_id = union_id,
                                             .proposal = proposal.first().sequence(),
                                             .person = "people/f-2"})));
  }

  v1::ClosePeriodRequest Wish(const std::string& period) {
    v1::ClosePeriodRequest request;
    request.set_period(period);
    request.set_request_id(NewRequestId(random_));
    return request;
  }
  absl::StatusOr<v1::ClosePeriodResponse> Close(const std::string& period) {
    return Ask(*admin_, &AdminStub::ClosePeriod, Wish(period));
  }
  absl::StatusOr<v1::GetPeriodResponse> Get(ledger::Period period) {
    v1::GetPeriodRequest request;
    request.set_name(absl::StrCat("periods/", ledger::PeriodText(period)));
    return Ask(*audit_, &AuditStub::GetPeriod, request);
  }
  absl::StatusOr<v1::ListPeriodLinesResponse> Lines(ledger::Period period,
                                                    const std::string& token) {
    v1::ListPeriodLinesRequest request;
    request.set_parent(absl::StrCat("periods/", ledger::PeriodText(period)));
    request.set_page_size(1);
    request.set_page_token(token);
    return Ask(*audit_, &AuditStub::ListPeriodLines, request);
  }

  Deployment deployment_;
  SeededRandom random_{29};
  ledger::Period first_ = 0;
  std::unique_ptr<AdminStub> admin_;
  std::unique_ptr<AuditStub> audit_;
};

TEST_F(PeriodWireTest, MonthsAreClosedOneAfterAnotherOnceAndForGood) {
  const std::string second = ledger::PeriodText(ledger::NextPeriod(first_));
  EXPECT_THAT(Close("2027-13"), Refuses(Reason::kInvalidField, "period"));
  EXPECT_THAT(Close(second), Refuses(Reason::kPeriodNotNext, "period"));
  EXPECT_THAT(Lines(first_, ""), Refuses(Reason::kNotFound));
  const v1::ClosePeriodRequest wish = Wish(ledger::PeriodText(first_));
  ASSERT_OK_AND_ASSIGN(const auto closed, Ask(*admin_, &AdminStub::ClosePeriod, wish));
  EXPECT_EQ(closed.period().name(), absl::StrCat("periods/", ledger::PeriodText(first_)));
  EXPECT_EQ(closed.period().state(), v1::PERIOD_STATE_CLOSED);
  EXPECT_EQ(closed.period().first_sequence(), 1U);
  EXPECT_EQ(closed.period().last_sequence(), 3U);
  EXPECT_EQ(closed.period().entry_count(), 1U);
  EXPECT_EQ(closed.period().closed_by(), "people/o-1");
  EXPECT_EQ(closed.period().time_zone(), "Asia/Shanghai");
  ASSERT_EQ(closed.period().counts_size(), 3);
  EXPECT_EQ(closed.period().counts(0).kind(), "entry/funding");
  EXPECT_EQ(closed.period().counts(0).points(), 700);
  ASSERT_OK_AND_ASSIGN(const auto repeated, Ask(*admin_, &AdminStub::ClosePeriod, wish));
  EXPECT_EQ(repeated.SerializeAsString(), closed.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto twice, Close(ledger::PeriodText(first_)));
  EXPECT_EQ(twice.SerializeAsString(), closed.SerializeAsString());
  v1::ClosePeriodRequest other = wish;
  other.set_period(second);
  EXPECT_THAT(Ask(*admin_, &AdminStub::ClosePeriod, other), Refuses(Reason::kRequestIdReused));

  // Until one goes on.
  ledger::Period period = ledger::NextPeriod(first_);
  absl::StatusOr<v1::ClosePeriodResponse> next = Close(ledger::PeriodText(period));
  for (; next.ok(); next = Close(ledger::PeriodText(period))) {
    EXPECT_EQ(next->period().line_count(), 2U);
    period = ledger::NextPeriod(period);
  }
  EXPECT_THAT(next, Refuses(Reason::kPeriodNotOver, "period"));
  EXPECT_GE(period, ledger::NextPeriod(ledger::NextPeriod(ledger::NextPeriod(first_))));

  admin_.reset();
  audit_.reset();
  ASSERT_OK(deployment_.Stop());
  ASSERT_OK_AND_ASSIGN(const auto report,
                       services::VerifyDataDirectory(deployment_.data_directory(), nullptr, {}));
  EXPECT_TRUE(report.ok()) << report.findings.front();
  Start();
  ASSERT_OK_AND_ASSIGN(const auto kept, Get(first_));
  EXPECT_EQ(kept.period().SerializeAsString(), closed.period().SerializeAsString());
}

TEST_F(PeriodWireTest, LinesAreReadPageByPage) {
  ASSERT_OK(Close(ledger::PeriodText(first_)));
  ASSERT_OK_AND_ASSIGN(const auto one, Lines(first_, ""));
  ASSERT_EQ(one.lines_size(), 1);
  EXPECT_EQ(one.lines(0).kind(), v1::ACCOUNT_KIND_FUNDING);
  EXPECT_EQ(one.lines(0).origin(), "unions/fh-1");
  EXPECT_EQ(one.lines(0).credit_points(), 700);
  EXPECT_EQ(one.lines(0).closing_points(), -700);
  ASSERT_FALSE(one.next_page_token().empty());
  ASSERT_OK_AND_ASSIGN(const auto two, Lines(first_, one.next_page_token()));
  ASSERT_EQ(two.lines_size(), 1);
  EXPECT_EQ(two.lines(0).kind(), v1::ACCOUNT_KIND_BUDGET);
  EXPECT_EQ(two.lines(0).opening_points(), 0);
  EXPECT_EQ(two.lines(0).debit_points(), 700);
  EXPECT_EQ(two.lines(0).closing_points(), 700);
  EXPECT_TRUE(two.next_page_token().empty());
  EXPECT_THAT(Lines(ledger::NextPeriod(first_), one.next_page_token()),
              Refuses(Reason::kInvalidField, "page_token"));
}

TEST_F(PeriodWireTest, ListsTheNewestFirstWithThoseThatAreOpen) {
  ASSERT_OK(Close(ledger::PeriodText(first_)));
  v1::ListPeriodsRequest request;
  request.set_page_size(1);
  std::vector<std::string> names;
  v1::Period last;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Ask(*audit_, &AuditStub::ListPeriods, request));
    ASSERT_EQ(page.periods_size(), 1);
    last = page.periods(0);
    if (!names.empty()) {
      EXPECT_LT(last.name(), names.back());
    }
    names.push_back(last.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_GE(names.size(), 3U);
  EXPECT_EQ(last.name(), absl::StrCat("periods/", ledger::PeriodText(first_)));
  EXPECT_EQ(last.state(), v1::PERIOD_STATE_CLOSED);
  ASSERT_OK_AND_ASSIGN(const auto open, Get(ledger::NextPeriod(first_)));
  EXPECT_EQ(open.period().state(), v1::PERIOD_STATE_OPEN);
  EXPECT_EQ(open.period().first_sequence(), 0U) << "nothing happened";
  v1::ListRecordsRequest all;
  ASSERT_OK_AND_ASSIGN(const auto records, Ask(*audit_, &AuditStub::ListRecords, all));
  EXPECT_EQ(records.records(0).period(), last.name());
}

TEST_F(PeriodWireTest, IsOfTheWholeLedgerAndClosedByOperatorsAlone) {
  const auto part = v1::AuditService::NewStub(deployment_.Connect("/auditor/unions/fh-1"));
  EXPECT_THAT(Ask(*part, &AuditStub::ListPeriods, v1::ListPeriodsRequest()),
              Refuses(Reason::kNotFound));
  const auto supervisor = v1::AuditService::NewStub(deployment_.Connect("/supervisor"));
  EXPECT_THAT(Ask(*supervisor, &AuditStub::ListPeriods, v1::ListPeriodsRequest()),
              Refuses(Reason::kPermissionDenied));
  const auto finance = v1::AuditService::NewStub(deployment_.Connect("/finance/unions/fh-1"));
  EXPECT_THAT(Ask(*finance, &AuditStub::ListPeriods, v1::ListPeriodsRequest()),
              Refuses(Reason::kPermissionDenied));
  const auto auditor = v1::AdminService::NewStub(deployment_.Connect("/auditor"));
  EXPECT_THAT(Ask(*auditor, &AdminStub::ClosePeriod, Wish(ledger::PeriodText(first_))),
              Refuses(Reason::kPermissionDenied));
  v1::GetPeriodRequest bad;
  bad.set_name("2027-01");
  EXPECT_THAT(Ask(*audit_, &AuditStub::GetPeriod, bad), Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Get(ledger::NextPeriod(999901)), Refuses(Reason::kNotFound));
}

}  // namespace
}  // namespace puhui::period_wire_test
