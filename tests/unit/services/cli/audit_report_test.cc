// SPDX-License-Identifier: Apache-2.0
// `audit report`: what is added up, and the page that tells it.
#include "ledger/crypto/hash.h"
#include "services/cli/audit_report_page.h"
#include "services/cli/audit_tally.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/cli/commands_fixture.h"
#include "tests/unit/services/cli/fake_records.h"

#include <gmock/gmock.h>

#include <sstream>

namespace puhui::services {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ReportPeriodTest, ReadsYearsMonthsAndDays) {
  const struct {
    const char* text;
    ReportPeriod period;
  } rows[] = {
      {"2028", {absl::CivilDay(2028, 1, 1), absl::CivilDay(2028, 12, 31)}},
      {"2026-02", {absl::CivilDay(2026, 2, 1), absl::CivilDay(2026, 2, 28)}},
      {"2026-02-07", {absl::CivilDay(2026, 2, 7), absl::CivilDay(2026, 2, 7)}},
      {"2026-02-07..2026-03-01", {absl::CivilDay(2026, 2, 7), absl::CivilDay(2026, 3, 1)}},
  };
  for (const auto& row : rows) {
    const auto period = ParsePeriod(row.text);
    ASSERT_OK(period) << row.text;
    EXPECT_EQ(*period, row.period) << row.text;
  }
  for (const char* const text :
       {"", "26-02", "2026-13", "2026-02-30", "2026-02..2026-03", "February",
        "2026-02-02..2026-02-01", "2026-01-01..2027-01-02", "2026-02-01.."}) {
    EXPECT_THAT(ParsePeriod(text), HasCode(absl::StatusCode::kInvalidArgument)) << text;
  }
}

// The first tag that closes another than the one that is open; empty when there is none.
std::string FirstBadTag(absl::string_view page) {
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != absl::string_view::npos;
       at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    if (end == absl::string_view::npos) return "unfinished";
    const absl::string_view tag = page.substr(at + 1, end - at - 1);
    if (tag.front() == '!' || tag.back() == '/') continue;
    if (tag.front() != '/') {
      open.emplace_back(tag.substr(0, tag.find(' ')));
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return std::string(tag);
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

class AuditReportTest : public CommandsTest {
 protected:
  AuditReportTest() {
    using K = v1::AccountKind;
    Move("entry/funding", {{K::ACCOUNT_KIND_FUNDING, -1'000}, {K::ACCOUNT_KIND_BUDGET, 1'000}});
    Move("entry/grant", {{K::ACCOUNT_KIND_BUDGET, -700}, {K::ACCOUNT_KIND_WALLET, 700}});
    Move(
        "entry/purchase",
        {{K::ACCOUNT_KIND_WALLET, -300}, {K::ACCOUNT_KIND_PAYABLE, 297}, {K::ACCOUNT_KIND_FEE, 3}});
    Move("entry/refund", {{K::ACCOUNT_KIND_PAYABLE, -50}, {K::ACCOUNT_KIND_WALLET, 50}},
         R"({"entry":{"refund":{"of_earlier_day":true}}})");
    Move("entry/refund", {{K::ACCOUNT_KIND_PAYABLE, -10}, {K::ACCOUNT_KIND_WALLET, 10}},
         R"({"entry":{"refund":{"purchase":"3"}}})");
    ledger_.Add("declined", absl::StrCat(R"({"declined":{"points":"900","reason":)",
                                         static_cast<int>(v1::REASON_INSUFFICIENT_POINTS), "}}"));
    ledger_.Add("member_revealed", R"({"member_revealed":{"break_glass":true}})");
    ledger_.Add("member_revealed", R"({"member_revealed":{}})").set_caller("<script>alert(1)");
    ledger_.Add("terminal_blocked", "{}").set_caller("<script>alert(1)</script>&\"");
    clock_.Set(absl::FromCivil(absl::CivilDay(2026, 6, 1), absl::UTCTimeZone()));
    grpc::ServerBuilder builder;
    builder.RegisterService(&ledger_);
    ledger_server_ = builder.BuildAndStart();
    channel_ = ledger_server_->InProcessChannel(grpc::ChannelArguments());
  }
  void Move(const std::string& kind,
            const std::vector<std::pair<v1::AccountKind, std::int64_t>>& postings,
            const std::string& json = "{}") {
    v1::RecordView& record = ledger_.Add(kind, json);
    for (const auto& [account, points] : postings) FakeRecords::Post(record, account, points);
  }
  int Report(const std::vector<std::string>& more = {}) {
    return Run(With({"--zone", "UTC", "audit", "report", "2026-02", "--out", path_}, more));
  }
  std::string Page() {
    std::ostringstream page;
    page << std::ifstream(path_).rdbuf();
    return page.str();
  }
  void ExpectFigure(const std::string& figure, std::int64_t value) {
    EXPECT_THAT(Page(),
                HasSubstr(absl::StrCat("data-figure=\"", figure, "\" data-value=\"", value, "\"")));
  }

  FakeRecords ledger_;
  std::unique_ptr<grpc::Server> ledger_server_;
  const std::string path_ = folder_.Join("report.html");
};

TEST_F(AuditReportTest, TellsTheFiguresOfTheLedger) {
  ASSERT_EQ(Report(), 0) << err_;
  ExpectFigure("closing FUNDING", -1'000);
  ExpectFigure("closing WALLET", 460);
  ExpectFigure("came WALLET", 760);
  ExpectFigure("went WALLET", -300);
  ExpectFigure("closing PAYABLE", 237);
  ExpectFigure("closing sum", 0);
  ExpectFigure("card.granted", 700);
  ExpectFigure("card.spent", 300);
  ExpectFigure("card.given-back", 60);
  ExpectFigure("decline.records INSUFFICIENT_POINTS", 1);
  ExpectFigure("decline.points INSUFFICIENT_POINTS", 900);
  ExpectFigure("movement.records entry/refund", 2);
  ExpectFigure("exception.records earlier_refund", 1);
  ExpectFigure("exception.points earlier_refund", 50);
  ExpectFigure("exception.records break_glass", 1);
  ExpectFigure("exception.records terminal_blocked", 1);
  EXPECT_THAT(Page(), HasSubstr("data-verdict=\"holds\""));
  EXPECT_THAT(Page(), HasSubstr("puhui.test/ledger"));
}

TEST_F(AuditReportTest, OpensWithWhatWasHeldBefore) {
  ASSERT_EQ(Run({"--zone", "UTC", "audit", "report", "2026-03", "--out", path_}), 0) << err_;
  ExpectFigure("opening WALLET", 460);
  ExpectFigure("came WALLET", 0);
  ExpectFigure("closing WALLET", 460);
}

TEST_F(AuditReportTest, FindsThatBalancesAndMovementsDiffer) {
  ledger_.lost = 1;
  EXPECT_EQ(Report(), 8);
  EXPECT_THAT(Page(), HasSubstr("data-verdict=\"fails\""));
  EXPECT_THAT(Page(), HasSubstr("WALLET unions/fh-1: 460 ≠ 459"));
  ExpectFigure("exception.points difference", 1);
}

TEST_F(AuditReportTest, FindsThatARecordIsMissing) {
  v1::RecordView& gone = ledger_.records[7];
  gone.set_sequence(0);  // No filter finds it.
  EXPECT_EQ(Report(), 8);
  EXPECT_THAT(Page(), HasSubstr("data-verdict=\"fails\""));
}

TEST_F(AuditReportTest, IsOnePageThatNeedsNothingElse) {
  ASSERT_EQ(Report(), 0) << err_;
  const std::string page = Page();
  EXPECT_EQ(FirstBadTag(page), "");
  for (const char* const outside : {"http:", "https:", "<script", "src=", "@import", "url("}) {
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;"));
  EXPECT_THAT(page, HasSubstr("审计报告"));
  EXPECT_THAT(page, HasSubstr("Audit report"));
}

TEST_F(AuditReportTest, LeavesOpenWhatTheCallerMayNotAsk) {
  ASSERT_EQ(Report({"--verify"}), 0) << err_;
  EXPECT_THAT(Page(), HasSubstr("未核验"));
}

TEST_F(AuditReportTest, SaysHowToCheckItOfTheSameUnion) {
  ASSERT_EQ(Report({"--union", "fh-1"}), 0) << err_;
  EXPECT_THAT(Page(), HasSubstr("puhui audit trial-balance --as-of 9 --union unions/fh-1; "
                                "puhui audit export --from 1 --to 9 --union unions/fh-1 --out "));
  ASSERT_EQ(Report(), 0) << err_;
  EXPECT_THAT(Page(), HasSubstr("puhui audit export --from 1 --to 9 --out records.csv"));
}

TEST_F(AuditReportTest, PutsItsHashBesideItByItsNameAlone) {
  ASSERT_EQ(Report(), 0) << err_;
  std::ostringstream hash;
  hash << std::ifstream(path_ + ".sha256").rdbuf();
  EXPECT_EQ(hash.str(), ledger::ToHex(ledger::Sha256().Digest(Page())) + "  report.html\n");
}

TEST_F(AuditReportTest, SaysOfAPeriodThatItHasNotBegun) {
  EXPECT_EQ(Run({"--zone", "UTC", "audit", "report", "2026-07", "--out", path_}), 3);
  EXPECT_THAT(err_, HasSubstr("2026-07 has not begun: it begins with 2026-07-01 in UTC"));
  EXPECT_THAT(Page(), IsEmpty());
  // One that has begun is told so far.
  EXPECT_EQ(Run({"--zone", "UTC", "audit", "report", "2026-06", "--out", path_}), 0) << err_;
}

TEST_F(AuditReportTest, RefusesAPeriodThatIsNone) {
  EXPECT_EQ(Run({"audit", "report", "soon", "--out", path_}), 2);
  EXPECT_THAT(Page(), IsEmpty());
}

TEST(AuditTallyTest, LeavesOutOthersMoneyWhenItIsAboutAUnion) {
  v1::GetTrialBalanceResponse opening;
  opening.set_balanced(true);
  v1::GetTrialBalanceResponse closing = opening;
  v1::TrialBalanceLine& line = *closing.add_lines();
  line.set_kind(v1::ACCOUNT_KIND_PAYABLE);
  line.set_origin("unions/a");
  line.set_points(5);
  closing.set_as_of_sequence(9);
  AuditReport report;
  report.union_name = "unions/a";
  report.first_day = report.last_day = absl::CivilDay(1970, 1, 1);
  AuditTally tally(&report, absl::UTCTimeZone(), opening, closing);
  v1::RecordView record;
  record.set_sequence(4);
  record.set_kind("entry/purchase");
  for (const char* const origin : {"unions/a", "unions/b"}) {
    v1::PostingView& posting = *record.add_postings();
    posting.set_kind(v1::ACCOUNT_KIND_PAYABLE);
    posting.set_origin(origin);
    posting.set_points(5);
  }
  tally.Take(record);
  tally.Finish();
  EXPECT_THAT(report.balances, ElementsAre(ReportBalance{"PAYABLE", 0, 5, 0, 5}));
  EXPECT_EQ(report.days.begin()->second.spent, 5);
  EXPECT_TRUE(report.Holds());
}

}  // namespace
}  // namespace puhui::services
