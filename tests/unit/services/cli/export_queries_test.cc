// SPDX-License-Identifier: Apache-2.0
// `audit export-statement`, -trial-balance, -history, -trace and -accesses. Lists:
// export_lists_test.cc.
#include "ledger/crypto/hash.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"
#include "tests/unit/services/cli/fake_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Threads: as FakePages. Borrows: them.
class FakeAuditPages final : public v1::AuditService::Service {
 public:
  explicit FakeAuditPages(FakePages& pages) : pages_(pages) {}
  v1::GetTrialBalanceRequest trial_balance;
  v1::GetHistoryRequest history;
  v1::TracePointsRequest trace;
  std::int64_t sum = 0;

  grpc::Status GetAccountStatement(grpc::ServerContext*,
                                   const v1::GetAccountStatementRequest* request,
                                   v1::GetAccountStatementResponse* response) override {
    response->set_opening_points(100);
    response->set_closing_points(50);
    return pages_.Answer(*request, response, [&](int i) {
      v1::AccountStatementLine& line = *response->add_lines();
      line.set_sequence(7 + static_cast<std::uint64_t>(i));
      line.mutable_time()->set_seconds(kFebruary);
      line.set_kind("entry/purchase");
      line.set_caller(i == 0 ? "=cmd()" : "");
      line.set_points(-10);
      line.set_points_after(90 - 10 * i);
    });
  }
  grpc::Status GetTrialBalance(grpc::ServerContext*, const v1::GetTrialBalanceRequest* request,
                               v1::GetTrialBalanceResponse* response) override {
    trial_balance = *request;
    if (pages_.answers_left-- <= 0) return {grpc::StatusCode::RESOURCE_EXHAUSTED, "scripted"};
    response->set_as_of_sequence(42);
    response->set_balanced(sum == 0);
    response->set_sum(sum);
    for (const v1::AccountKind kind : {v1::ACCOUNT_KIND_BUDGET, v1::ACCOUNT_KIND_WALLET}) {
      v1::TrialBalanceLine& line = *response->add_lines();
      line.set_kind(kind);
      line.set_origin("unions/fh-1");
      line.set_points(kind == v1::ACCOUNT_KIND_BUDGET ? -123'456'789'012 : 123'456'789'012);
    }
    return grpc::Status::OK;
  }
  // The last record changed nothing that is told.
  grpc::Status GetHistory(grpc::ServerContext*, const v1::GetHistoryRequest* request,
                          v1::GetHistoryResponse* response) override {
    history = *request;
    response->set_as_of_sequence(42);
    const grpc::Status status = pages_.Answer(*request, response, [&](int i) {
      v1::HistoryEntry& entry = *response->add_entries();
      entry.set_sequence(1 + static_cast<std::uint64_t>(i));
      entry.mutable_time()->set_seconds(kFebruary);
      entry.set_kind("campaign_changed");
      entry.set_person("people/hr-1");
      if (i + 1 == FakePages::kOfAll) return;
      v1::FieldChange& name = *entry.add_changes();
      name.set_field("display_name");
      name.set_before("春节慰问");
      name.set_after("=HYPERLINK(1)");
      entry.add_changes()->set_field("state");
    });
    response->set_incomplete(pages_.incomplete && response->next_page_token().empty());
    return status;
  }
  grpc::Status TracePoints(grpc::ServerContext*, const v1::TracePointsRequest* request,
                           v1::TracePointsResponse* response) override {
    trace = *request;
    response->set_as_of_sequence(42);
    response->set_incomplete(pages_.incomplete);  // On every page.
    return pages_.Answer(*request, response, [&](int i) {
      v1::TraceStep& step = *response->add_steps();
      step.set_sequence(20 - static_cast<std::uint64_t>(i));
      step.mutable_time()->set_seconds(kFebruary);
      step.set_kind("entry/grant");
      step.set_of_sequence(21);
      step.set_distance(1);
      step.set_origin("unions/fh-1");
      step.set_points(-5);
      step.mutable_account()->set_kind(v1::ACCOUNT_KIND_WALLET);
      step.mutable_account()->set_owner("members/01J");
      step.set_lot(i == 0 ? 3 : 0);
    });
  }

 private:
  FakePages& pages_;
};

// Threads and borrows: as above.
class FakeAccessPages final : public v1::AccessService::Service {
 public:
  explicit FakeAccessPages(FakePages& pages) : pages_(pages) {}
  v1::ListAccessesRequest listed;

  grpc::Status ListAccesses(grpc::ServerContext*, const v1::ListAccessesRequest* request,
                            v1::ListAccessesResponse* response) override {
    listed = *request;
    return pages_.Answer(*request, response, [&](int i) {
      v1::Access& access = *response->add_accesses();
      access.set_sequence(1 + static_cast<std::uint64_t>(i));
      access.mutable_time()->set_seconds(kFebruary);
      access.set_caller("spiffe://puhui.test/auditor");
      access.set_person("people/a-1");
      access.set_rpc("AuditService/ListRecords");
      access.set_filter("from 1, all");
      access.set_purpose("年度审计");
      access.set_rows(1'000);
      access.set_outcome(i == 0 ? "" : "OK");
      access.set_begun(i == 0 ? 0 : 1);
    });
  }

 private:
  FakePages& pages_;
};

class ExportQueriesTest : public CommandsTest {
 protected:
  ExportQueriesTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&audit_pages_);
    builder.RegisterService(&access_pages_);
    pages_server_ = builder.BuildAndStart();
    channel_ = pages_server_->InProcessChannel(grpc::ChannelArguments());
  }
  ~ExportQueriesTest() override {
    channel_.reset();
    pages_server_->Shutdown();
  }

  int Export(const std::vector<std::string>& query, const std::string& name,
             const std::vector<std::string>& more = {}) {
    return Run(With(With(With({"audit"}, query), {"--out", folder_.Join(name)}), more));
  }
  std::string Text(const std::string& name) const { return WholeText(folder_.Join(name)); }
  bool IsThere(const std::string& name) const {
    return std::filesystem::exists(folder_.Join(name));
  }

  const std::vector<std::string> statement_ = {"export-statement", "--kind", "wallet", "--owner",
                                               "01J"};
  const std::vector<std::string> history_ = {"export-history", "campaigns/spring"};
  const std::vector<std::string> trace_ = {"export-trace", "21"};
  const std::vector<std::string> accesses_ = {"export-accesses", "--person", "a-1"};
  const std::vector<std::string> trial_balance_ = {"export-trial-balance"};
  FakePages pages_;
  FakeAuditPages audit_pages_{pages_};
  FakeAccessPages access_pages_{pages_};
  std::unique_ptr<grpc::Server> pages_server_;
};

TEST_F(ExportQueriesTest, AreTheSameInPiecesAsInOneGo) {
  for (const std::vector<std::string>& query : {statement_, history_, trace_, accesses_}) {
    for (const std::string format : {"csv", "ndjson"}) {
      const std::vector<std::string> flags = {"--format", format};
      ASSERT_EQ(Export(query, "whole", flags), 0) << query[0] << err_;
      EXPECT_THAT(out_, HasSubstr("sha256:")) << query[0];
      for (int run = 0; run < 3; ++run) {
        pages_.answers_left = 1;
        const int code = Export(query, "pieces", flags);
        EXPECT_EQ(code == 0, run == 2) << query[0] << ": five are three pages";
        if (run == 0) {
          EXPECT_THAT(err_, HasSubstr("note: 2 ")) << query[0];
        }
      }
      pages_.answers_left = 1'000;
      EXPECT_EQ(Text("pieces"), Text("whole")) << query[0];
      EXPECT_EQ(Text("pieces.sha256"),
                absl::StrCat(ledger::ToHex(ledger::Sha256().Digest(Text("whole"))), "  pieces\n"));
      EXPECT_FALSE(IsThere("pieces.part") || IsThere("pieces.resume")) << query[0];
    }
  }
}

TEST_F(ExportQueriesTest, WriteWhatMovedAnAccountBetweenItsBalances) {
  ASSERT_EQ(Export(statement_, "wallet.csv"), 0) << err_;
  const std::string csv = Text("wallet.csv");
  EXPECT_THAT(csv, StartsWith(absl::StrCat(
                       kBom,
                       "record,time,what,caller,points,balance\r\n"
                       ",,opening balance,,,100\r\n"
                       "7,2026-02-01T00:00:00+00:00,entry/purchase,\"'=cmd()\",-10,90\r\n"
                       "8,2026-02-01T00:00:00+00:00,entry/purchase,,-10,80\r\n")));
  EXPECT_THAT(csv, EndsWith("entry/purchase,,-10,50\r\n,,closing balance,,,50\r\n"));
  EXPECT_THAT(out_, HasSubstr("movements"));
  ASSERT_EQ(Export(statement_, "wallet.ndjson", {"--format", "ndjson"}), 0) << err_;
  const std::string ndjson = Text("wallet.ndjson");
  EXPECT_EQ(std::count(ndjson.begin(), ndjson.end(), '\n'), 7);
  EXPECT_THAT(ndjson.substr(0, ndjson.find('\n')), AllOf(HasSubstr("\"kind\":\"opening balance\""),
                                                         HasSubstr("\"points_after\":\"100\"")));
  EXPECT_THAT(ndjson, EndsWith("\"kind\":\"closing balance\",\"caller\":\"\",\"points\":\"0\","
                               "\"points_after\":\"50\"}\n"));
}

TEST_F(ExportQueriesTest, WriteTheTrialBalanceAndSayWhetherItBalances) {
  const std::vector<std::string> query = {"export-trial-balance", "--as-of", "42", "--union",
                                          "fh-1"};
  ASSERT_EQ(Export(query, "sums.csv"), 0) << err_;
  EXPECT_EQ(audit_pages_.trial_balance.as_of_sequence(), 42U);
  EXPECT_EQ(audit_pages_.trial_balance.in_union(), "unions/fh-1");
  EXPECT_EQ(Text("sums.csv"), absl::StrCat(kBom,
                                           "account,origin,points,record\r\n"
                                           "BUDGET,unions/fh-1,\"\t-123456789012\",42\r\n"
                                           "WALLET,unions/fh-1,\"\t123456789012\",42\r\n"
                                           "\"sum, balanced\",,0,42\r\n"));
  audit_pages_.sum = 1;
  EXPECT_EQ(Export(trial_balance_, "wrong.csv"), 8);
  EXPECT_THAT(err_, HasSubstr("the books do not balance"));
  EXPECT_THAT(Text("wrong.csv"), EndsWith("\"sum, NOT BALANCED\",,1,42\r\n"));
  EXPECT_EQ(Export({"export-trial-balance", "--as-of-time", "2026-02-01T00:00:00Z"}, "wrong.ndjson",
                   {"--format", "ndjson"}),
            8);
  EXPECT_EQ(audit_pages_.trial_balance.as_of_time().seconds(), kFebruary);
  EXPECT_THAT(Text("wrong.ndjson"), EndsWith("{\"lines\":[],\"sum\":\"1\",\"balanced\":false,"
                                             "\"as_of_sequence\":\"42\"}\n"));
}

// Of --zone, by default Asia/Shanghai. What was recorded at the next midnight does not count.
TEST_F(ExportQueriesTest, TakeADayAsOfItsLastMoment) {
  ASSERT_EQ(Export({"export-trial-balance", "--as-of-time", "2026-01-31"}, "day.csv"), 0) << err_;
  EXPECT_EQ(audit_pages_.trial_balance.as_of_time().seconds(), kFebruary - 8 * 3'600 - 1);
  EXPECT_EQ(audit_pages_.trial_balance.as_of_time().nanos(), 999'999'000);
}

TEST_F(ExportQueriesTest, WriteAHistoryWithARowForEachField) {
  ASSERT_EQ(Export(history_, "spring.csv"), 0) << err_;
  EXPECT_EQ(audit_pages_.history.name(), "campaigns/spring");
  const std::string csv = Text("spring.csv");
  const std::string first = "1,2026-02-01T00:00:00+00:00,campaign_changed,,people/hr-1,";
  EXPECT_THAT(csv, StartsWith(absl::StrCat(
                       kBom, "record,time,what,caller,person,field,before,after\r\n", first,
                       "display_name,春节慰问,\"'=HYPERLINK(1)\"\r\n", first, "state,,\r\n2,")));
  EXPECT_THAT(csv, EndsWith("5,2026-02-01T00:00:00+00:00,campaign_changed,,people/hr-1,,,\r\n"));
}

TEST_F(ExportQueriesTest, WriteTheWayOfPoints) {
  ASSERT_EQ(Export(trace_, "way.csv", {"--forward"}), 0) << err_;
  EXPECT_EQ(audit_pages_.trace.sequence(), 21U);
  EXPECT_EQ(audit_pages_.trace.direction(), v1::TRACE_DIRECTION_FORWARD);
  EXPECT_THAT(
      Text("way.csv"),
      StartsWith(absl::StrCat(
          kBom,
          "step,of,record,time,what,account,owner,lot,origin,points\r\n"
          "1,21,20,2026-02-01T00:00:00+00:00,entry/grant,WALLET,members/01J,3,unions/fh-1,-5\r\n"
          "1,21,19,2026-02-01T00:00:00+00:00,entry/grant,WALLET,members/01J,,unions/fh-1,-5\r\n")));
}

TEST_F(ExportQueriesTest, WriteWhoReadWhat) {
  ASSERT_EQ(Export(accesses_, "reads.csv", {"--refused"}), 0) << err_;
  EXPECT_EQ(access_pages_.listed.person(), "people/a-1");
  EXPECT_TRUE(access_pages_.listed.refused());
  EXPECT_THAT(
      Text("reads.csv"),
      StartsWith(absl::StrCat(kBom,
                              "access,time,caller,person,what,filter,why,rows,outcome,begun\r\n"
                              "1,2026-02-01T00:00:00+00:00,spiffe://puhui.test/auditor,people/a-1,"
                              "AuditService/ListRecords,\"from 1, all\",年度审计,1000,,\r\n"
                              "2,2026-02-01T00:00:00+00:00,spiffe://puhui.test/auditor,people/a-1,"
                              "AuditService/ListRecords,\"from 1, all\",年度审计,1000,OK,1\r\n")));
}

// Whoever gets the file alone has to see it, once.
TEST_F(ExportQueriesTest, SayInTheFileThatThereIsMore) {
  pages_.incomplete = true;
  ASSERT_EQ(Export(history_, "h.csv"), 0);
  EXPECT_THAT(err_, HasSubstr("there is more than is told"));
  EXPECT_THAT(Text("h.csv"), EndsWith("\r\n,,there is more than is told,,,,,\r\n"));
  ASSERT_EQ(Export(trace_, "t.csv"), 0);
  EXPECT_THAT(err_, HasSubstr("trace one of the last records"));
  const std::string csv = Text("t.csv");
  EXPECT_THAT(csv, EndsWith("\r\n,,,,there is more than is told,,,,,\r\n"));
  EXPECT_EQ(csv.find("there is more"), csv.rfind("there is more"));
  for (const std::vector<std::string>& query : {history_, trace_}) {
    ASSERT_EQ(Export(query, "out.ndjson", {"--format", "ndjson"}), 0);
    EXPECT_THAT(Text("out.ndjson"), EndsWith("\"as_of_sequence\":\"42\",\"incomplete\":true}\n"));
  }
  pages_.incomplete = false;
  ASSERT_EQ(Export(trace_, "t.csv"), 0);
  EXPECT_THAT(Text("t.csv"), Not(HasSubstr("there is more")));
}

TEST_F(ExportQueriesTest, LeaveNothingOfWhatWasRefusedAtOnce) {
  for (const std::vector<std::string>& query :
       {statement_, history_, trace_, accesses_, trial_balance_}) {
    std::ofstream(folder_.Join("out")) << "earlier";
    pages_.answers_left = 0;
    EXPECT_NE(Export(query, "out"), 0);
    EXPECT_THAT(err_, AllOf(HasSubstr("scripted"), Not(HasSubstr("note:")))) << query[0];
    EXPECT_EQ(Text("out"), "earlier") << query[0];
    EXPECT_FALSE(IsThere("out.part") || IsThere("out.resume")) << query[0];
    // So another query has its way.
    pages_.answers_left = 1'000;
    EXPECT_EQ(Export(accesses_, "out", {"--format", "ndjson"}), 0) << err_;
  }
}

TEST_F(ExportQueriesTest, GoOnWithTheirOwnFileOnly) {
  pages_.answers_left = 1;
  ASSERT_NE(Export(trace_, "out"), 0);
  pages_.answers_left = 1'000;
  const std::string begun = Text("out.part");
  const std::vector<std::string> other_trace = {"export-trace", "22"};
  for (const std::vector<std::string>& query :
       {statement_, history_, accesses_, trial_balance_, other_trace}) {
    EXPECT_EQ(Export(query, "out"), 3);
    EXPECT_THAT(err_, HasSubstr("out.part is of another query")) << query[0];
    EXPECT_EQ(Text("out.part"), begun);
  }
  WriteFile("out.part", "X" + begun.substr(1));
  EXPECT_EQ(Export(trace_, "out"), 3);
  EXPECT_THAT(err_, HasSubstr("out.part is not what was written"));
  EXPECT_EQ(Text("out.part"), "X" + begun.substr(1));
  WriteFile("out.part", begun);
  EXPECT_EQ(Export(trace_, "out"), 0) << err_;
}

// Stopped when all was read and the file had no SHA-256 yet, it is finished without a question.
TEST_F(ExportQueriesTest, AreFinishedWhenNothingIsLeftToBeRead) {
  std::filesystem::create_directory(folder_.Join("out.sha256"));
  for (const std::vector<std::string>& query : {statement_, trace_, trial_balance_}) {
    pages_.answers_left = 1'000;
    EXPECT_EQ(Export(query, "out"), 1) << query[0];
    const std::string whole = Text("out");
    std::filesystem::remove(folder_.Join("out.sha256"));
    pages_.answers_left = 0;
    // Whether the books balance nobody has told this run.
    EXPECT_EQ(Export(query, "out"), query == trial_balance_ ? 1 : 0) << query[0] << err_;
    EXPECT_EQ(Text("out"), whole) << query[0];
    EXPECT_FALSE(IsThere("out.part") || IsThere("out.resume")) << query[0];
    std::filesystem::remove(folder_.Join("out.sha256"));
    std::filesystem::create_directory(folder_.Join("out.sha256"));
  }
}

TEST_F(ExportQueriesTest, SayOfAPathWhatIsWrongWithIt) {
  std::filesystem::create_directory(folder_.Join("folder"));
  for (const std::string name : {"folder", "nowhere/out.csv"}) {
    const int answers = pages_.answers_left;
    EXPECT_EQ(Export(statement_, name), 3);
    EXPECT_THAT(err_, HasSubstr(name));
    EXPECT_EQ(pages_.answers_left, answers) << "nothing is asked in vain";
  }
  EXPECT_FALSE(IsThere("folder.part"));
}

}  // namespace
}  // namespace puhui::services
