// SPDX-License-Identifier: Apache-2.0
// `audit export`: files that go on where they stopped. The other exports: export_queries_test.cc.
#include "ledger/crypto/hash.h"
#include "services/cli/export_file.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/cli/commands_fixture.h"
#include "tests/unit/services/cli/fake_records.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>
#include <utility>

namespace puhui::services {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string BytesOf(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

class ExportFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<ExportFile>> Open(const std::string& query = "q") {
    return ExportFile::Open(path_, query);
  }
  // Two lines that count and one that does not.
  void LeaveHalf() {
    ASSERT_OK_AND_ASSIGN(const auto file, Open());
    ASSERT_OK(file->Append("one\ntwo\n"));
    ASSERT_OK(file->Save(two_));
    ASSERT_OK(file->Append("torn"));
  }
  void ExpectRefused(const std::string& named, const std::string& query = "q") {
    const auto file = Open(query);
    EXPECT_THAT(file, HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(std::string(file.status().message()), HasSubstr(named));
  }

  const ExportFile::Place two_ = {
      .last_sequence = 9, .sequence = 2, .count = 2, .token = "next=_-", .whole = true};
  TempDir folder_;
  const std::string path_ = folder_.Join("out.csv");
};

TEST_F(ExportFileTest, GoesOnAfterWhatWasSaved) {
  LeaveHalf();
  ASSERT_OK_AND_ASSIGN(const auto file, Open());
  EXPECT_TRUE(file->resumed());
  EXPECT_EQ(file->place(), two_);
  ASSERT_OK(file->Append("three\n"));
  ASSERT_OK_AND_ASSIGN(const std::string sha256, file->Close({}));
  EXPECT_EQ(BytesOf(path_), "one\ntwo\nthree\n");
  EXPECT_EQ(sha256, ledger::ToHex(ledger::Sha256().Digest("one\ntwo\nthree\n")));
  EXPECT_EQ(BytesOf(path_ + ".sha256"), absl::StrCat(sha256, "  out.csv\n"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".resume"));
}

TEST_F(ExportFileTest, BeginsAnewWithoutAState) {
  std::ofstream(path_ + ".part") << "somebody's";
  ASSERT_OK_AND_ASSIGN(const auto file, Open());
  EXPECT_FALSE(file->resumed());
  ASSERT_OK(file->Close({}).status());
  EXPECT_EQ(BytesOf(path_), "");
}

// Earlier builds left parts that everybody may read.
TEST_F(ExportFileTest, IsReadableByItsOwnerOnlyWhoeverBeganIt) {
  using std::filesystem::perms;
  const auto mode = [](const std::string& path) {
    return std::filesystem::status(path).permissions();
  };
  const std::string part = path_ + ".part";
  std::ofstream(part) << "of an earlier build";
  std::filesystem::permissions(part, perms::owner_read | perms::owner_write | perms::others_read);
  LeaveHalf();
  EXPECT_EQ(mode(part), perms::owner_read | perms::owner_write);
  std::filesystem::permissions(part, perms::others_read, std::filesystem::perm_options::add);
  ASSERT_OK_AND_ASSIGN(const auto file, Open());
  ASSERT_OK(file->Close(two_));
  EXPECT_EQ(mode(path_), perms::owner_read | perms::owner_write);
}

TEST_F(ExportFileTest, IsFinishedWhenItHadItsNameAlready) {
  LeaveHalf();
  std::filesystem::resize_file(path_ + ".part", 8);
  std::filesystem::rename(path_ + ".part", path_);
  ASSERT_OK_AND_ASSIGN(const auto file, Open());
  EXPECT_TRUE(file->resumed());
  ASSERT_OK(file->Close(file->place()).status());
  EXPECT_EQ(BytesOf(path_), "one\ntwo\n");
}

TEST_F(ExportFileTest, LeavesAnotherFileOfItsNameAlone) {
  LeaveHalf();
  std::filesystem::remove(path_ + ".part");
  std::ofstream(path_) << "one\ntwo\nand more";
  ExpectRefused("out.csv is not what was written");
  EXPECT_EQ(BytesOf(path_), "one\ntwo\nand more");
}

TEST_F(ExportFileTest, RefusesAnotherQuery) {
  LeaveHalf();
  ExpectRefused("out.csv.part is of another query", "other");
}

TEST_F(ExportFileTest, RefusesBytesThatWereNotWritten) {
  LeaveHalf();
  std::fstream(path_ + ".part", std::ios::in | std::ios::out) << "0";
  ExpectRefused("out.csv.part is not what was written");
  std::filesystem::resize_file(path_ + ".part", 3);
  ExpectRefused("out.csv.part is not what was written");
  std::filesystem::remove(path_ + ".part");
  ExpectRefused("out.csv.part is missing");
}

TEST_F(ExportFileTest, RefusesADamagedState) {
  LeaveHalf();
  const std::string whole = BytesOf(path_ + ".resume");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::ofstream(path_ + ".resume") << whole.substr(0, size);
    ExpectRefused("out.csv.resume is damaged");
  }
}

TEST_F(ExportFileTest, IsWrittenByOneAtATime) {
  ASSERT_OK_AND_ASSIGN(const auto first, Open());
  ExpectRefused("is being written");
}

// What was opened has been given its name by then: emptied, the other's export would be lost.
TEST_F(ExportFileTest, LeavesAnExportAloneThatEndedBeforeTheLock) {
  const auto end_another = [this, ended = false]() mutable {
    if (std::exchange(ended, true)) return;
    ASSERT_OK_AND_ASSIGN(const auto other, Open());
    ASSERT_OK(other->Append("whole\n"));
    ASSERT_OK(other->Close({}).status());
  };
  ASSERT_OK_AND_ASSIGN(const auto file, ExportFile::Open(path_, "q", end_another));
  EXPECT_EQ(BytesOf(path_), "whole\n");
  EXPECT_FALSE(file->resumed());
  EXPECT_TRUE(std::filesystem::exists(path_ + ".part"));
  ExpectRefused("is being written");
}

TEST_F(ExportFileTest, GoesOnAfterWhatAnotherSavedBeforeTheLock) {
  const auto leave_half = [this, left = false]() mutable {
    if (!std::exchange(left, true)) LeaveHalf();
  };
  ASSERT_OK_AND_ASSIGN(const auto file, ExportFile::Open(path_, "q", leave_half));
  EXPECT_TRUE(file->resumed());
  EXPECT_EQ(file->place(), two_);
}

TEST_F(ExportFileTest, GivesUpWhenOthersAlwaysComeFirst) {
  const auto discard_another = [this] {
    ASSERT_OK_AND_ASSIGN(const auto other, Open());
    other->Discard();
  };
  EXPECT_THAT(ExportFile::Open(path_, "q", discard_another),
              HasCode(absl::StatusCode::kFailedPrecondition));
}

TEST_F(ExportFileTest, IsNotAFolder) {
  std::filesystem::create_directory(path_);
  ExpectRefused("out.csv is a folder");
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

TEST_F(ExportFileTest, LeavesNothingWhenItIsDiscarded) {
  std::ofstream(path_) << "earlier";
  ASSERT_OK_AND_ASSIGN(const auto file, Open());
  ASSERT_OK(file->Append("begun"));
  file->Discard();
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".resume"));
  EXPECT_EQ(BytesOf(path_), "earlier");
}

// A save that fails leaves what it had written of the state.
TEST_F(ExportFileTest, LeavesNothingOfASaveThatFailedEither) {
  ASSERT_OK_AND_ASSIGN(const auto file, Open());
  std::filesystem::create_directory(path_ + ".resume");  // Cannot be replaced by a file.
  EXPECT_THAT(file->Save(two_), HasCode(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(std::filesystem::exists(path_ + ".resume.tmp"));
  file->Discard();
  EXPECT_FALSE(std::filesystem::exists(path_ + ".resume.tmp"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

class ExportCommandTest : public CommandsTest {
 protected:
  ExportCommandTest() {
    for (int i = 0; i < 10; ++i) {
      v1::RecordView& record =
          ledger_.Add("entry/purchase", R"({"points":"5","name":"王, \"小\""})");
      FakeRecords::Post(record, v1::ACCOUNT_KIND_WALLET, -5);
      FakeRecords::Post(record, v1::ACCOUNT_KIND_PAYABLE, 5);
    }
    ledger_.Add("declined", "{}").set_caller("=cmd()");
    grpc::ServerBuilder builder;
    builder.RegisterService(&ledger_);
    ledger_server_ = builder.BuildAndStart();
    channel_ = ledger_server_->InProcessChannel(grpc::ChannelArguments());
  }
  int Export(const std::string& name, const std::vector<std::string>& more) {
    return Run(With({"audit", "export", "--out", folder_.Join(name)}, more));
  }

  FakeRecords ledger_;
  std::unique_ptr<grpc::Server> ledger_server_;
};

TEST_F(ExportCommandTest, WritesCsvThatASpreadsheetDoesNotRun) {
  ASSERT_EQ(Export("all.csv", {}), 0) << err_;
  const std::string csv = BytesOf(folder_.Join("all.csv"));
  EXPECT_THAT(csv, StartsWith("\xEF\xBB\xBFrecord,time,what,caller,account,owner,origin,points,"
                              "content\r\n1,2026-02-01T00:01:00+00:00,entry/purchase,"));
  EXPECT_THAT(csv, HasSubstr(",WALLET,unions/fh-1,unions/fh-1,-5,\"{\"\"points\"\":\"\"5\"\","));
  EXPECT_THAT(csv, HasSubstr(",PAYABLE,unions/fh-1,unions/fh-1,5,\r\n"));
  EXPECT_THAT(csv, HasSubstr(",declined,\"'=cmd()\",,,,,{}\r\n"));
}

TEST_F(ExportCommandTest, AnInterruptedFileIsTheSameAsOneInOneGo) {
  for (const std::string format : {"csv", "ndjson"}) {
    for (const std::vector<std::string>& order :
         {std::vector<std::string>{}, std::vector<std::string>{"--newest-first"}}) {
      const std::vector<std::string> flags = With({"--format", format}, order);
      ASSERT_EQ(Export("whole", flags), 0) << err_;
      // Each run has one page, the first also the question where the end is.
      int runs = 0;
      int code = 7;
      for (; code != 0 && runs < 20; ++runs) {
        ledger_.answers_left = runs == 0 ? 2 : 1;
        code = Export("pieces", flags);
      }
      EXPECT_EQ(runs, 4) << "11 records are four pages";
      EXPECT_EQ(BytesOf(folder_.Join("pieces")), BytesOf(folder_.Join("whole")));
      ledger_.answers_left = 1'000;
    }
  }
}

TEST_F(ExportCommandTest, PagesWithoutRecordsAreGoneOnFrom) {
  ASSERT_EQ(Export("whole", {}), 0) << err_;
  ledger_.pauses = true;
  ASSERT_EQ(Export("pauses", {}), 0) << err_;
  EXPECT_EQ(BytesOf(folder_.Join("pauses")), BytesOf(folder_.Join("whole")));
  ASSERT_EQ(Run({"audit", "query", "--all"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("declined")) << "the last of all";
}

TEST_F(ExportCommandTest, EndsWhereTheLedgerEndedWhenItBegan) {
  ledger_.answers_left = 2;
  ASSERT_NE(Export("out", {"--format", "ndjson"}), 0);
  EXPECT_THAT(err_, HasSubstr("3 records are kept"));
  ledger_.answers_left = 1'000;
  ledger_.Add("declined", "{}");
  ASSERT_EQ(Export("out", {"--format", "ndjson"}), 0);
  EXPECT_THAT(out_, HasSubstr("11"));
  EXPECT_THAT(BytesOf(folder_.Join("out")), Not(HasSubstr("\"sequence\":\"12\"")));
}

// Where nothing can be, no second question follows that of the end.
TEST_F(ExportCommandTest, IsWholeAtOnceWhenItBeginsAfterTheEnd) {
  ledger_.answers_left = 1;
  ASSERT_EQ(Export("out", {"--from", "12"}), 0) << err_;
  EXPECT_THAT(BytesOf(folder_.Join("out")), EndsWith(",content\r\n"));
}

// A file of somebody's making that says that nothing is in it yet is refused a page, and stays.
TEST_F(ExportCommandTest, KeepsWhatItTookUp) {
  ledger_.answers_left = 2;
  ASSERT_NE(Export("out", {}), 0);
  const std::string resume = BytesOf(folder_.Join("out.resume"));
  const std::string begun =
      absl::StrCat(resume.substr(0, resume.find("last-sequence")),
                   "last-sequence 0\nsequence 0\ncount 0\ntoken \nwhole 0\nbytes 0\nsha256 ",
                   ledger::ToHex(ledger::Sha256().Digest("")), "\n");
  WriteFile("out.resume", begun);
  EXPECT_EQ(Export("out", {}), 7);
  EXPECT_THAT(err_, HasSubstr("scripted"));
  EXPECT_EQ(BytesOf(folder_.Join("out.resume")), begun);
}

TEST_F(ExportCommandTest, GoesOnWithTheSameQueryOnly) {
  ledger_.answers_left = 2;
  ASSERT_NE(Export("out", {}), 0);
  ledger_.answers_left = 1'000;
  EXPECT_EQ(Export("out", {"--kind", "declined"}), 3);
  EXPECT_THAT(err_, HasSubstr("out.part is of another query"));
  EXPECT_EQ(Export("out", {"--format", "ndjson"}), 3);
  EXPECT_EQ(Export("out", {}), 0) << err_;
}

// An id alone is of the collection that owns such accounts, in whichever order flags come.
TEST_F(ExportCommandTest, NamesWhoOwnsAnAccountByTheIdAlone) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"funding", "unions/x"},     {"budget", "unions/x"},  {"expired", "unions/x"},
      {"campaign", "campaigns/x"}, {"wallet", "members/x"}, {"held", "members/x"},
      {"payable", "merchants/x"},  {"fee", "merchants/x"},  {"payout", "merchants/x"}};
  for (const auto& [kind, owner] : rows) {
    ASSERT_EQ(Run({"audit", "account", "--owner", "x", "--kind", kind}), 0) << err_;
    EXPECT_EQ(ledger_.account.owner(), owner) << kind;
    ASSERT_EQ(Run({"audit", "statement", "--kind", kind, "--owner", "x"}), 0) << err_;
    EXPECT_EQ(ledger_.statement.owner(), owner) << kind;
  }
  ASSERT_EQ(Run({"audit", "account", "--owner", "unions/fh-1", "--kind", "budget"}), 0) << err_;
  EXPECT_EQ(ledger_.account.owner(), "unions/fh-1");
  const std::string out = folder_.Join("part.phb");
  ASSERT_EQ(Run({"audit", "bundle", "--out", out, "--scope", "fh-1"}), 0) << err_;
  EXPECT_EQ(ledger_.bundle.scope(), "unions/fh-1");
  ASSERT_EQ(Run({"audit", "bundle", "--out", out, "--scope", "merchants/m-7"}), 0) << err_;
  EXPECT_EQ(ledger_.bundle.scope(), "merchants/m-7");
}

TEST_F(ExportCommandTest, TakesDaysOfTheZoneForATime) {
  ASSERT_EQ(Run({"audit", "statement", "--kind", "wallet", "--owner", "x", "--since", "2026-02-01",
                 "--until", "2026-02-28", "--zone", "UTC"}),
            0)
      << err_;
  EXPECT_EQ(ledger_.statement.start_time().seconds(), 1'769'904'000);
  EXPECT_EQ(ledger_.statement.end_time().seconds(), 1'769'904'000 + 28 * 86'400);
}

TEST_F(ExportCommandTest, ListsTheKindsThatRecordsMayBeOf) {
  EXPECT_EQ(Run({"audit", "query", "--kind", "entry/purchase", "--kind", "member_changed"}), 0)
      << err_;
  EXPECT_EQ(Run({"audit", "query", "--kind", "purchase"}), 2);
  for (const char* const kind : {"entry/purchase, ", "member_changed/left, ", "period_lines"}) {
    EXPECT_THAT(err_, HasSubstr(kind));
  }
  EXPECT_THAT(err_, HasSubstr("got purchase"));
}

}  // namespace
}  // namespace puhui::services
