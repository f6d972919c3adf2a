// SPDX-License-Identifier: Apache-2.0
// `puhui settlement`, from the arguments to the service and back to the terminal or into files.
#include "ledger/crypto/hash.h"
#include "puhui/v1/settlement_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kName[] = "merchants/m-7/statements/2026-11-25";
// A second after 2026-11-25T00:00:00Z.
constexpr std::int64_t kSeconds = 1'764'028'801;

// A statement of two lines, or one that was altered on the way.
class FakeSettlement final : public v1::SettlementService::Service {
 public:
  grpc::Status CutDay(grpc::ServerContext*, const v1::CutDayRequest* request,
                      v1::CutDayResponse* response) override {
    cut = *request;
    response->mutable_statement()->set_name(request->name());
    return grpc::Status::OK;
  }
  grpc::Status ListStatements(grpc::ServerContext*, const v1::ListStatementsRequest* request,
                              v1::ListStatementsResponse* response) override {
    list = *request;
    response->add_statements()->set_name(kName);
    return grpc::Status::OK;
  }
  grpc::Status GetStatement(grpc::ServerContext*, const v1::GetStatementRequest* request,
                            grpc::ServerWriter<v1::GetStatementResponse>* writer) override {
    get = *request;
    v1::GetStatementResponse head;
    v1::Statement& statement = *head.mutable_statement();
    statement.set_name(kName);
    statement.set_cut_sequence(9);
    statement.set_purchase_lines(1);
    statement.set_refund_lines(1);
    statement.mutable_figures()->set_purchase_points(123'456'789'012);
    statement.mutable_figures()->set_refund_points(40);
    statement.mutable_figures()->set_fee_points(9);
    statement.set_invoice_remark("福利积分");
    statement.set_digest(Digest());
    if (partial) {
      statement.set_partial(true);
      statement.clear_purchase_lines();
      statement.clear_refund_lines();
      statement.clear_digest();
    }
    v1::OriginFigures& origin = *head.add_origins();
    origin.set_union_("unions/fh-1");
    *origin.mutable_figures() = statement.figures();
    origin.mutable_figures()->set_purchase_points(123'456'789'011);
    v1::OriginFigures& other = *head.add_origins();
    other.set_union_("unions/xm-2");
    other.mutable_figures()->set_purchase_points(1);
    head.add_origins()->set_union_("unions/xm-3");  // Of which something was payable before.
    writer->Write(head);
    v1::GetStatementResponse lines;
    v1::StatementLine& bought = *lines.add_lines();
    bought.set_sequence(7);
    bought.set_kind(v1::STATEMENT_LINE_KIND_PURCHASE);
    bought.mutable_time()->set_seconds(kSeconds);
    bought.set_terminal("merchants/m-7/terminals/t-1");
    bought.set_batch_number(1);
    bought.set_trace_number(12);
    bought.set_points(altered ? 123'456'789'013 : 123'456'789'012);
    bought.set_fee_points(10);
    v1::LineOrigin& most = *bought.add_origins();
    most.set_union_("unions/fh-1");
    most.set_points(bought.points() - 1);
    most.set_fee_points(10);
    v1::LineOrigin& rest = *bought.add_origins();
    rest.set_union_("unions/xm-2");
    rest.set_points(parted ? 1 : 2);
    v1::StatementLine& refunded = *lines.add_lines();
    refunded = bought;
    refunded.set_sequence(8);
    refunded.set_kind(v1::STATEMENT_LINE_KIND_REFUND);
    refunded.set_trace_number(other_trace);
    refunded.set_original_sequence(7);
    refunded.set_points(altered ? -41 : -40);
    refunded.set_fee_points(-1);
    refunded.mutable_origins()->RemoveLast();
    refunded.mutable_origins(0)->set_points(refunded.points());
    refunded.mutable_origins(0)->set_fee_points(-1);
    if (!request->summary_only()) writer->Write(lines);
    return grpc::Status::OK;
  }
  grpc::Status AgreeStatement(grpc::ServerContext*, const v1::AgreeStatementRequest* request,
                              v1::AgreeStatementResponse* response) override {
    agree = *request;
    response->set_name(request->name());
    return grpc::Status::OK;
  }
  grpc::Status DisputeStatement(grpc::ServerContext*, const v1::DisputeStatementRequest* request,
                                v1::DisputeStatementResponse* response) override {
    dispute = *request;
    response->add_disputes(absl::StrCat(request->name(), "/disputes/7"));
    return grpc::Status::OK;
  }
  grpc::Status ResolveDispute(grpc::ServerContext*, const v1::ResolveDisputeRequest* request,
                              v1::ResolveDisputeResponse*) override {
    resolve = *request;
    return grpc::Status::OK;
  }
  grpc::Status ConfirmResolution(grpc::ServerContext*, const v1::ConfirmResolutionRequest* request,
                                 v1::ConfirmResolutionResponse*) override {
    confirm = *request;
    return grpc::Status::OK;
  }
  grpc::Status ListSpending(grpc::ServerContext*, const v1::ListSpendingRequest* request,
                            v1::ListSpendingResponse* response) override {
    spending = *request;
    if (spending_fails) return {grpc::StatusCode::NOT_FOUND, "no such union"};
    // A page that is empty, though there is another, and two with rows.
    const std::size_t page = request->page_token().size();
    if (page > 0) AddSpending(page == 1 ? "5411" : "5942", 123'456'789'012, 40, response);
    if (page == 1) AddSpending("5411", 60, 0, response);
    if (page < 2) response->set_next_page_token(request->page_token() + "+");
    return grpc::Status::OK;
  }

  static void AddSpending(const char* category, std::int64_t spent, std::int64_t given_back,
                          v1::ListSpendingResponse* response) {
    v1::Spending& row = *response->add_rows();
    row.set_merchant("merchants/m-7");
    row.set_category(category);
    row.set_day("2026-11-25");
    row.set_union_("unions/fh-1");
    row.set_campaign("campaigns/c-1");
    row.set_spent_points(spent);
    row.set_given_back_points(given_back);
  }
  static std::string Digest() {
    ledger::Sha256 sha256;
    const std::string zero(32, '\0');
    const ledger::Hash first = sha256.Digest(
        zero, absl::StrCat("7,1,", kSeconds, "000000,t-1,1,12,0,123456789012,10,0\n"));
    const ledger::Hash second = sha256.Digest(
        ledger::AsBytes(first), absl::StrCat("8,2,", kSeconds, "000000,t-1,1,13,7,-40,-1,0\n"));
    return std::string(ledger::AsBytes(second));
  }

  bool parted = true;
  bool partial = false;  // It says that it is a part.
  bool altered = false;  // In a way that the sums do not show.
  std::uint32_t other_trace = 13;
  bool spending_fails = false;
  v1::CutDayRequest cut;
  v1::ListStatementsRequest list;
  v1::GetStatementRequest get;
  v1::AgreeStatementRequest agree;
  v1::DisputeStatementRequest dispute;
  v1::ResolveDisputeRequest resolve;
  v1::ConfirmResolutionRequest confirm;
  v1::ListSpendingRequest spending;
};

class SettlementNounsTest : public CommandsTest {
 protected:
  SettlementNounsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&settlement_);
    settlements_ = builder.BuildAndStart();
    channel_ = settlements_->InProcessChannel(grpc::ChannelArguments());
  }
  static std::string TextOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  FakeSettlement settlement_;
  std::unique_ptr<grpc::Server> settlements_;
};

TEST_F(SettlementNounsTest, WritesLinesAndSummaryWithTheirHashesBesideThem) {
  const std::string path = folder_.Join("m-7.csv");
  ASSERT_EQ(Run({"settlement", "statement", kName, "--csv", path}), 0) << err_;
  const std::string lines = TextOf(path);
  EXPECT_EQ(lines,
            "\xEF\xBB\xBFrecord,kind,time,terminal,batch,trace,original,points,fee,discount,"
            "unions\r\n"
            "7,PURCHASE,2025-11-25T00:00:01+00:00,merchants/m-7/terminals/t-1,1,12,,"
            "\"\t123456789012\",10,0,unions/fh-1=123456789011 unions/xm-2=1\r\n"
            "8,REFUND,2025-11-25T00:00:01+00:00,merchants/m-7/terminals/t-1,1,13,7,-40,-1,0,"
            "unions/fh-1=-40\r\n");
  const std::string summary = TextOf(folder_.Join("m-7.summary.csv"));
  EXPECT_THAT(summary, HasSubstr(",payable after,invoice remark\r\n"));
  EXPECT_THAT(summary, HasSubstr("\r\nunions/fh-1,0,\"\t123456789011\",40,0,0,9,0,0,0,0,\r\n"));
  EXPECT_THAT(summary, EndsWith("\r\n,0,\"\t123456789012\",40,0,0,9,0,0,0,0,福利积分\r\n"));
  ledger::Sha256 sha256;
  EXPECT_EQ(TextOf(path + ".sha256"),
            absl::StrCat(ledger::ToHex(sha256.Digest(lines)), "  m-7.csv\n"));
  EXPECT_THAT(TextOf(folder_.Join("m-7.summary.csv.sha256")),
              StartsWith(ledger::ToHex(sha256.Digest(summary))));
  EXPECT_THAT(out_,
              HasSubstr(absl::StrCat("digest:         ", ledger::ToHex(FakeSettlement::Digest()))));
}

// What stands on the invoice can be read off the screen too.
TEST_F(SettlementNounsTest, ShowsAStatementWithWhoPaidItsLinesAndItsRemark) {
  ASSERT_EQ(Run({"settlement", "statement", kName}), 0) << err_;
  for (const char* text : {"invoice remark:", "福利积分", "PAID BY", "unions/fh-1", "unions/xm-2",
                           "merchants/m-7/terminals/t-1", "REFUND"}) {
    EXPECT_THAT(out_, HasSubstr(text));
  }
}

// As they come, one to a line, and nothing else among them.
TEST_F(SettlementNounsTest, PrintsThePartsOfAStatementAsJson) {
  ASSERT_EQ(Run({"settlement", "statement", kName, "--json"}), 0) << err_;
  const std::vector<std::string> parts = absl::StrSplit(out_, '\n', absl::SkipEmpty());
  std::int64_t points = 0;
  int lines = 0;
  bool stated = false;
  for (const std::string& text : parts) {
    v1::GetStatementResponse part;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text, &part).ok()) << text;
    lines += part.lines_size();
    for (const v1::StatementLine& line : part.lines()) points += line.points();
    stated = stated || part.has_statement();
  }
  EXPECT_EQ(lines, 2);
  EXPECT_EQ(points, 123'456'789'012 - 40);
  EXPECT_TRUE(stated);
}

TEST_F(SettlementNounsTest, AStatementThatWasAlteredEndsWithFindings) {
  const std::string path = folder_.Join("m-7.csv");
  settlement_.altered = true;
  EXPECT_EQ(Run({"settlement", "statement", kName, "--csv", path}), 8);
  EXPECT_THAT(err_, HasSubstr("digest"));
  EXPECT_EQ(TextOf(path), "");  // Nothing that could be taken for the statement.
  settlement_.altered = false;
  settlement_.other_trace = 14;
  EXPECT_EQ(Run({"settlement", "statement", kName}), 8);
  settlement_.other_trace = 13;
  settlement_.parted = false;
  EXPECT_EQ(Run({"settlement", "statement", kName}), 8);
  EXPECT_THAT(err_, HasSubstr("of a union"));
  EXPECT_EQ(Run({"settlement", "statement", kName, "--summary"}), 0);
  EXPECT_TRUE(settlement_.get.summary_only());
}

// What an auditor of a union gets has sums to compare with, and neither numbers nor a digest.
TEST_F(SettlementNounsTest, SaysThatAStatementIsAPart) {
  settlement_.partial = true;
  ASSERT_EQ(Run({"settlement", "statement", kName}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("of the unions that you may see"));
  EXPECT_THAT(out_, Not(HasSubstr("digest:")));
  EXPECT_THAT(out_, Not(HasSubstr("records:")));
  settlement_.parted = false;
  EXPECT_EQ(Run({"settlement", "statement", kName}), 8) << "sums are compared all the same";
}

TEST_F(SettlementNounsTest, SaysWhichStatementIsMeant) {
  EXPECT_EQ(Run({"settlement", "cut", kName}), 0);
  EXPECT_EQ(settlement_.cut.name(), kName);
  EXPECT_EQ(settlement_.cut.request_id().size(), 36U);
  EXPECT_EQ(Run({"settlement", "list", "m-7", "--state", "agreed"}), 0);
  EXPECT_EQ(settlement_.list.parent(), "merchants/m-7");
  EXPECT_EQ(settlement_.list.state(), v1::STATEMENT_STATE_AGREED);
  EXPECT_THAT(out_, HasSubstr(kName));
  EXPECT_EQ(Run({"settlement", "agree", kName, "--digest", std::string(64, 'a')}), 0);
  EXPECT_EQ(settlement_.agree.digest(), absl::HexStringToBytes(std::string(64, 'a')));
  for (const char* const bad : {"x", "12", ""}) {
    EXPECT_EQ(Run({"settlement", "agree", kName, "--digest", bad}), 2) << bad;
    EXPECT_THAT(err_, HasSubstr("--digest: want 64 hexadecimal characters"));
  }
}

TEST_F(SettlementNounsTest, DisputesAndResolves) {
  EXPECT_EQ(
      Run({"settlement", "dispute", kName, "--line", "7", "--line", "8", "--reason", "twice"}), 0);
  ASSERT_EQ(settlement_.dispute.lines_size(), 2);
  EXPECT_EQ(settlement_.dispute.lines(1).sequence(), 8U);
  EXPECT_EQ(settlement_.dispute.lines(1).reason(), "twice");
  const std::string dispute = absl::StrCat(kName, "/disputes/7");
  EXPECT_THAT(out_, HasSubstr(dispute));
  EXPECT_EQ(Run({"settlement", "resolve", dispute, "--points", "-30", "--union", "fh-1", "--reason",
                 "the receipt says so"}),
            0);
  EXPECT_EQ(settlement_.resolve.adjustment_points(), -30);
  EXPECT_EQ(settlement_.resolve.union_(), "unions/fh-1");
  EXPECT_EQ(Run({"settlement", "confirm", dispute}), 2);
  EXPECT_EQ(Run({"settlement", "confirm", dispute, "--points", "0"}), 0);
  EXPECT_TRUE(settlement_.confirm.has_adjustment_points());
  EXPECT_EQ(Run({"settlement", "confirm", dispute, "--points", "-30", "--union", "fh-1"}), 0);
  EXPECT_EQ(settlement_.confirm.adjustment_points(), -30);
  EXPECT_EQ(settlement_.confirm.union_(), "unions/fh-1");
}

TEST_F(SettlementNounsTest, AsksForOneSubjectOfSpending) {
  EXPECT_EQ(Run({"settlement", "spending", "--union", "unions/fh-1", "--from", "2026-11-01", "--to",
                 "2026-11-30"}),
            0);
  EXPECT_EQ(settlement_.spending.union_(), "unions/fh-1");
  EXPECT_EQ(settlement_.spending.last_day(), "2026-11-30");
  EXPECT_EQ(Run({"settlement", "spending", "--union", "fh-1", "--from", "2026-11-01", "--to",
                 "2026-11-30"}),
            0);
  EXPECT_EQ(settlement_.spending.union_(), "unions/fh-1");
  EXPECT_EQ(Run({"settlement", "spending", "--merchant", "m-7", "--from", "2026-11-01", "--to",
                 "2026-11-30"}),
            0);
  EXPECT_EQ(settlement_.spending.merchant(), "merchants/m-7");
  EXPECT_EQ(Run({"settlement", "report", folder_.Join("c.csv"), "--campaign", "c-1", "--from",
                 "2026-11-01", "--to", "2026-11-30"}),
            0);
  EXPECT_EQ(settlement_.spending.campaign(), "campaigns/c-1");
  EXPECT_EQ(Run({"settlement", "spending", "--from", "2026-11-01", "--to", "2026-11-30"}), 2);
  EXPECT_EQ(Run({"settlement", "spending", "--union", "unions/fh-1", "--merchant", "merchants/m-7",
                 "--from", "2026-11-01", "--to", "2026-11-30"}),
            2);
}

TEST_F(SettlementNounsTest, WritesEveryRowOfSpendingAndItsSums) {
  const std::string path = folder_.Join("november.csv");
  ASSERT_EQ(Run({"settlement", "report", path, "--campaign", "campaigns/c-1", "--from",
                 "2026-11-01", "--to", "2026-11-30"}),
            0)
      << err_;
  EXPECT_EQ(settlement_.spending.page_size(), 1'000);
  const std::string rows = TextOf(path);
  EXPECT_EQ(rows,
            "\xEF\xBB\xBF"
            "day,merchant,category,union,campaign,spent,given back,remains\r\n"
            "2026-11-25,merchants/m-7,5411,unions/fh-1,campaigns/c-1,\"\t123456789012\",40,"
            "\"\t123456788972\"\r\n"
            "2026-11-25,merchants/m-7,5411,unions/fh-1,campaigns/c-1,60,0,60\r\n"
            "2026-11-25,merchants/m-7,5942,unions/fh-1,campaigns/c-1,\"\t123456789012\",40,"
            "\"\t123456788972\"\r\n");
  const std::string summary = TextOf(folder_.Join("november.summary.csv"));
  EXPECT_EQ(summary,
            "\xEF\xBB\xBF"
            "category,union,spent,given back,remains\r\n"
            "5411,unions/fh-1,\"\t123456789072\",40,\"\t123456789032\"\r\n"
            "5942,unions/fh-1,\"\t123456789012\",40,\"\t123456788972\"\r\n"
            ",,\"\t246913578084\",80,\"\t246913578004\"\r\n");
  ledger::Sha256 sha256;
  EXPECT_EQ(TextOf(path + ".sha256"),
            absl::StrCat(ledger::ToHex(sha256.Digest(rows)), "  november.csv\n"));
  EXPECT_THAT(TextOf(folder_.Join("november.summary.csv.sha256")),
              StartsWith(ledger::ToHex(sha256.Digest(summary))));
}

TEST_F(SettlementNounsTest, AReportThatFailsLeavesNoFile) {
  const std::string path = folder_.Join("november.csv");
  settlement_.spending_fails = true;
  EXPECT_EQ(Run({"settlement", "report", path, "--union", "unions/fh-1", "--from", "2026-11-01",
                 "--to", "2026-11-30"}),
            4);
  for (const char* name : {"november.csv", "november.csv.part", "november.summary.csv.part"}) {
    EXPECT_FALSE(std::filesystem::exists(folder_.Join(name))) << name;
  }
  settlement_.spending_fails = false;
  EXPECT_EQ(Run({"settlement", "report", folder_.Join("none/november.csv"), "--union",
                 "unions/fh-1", "--from", "2026-11-01", "--to", "2026-11-30"}),
            3);
}

TEST_F(SettlementNounsTest, WritesNoPartOfAStatementAsIfItWereTheWhole) {
  const std::string path = folder_.Join("m-7.csv");
  EXPECT_EQ(Run({"settlement", "statement", kName, "--csv", path, "--after", "7"}), 2);
  EXPECT_EQ(Run({"settlement", "statement", kName, "--csv", path, "--summary"}), 2);
}

}  // namespace
}  // namespace puhui::services
