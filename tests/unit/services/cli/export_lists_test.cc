// SPDX-License-Identifier: Apache-2.0
// `audit export-account`, -reveals, -mandates, -periods and -period-lines.
#include "ledger/crypto/hash.h"
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"
#include "tests/unit/services/cli/fake_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace puhui::services {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Threads: as FakePages. Borrows: them.
class FakeAuditLists final : public v1::AuditService::Service {
 public:
  explicit FakeAuditLists(FakePages& pages) : pages_(pages) {}
  v1::GetAccountRequest account;
  v1::ListPeriodLinesRequest lines;

  grpc::Status GetAccount(grpc::ServerContext*, const v1::GetAccountRequest* request,
                          v1::GetAccountResponse* response) override {
    account = *request;
    if (pages_.answers_left-- <= 0) return {grpc::StatusCode::RESOURCE_EXHAUSTED, "scripted"};
    response->set_points(30);
    response->set_as_of_sequence(42);
    for (int i = 1; i <= 2; ++i) {
      v1::AccountLine& line = *response->add_lines();
      line.set_origin(absl::StrCat("unions/fh-", i));
      line.set_points(10 * i);
    }
    return grpc::Status::OK;
  }
  // The newest is open.
  grpc::Status ListPeriods(grpc::ServerContext*, const v1::ListPeriodsRequest* request,
                           v1::ListPeriodsResponse* response) override {
    return pages_.Answer(*request, response, [&](int i) {
      v1::Period& period = *response->add_periods();
      period.set_name(absl::StrCat("periods/2026-0", 5 - i));
      period.set_state(i == 0 ? v1::PERIOD_STATE_OPEN : v1::PERIOD_STATE_CLOSED);
      period.mutable_end_time()->set_seconds(kFebruary);
      period.set_first_sequence(91 - 10 * static_cast<std::uint64_t>(i));
      period.set_last_sequence(100 - 10 * static_cast<std::uint64_t>(i));
      if (i == 0) return;
      period.set_close_sequence(95);
      period.set_entry_count(3);
      period.set_line_count(2);
      period.set_root("00ff");
      period.set_closing_digest("ff00");
    });
  }
  grpc::Status ListPeriodLines(grpc::ServerContext*, const v1::ListPeriodLinesRequest* request,
                               v1::ListPeriodLinesResponse* response) override {
    lines = *request;
    return pages_.Answer(*request, response, [&](int i) {
      v1::PeriodLine& line = *response->add_lines();
      line.set_kind(v1::ACCOUNT_KIND_WALLET);
      line.set_origin(absl::StrCat("unions/fh-", i));
      line.set_opening_points(7);
      line.set_debit_points(5);
      line.set_credit_points(2);
      line.set_closing_points(10);
    });
  }

 private:
  FakePages& pages_;
};

// Threads and borrows: as above.
class FakeAccessLists final : public v1::AccessService::Service {
 public:
  explicit FakeAccessLists(FakePages& pages) : pages_(pages) {}
  v1::ListRevealsRequest revealed;

  // The first handed out everybody.
  grpc::Status ListReveals(grpc::ServerContext*, const v1::ListRevealsRequest* request,
                           v1::ListRevealsResponse* response) override {
    revealed = *request;
    return pages_.Answer(*request, response, [&](int i) {
      v1::Reveal& reveal = *response->add_reveals();
      reveal.set_sequence(20 - static_cast<std::uint64_t>(i));
      reveal.mutable_time()->set_seconds(kFebruary);
      reveal.set_caller("spiffe://puhui.test/hr");
      reveal.set_person("people/hr-1");
      reveal.set_reason("=HYPERLINK(1)");
      if (i == 0) return;
      reveal.set_member("members/01J");
      reveal.add_fields("FULL_NAME");
      reveal.add_fields("MOBILE");
      reveal.set_break_glass(true);
    });
  }
  // The first is revoked.
  grpc::Status ListMandates(grpc::ServerContext*, const v1::ListMandatesRequest* request,
                            v1::ListMandatesResponse* response) override {
    return pages_.Answer(*request, response, [&](int i) {
      v1::Mandate& mandate = *response->add_mandates();
      mandate.set_auditor(absl::StrCat("people/a-", i));
      mandate.set_in_union("unions/fh-1");
      for (auto* const time : {mandate.mutable_from_time(), mandate.mutable_until_time(),
                               mandate.mutable_valid_until_time(), mandate.mutable_grant_time()}) {
        time->set_seconds(kFebruary);
      }
      mandate.add_purposes("年度审计");
      mandate.add_purposes("专项");
      mandate.set_granted_by("people/s-1");
      if (i > 0) return;
      mandate.mutable_revoke_time()->set_seconds(kFebruary);
      mandate.set_revoked_by("people/s-2");
    });
  }

 private:
  FakePages& pages_;
};

class ExportListsTest : public CommandsTest {
 protected:
  ExportListsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&audit_lists_);
    builder.RegisterService(&access_lists_);
    lists_server_ = builder.BuildAndStart();
    channel_ = lists_server_->InProcessChannel(grpc::ChannelArguments());
  }
  ~ExportListsTest() override {
    channel_.reset();
    lists_server_->Shutdown();
  }

  int Export(const std::vector<std::string>& query, const std::string& name,
             const std::string& format = "csv") {
    return Run(With(With({"audit"}, query), {"--out", folder_.Join(name), "--format", format}));
  }
  std::string Text(const std::string& name) const { return WholeText(folder_.Join(name)); }

  const std::vector<std::string> account_ = {"export-account", "--kind", "wallet", "--owner",
                                             "01J"};
  const std::vector<std::string> reveals_ = {"export-reveals", "fh-1"};
  const std::vector<std::string> mandates_ = {"export-mandates"};
  const std::vector<std::string> periods_ = {"export-periods"};
  const std::vector<std::string> lines_ = {"export-period-lines", "2026-01"};
  FakePages pages_;
  FakeAuditLists audit_lists_{pages_};
  FakeAccessLists access_lists_{pages_};
  std::unique_ptr<grpc::Server> lists_server_;
};

TEST_F(ExportListsTest, AreTheSameInPiecesAsInOneGo) {
  for (const std::vector<std::string>& query : {reveals_, mandates_, periods_, lines_}) {
    for (const std::string format : {"csv", "ndjson"}) {
      ASSERT_EQ(Export(query, "whole", format), 0) << query[0] << err_;
      for (int run = 0; run < 3; ++run) {
        pages_.answers_left = 1;
        const int code = Export(query, "pieces", format);
        EXPECT_EQ(code == 0, run == 2) << query[0] << ": five are three pages";
      }
      pages_.answers_left = 1'000;
      EXPECT_EQ(Text("pieces"), Text("whole")) << query[0];
      EXPECT_EQ(Text("pieces.sha256"),
                absl::StrCat(ledger::ToHex(ledger::Sha256().Digest(Text("whole"))), "  pieces\n"));
      EXPECT_FALSE(std::filesystem::exists(folder_.Join("pieces.resume"))) << query[0];
    }
  }
}

TEST_F(ExportListsTest, WriteWhatAnAccountHoldsOfEachOrigin) {
  ASSERT_EQ(Export(With(account_, {"--as-of", "42", "--origin", "fh-1"}), "wallet.csv"), 0) << err_;
  EXPECT_EQ(audit_lists_.account.owner(), "members/01J");
  EXPECT_EQ(audit_lists_.account.origin(), "unions/fh-1");
  EXPECT_EQ(audit_lists_.account.as_of_sequence(), 42U);
  EXPECT_EQ(Text("wallet.csv"), absl::StrCat(kBom,
                                             "origin,points,record\r\nunions/fh-1,10,42\r\n"
                                             "unions/fh-2,20,42\r\nsum,30,42\r\n"));
  ASSERT_EQ(Export(account_, "wallet.ndjson", "ndjson"), 0) << err_;
  EXPECT_EQ(Text("wallet.ndjson"),
            "{\"origin\":\"unions/fh-1\",\"points\":\"10\"}\n"
            "{\"origin\":\"unions/fh-2\",\"points\":\"20\"}\n"
            "{\"lines\":[],\"points\":\"30\",\"as_of_sequence\":\"42\"}\n");
  pages_.answers_left = 0;
  EXPECT_NE(Export(account_, "refused.csv"), 0);
  EXPECT_FALSE(std::filesystem::exists(folder_.Join("refused.csv.part")));
}

TEST_F(ExportListsTest, WriteWhoLookedAtPersonalData) {
  ASSERT_EQ(Export(reveals_, "r.csv"), 0) << err_;
  EXPECT_EQ(access_lists_.revealed.parent(), "unions/fh-1");
  EXPECT_THAT(Text("r.csv"),
              StartsWith(absl::StrCat(
                  kBom,
                  "record,time,caller,person,member,fields,auditor,why\r\n"
                  "20,2026-02-01T00:00:00+00:00,spiffe://puhui.test/hr,people/hr-1,all,all,no,"
                  "\"'=HYPERLINK(1)\"\r\n"
                  "19,2026-02-01T00:00:00+00:00,spiffe://puhui.test/hr,people/hr-1,members/01J,"
                  "FULL_NAME MOBILE,yes,\"'=HYPERLINK(1)\"\r\n")));
}

TEST_F(ExportListsTest, WriteWhatAuditorsMayRead) {
  ASSERT_EQ(Export(mandates_, "m.csv"), 0) << err_;
  const std::string time = "2026-02-01T00:00:00+00:00";
  const std::string times = absl::StrCat("unions/fh-1,", time, ",", time, ",", time);
  EXPECT_THAT(
      Text("m.csv"),
      StartsWith(absl::StrCat(
          kBom,
          "auditor,union,from,until,valid_until,purposes,granted,granted_by,revoked,revoked_by\r\n"
          "people/a-0,",
          times, ",\"年度审计; 专项\",", time, ",people/s-1,", time, ",people/s-2\r\npeople/a-1,",
          times, ",\"年度审计; 专项\",", time, ",people/s-1,,\r\n")));
}

TEST_F(ExportListsTest, WriteMonthsAndTheLinesThatOneWasClosedWith) {
  ASSERT_EQ(Export(periods_, "p.csv"), 0) << err_;
  EXPECT_THAT(Text("p.csv"),
              StartsWith(absl::StrCat(
                  kBom,
                  "period,state,first,last,ends,entries,lines,root,digest,closed_by_record\r\n"
                  "periods/2026-05,OPEN,91,100,2026-02-01T00:00:00+00:00,,,,,\r\n"
                  "periods/2026-04,CLOSED,81,90,2026-02-01T00:00:00+00:00,3,2,00ff,ff00,95\r\n")));
  ASSERT_EQ(Export(lines_, "l.csv"), 0) << err_;
  EXPECT_EQ(audit_lists_.lines.parent(), "periods/2026-01");
  EXPECT_THAT(Text("l.csv"),
              StartsWith(absl::StrCat(kBom,
                                      "account,origin,opening,added,taken,closing\r\n"
                                      "WALLET,unions/fh-0,7,5,2,10\r\n")));
  EXPECT_THAT(Text("l.csv"), EndsWith("WALLET,unions/fh-4,7,5,2,10\r\n"));
}

TEST_F(ExportListsTest, GoOnWithTheirOwnFileOnly) {
  pages_.answers_left = 1;
  ASSERT_NE(Export(reveals_, "out"), 0);
  EXPECT_THAT(err_, HasSubstr("note: 2 reveals are kept"));
  pages_.answers_left = 1'000;
  const std::vector<std::string> of_another = {"export-reveals", "fh-2"};
  for (const std::vector<std::string>& query :
       {account_, mandates_, periods_, lines_, of_another}) {
    EXPECT_EQ(Export(query, "out"), 3) << query[0];
    EXPECT_THAT(err_, HasSubstr("out.part is of another query")) << query[0];
  }
  EXPECT_EQ(Export(reveals_, "out"), 0) << err_;
}

}  // namespace
}  // namespace puhui::services
