// SPDX-License-Identifier: Apache-2.0
// `audit bundle`: a file that goes on where it stopped, and is written by one at a time.
#include "ledger/crypto/hash.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/cli/export_file.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/cli/commands_fixture.h"
#include "tests/unit/services/cli/fake_pages.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <functional>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;

// One bundle, told in pieces of four bytes. Threads: as Script.
class FakeBundles final : public v1::AuditService::Service {
 public:
  std::string token = std::string(40'000, 't');  // As long as witnesses may make it.
  std::string bytes = "PHB and what happened";
  int pieces_left = 1'000;  // After which the stream ends so.
  grpc::StatusCode broken = grpc::StatusCode::RESOURCE_EXHAUSTED;
  int breaks = 1'000;               // How often it does.
  std::function<void()> meanwhile;  // Called amid each export.
  std::vector<v1::ExportBundleRequest> asked;
  std::size_t pieces_taken = 0;
  v1::Period period;

  grpc::Status ExportBundle(grpc::ServerContext*, const v1::ExportBundleRequest* request,
                            grpc::ServerWriter<v1::ExportBundleResponse>* writer) override {
    asked.push_back(*request);
    if (!request->resume_token().empty() && request->resume_token() != token) {
      return {grpc::StatusCode::INVALID_ARGUMENT, "resume_token"};
    }
    if (meanwhile) meanwhile();
    bool first = true;
    for (std::size_t at = request->offset(); at < bytes.size(); at += 4) {
      if (breaks > 0 && pieces_left-- <= 0) {
        --breaks;
        pieces_left = 1'000;
        return {broken, "scripted"};
      }
      v1::ExportBundleResponse part;
      part.set_chunk(bytes.substr(at, 4));
      if (first) part.set_resume_token(token);
      first = false;
      part.set_at_sequence(at);
      part.set_last_sequence(42);
      if (!writer->Write(part)) break;
      ++pieces_taken;
    }
    return grpc::Status::OK;
  }
  grpc::Status GetPeriod(grpc::ServerContext*, const v1::GetPeriodRequest* request,
                         v1::GetPeriodResponse* response) override {
    *response->mutable_period() = period;
    response->mutable_period()->set_name(request->name());
    named_period = request->name();
    return grpc::Status::OK;
  }
  std::string named_period;
};

class AuditBundleTest : public CommandsTest {
 protected:
  AuditBundleTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&bundles_);
    bundles_server_ = builder.BuildAndStart();
    channel_ = bundles_server_->InProcessChannel(grpc::ChannelArguments());
  }
  ~AuditBundleTest() override {
    channel_.reset();
    bundles_server_->Shutdown();
  }

  int Bundle(const std::vector<std::string>& more = {}) {
    return Run(With({"audit", "bundle", "--out", path_}, more));
  }
  void ExpectWhole() {
    EXPECT_EQ(WholeText(path_), bundles_.bytes);
    const std::string sha256 = ledger::ToHex(ledger::Sha256().Digest(bundles_.bytes));
    EXPECT_EQ(WholeText(path_ + ".sha256"), absl::StrCat(sha256, "  month.phb\n"));
    EXPECT_THAT(out_, HasSubstr(sha256));
    EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
    EXPECT_FALSE(std::filesystem::exists(path_ + ".resume"));
  }

  const std::string path_ = folder_.Join("month.phb");
  FakeBundles bundles_;
  std::unique_ptr<grpc::Server> bundles_server_;
};

TEST_F(AuditBundleTest, HasItsSha256BesideIt) {
  ASSERT_EQ(Bundle(), 0) << err_;
  ExpectWhole();
  ASSERT_EQ(Bundle({"--json"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("\"last_sequence\": \"42\""));
  EXPECT_THAT(out_, HasSubstr("\"bytes\": \"21\""));
}

TEST_F(AuditBundleTest, GoesOnWhereAnotherRunStopped) {
  bundles_.pieces_left = 2;
  EXPECT_NE(Bundle(), 0);
  EXPECT_THAT(err_, HasSubstr("note: 8 bytes are kept"));
  EXPECT_EQ(WholeText(path_ + ".part"), bundles_.bytes.substr(0, 8));
  ASSERT_EQ(Bundle(), 0) << err_;
  ASSERT_EQ(bundles_.asked.size(), 2U);
  EXPECT_EQ(bundles_.asked[1].offset(), 8U);
  EXPECT_EQ(bundles_.asked[1].resume_token(), bundles_.token);
  ExpectWhole();
}

// In one run, when the service goes away amid it and comes back.
TEST_F(AuditBundleTest, GoesOnAfterAStreamThatBroke) {
  bundles_.pieces_left = 3;
  bundles_.broken = grpc::StatusCode::UNAVAILABLE;
  bundles_.breaks = 1;
  ASSERT_EQ(Bundle(), 0) << err_;
  ASSERT_EQ(bundles_.asked.size(), 2U);
  EXPECT_EQ(bundles_.asked[1].offset(), 12U);
  ExpectWhole();
}

TEST_F(AuditBundleTest, IsNotGoneOnWithWhenItsTailIsLost) {
  bundles_.pieces_left = 2;
  EXPECT_NE(Bundle(), 0);
  std::filesystem::resize_file(path_ + ".part", 7);
  EXPECT_EQ(Bundle(), 3);
  EXPECT_THAT(err_, HasSubstr("month.phb.part is not what was written"));
  EXPECT_EQ(bundles_.asked.size(), 1U) << "nothing is asked in vain";
  std::filesystem::remove(path_ + ".resume");
  ASSERT_EQ(Bundle(), 0) << err_;
  ExpectWhole();
}

// Stopped when it had its name and no SHA-256 yet, it is finished without a question.
TEST_F(AuditBundleTest, IsFinishedWhenAllOfItIsThere) {
  std::filesystem::create_directory(path_ + ".sha256");
  EXPECT_EQ(Bundle(), 1);
  EXPECT_EQ(WholeText(path_), bundles_.bytes);
  std::filesystem::remove(path_ + ".sha256");
  ASSERT_EQ(Bundle({"--json"}), 0) << err_;
  EXPECT_EQ(bundles_.asked.size(), 1U);
  EXPECT_THAT(out_, HasSubstr("\"last_sequence\": \"42\""));
  ExpectWhole();
}

// As after a key was replaced. What is there stays until its owner says otherwise.
TEST_F(AuditBundleTest, KeepsWhatTheServiceDoesNotGoOnFrom) {
  bundles_.pieces_left = 2;
  EXPECT_NE(Bundle(), 0);
  bundles_.token = "of a new key";
  EXPECT_EQ(Bundle(), 3);
  EXPECT_THAT(err_, HasSubstr("begins anew without " + path_ + ".resume"));
  EXPECT_EQ(WholeText(path_ + ".part"), bundles_.bytes.substr(0, 8));
  std::filesystem::remove(path_ + ".resume");
  ASSERT_EQ(Bundle(), 0) << err_;
  EXPECT_EQ(bundles_.asked.back().offset(), 0U);
  ExpectWhole();
}

// The service makes few at a time: nothing is asked for that has no place.
TEST_F(AuditBundleTest, EndsTheStreamWhenTheDiskIsFull) {
  bundles_.bytes = std::string(40'000, 'b');
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit six_bytes{.rlim_cur = 6, .rlim_max = before.rlim_max};
  const auto earlier_handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &six_bytes), 0);
  const int code = Bundle();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, earlier_handler);
  EXPECT_EQ(code, 1);
  EXPECT_THAT(err_, HasSubstr("cannot write"));
  EXPECT_LT(bundles_.pieces_taken, 1'000U) << "of 10,000";
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part")) << "nothing was saved";
}

TEST_F(AuditBundleTest, IsNotGoneOnWithForAnotherRange) {
  bundles_.pieces_left = 2;
  EXPECT_NE(Bundle({"--from", "2"}), 0);
  EXPECT_EQ(Bundle({"--from", "3"}), 3);
  EXPECT_THAT(err_, HasSubstr("month.phb.part is of another query"));
  ASSERT_EQ(Bundle({"--from", "2"}), 0) << err_;
  ExpectWhole();
}

TEST_F(AuditBundleTest, IsWrittenByOneAtATime) {
  {
    ASSERT_OK_AND_ASSIGN(const auto other, ExportFile::Open(path_, "of another"));
    EXPECT_EQ(Bundle(), 3);
    EXPECT_THAT(err_, HasSubstr("month.phb.part is being written by another export"));
    EXPECT_TRUE(bundles_.asked.empty());
  }
  absl::Status second;
  bundles_.meanwhile = [&] { second = ExportFile::Open(path_, "of another").status(); };
  ASSERT_EQ(Bundle(), 0) << err_;
  EXPECT_THAT(second, HasCode(absl::StatusCode::kFailedPrecondition));
  ExpectWhole();
}

TEST_F(AuditBundleTest, LeavesNothingOfWhatWasRefusedAtOnce) {
  std::ofstream(path_) << "earlier";
  bundles_.pieces_left = 0;
  EXPECT_NE(Bundle(), 0);
  EXPECT_THAT(err_, HasSubstr("scripted"));
  EXPECT_EQ(WholeText(path_), "earlier");
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".resume"));
}

TEST_F(AuditBundleTest, HasTheRecordsOfAMonth) {
  bundles_.period.set_state(v1::PERIOD_STATE_CLOSED);
  bundles_.period.set_first_sequence(11);
  bundles_.period.set_last_sequence(42);
  ASSERT_EQ(Bundle({"--period", "2026-01"}), 0) << err_;
  EXPECT_EQ(bundles_.named_period, "periods/2026-01");
  ASSERT_EQ(bundles_.asked.size(), 1U);
  EXPECT_EQ(bundles_.asked[0].first_sequence(), 11U);
  EXPECT_EQ(bundles_.asked[0].last_sequence(), 42U);
}

TEST_F(AuditBundleTest, RefusesAMonthThatHasNoSettledRange) {
  for (const char* const flag : {"--from", "--to"}) {
    EXPECT_EQ(Bundle({"--period", "2026-01", flag, "7"}), 2);
    EXPECT_THAT(err_, HasSubstr("--period"));
    EXPECT_THAT(err_, HasSubstr(flag));
  }
  bundles_.period.set_state(v1::PERIOD_STATE_OPEN);
  bundles_.period.set_first_sequence(11);
  bundles_.period.set_last_sequence(42);
  EXPECT_EQ(Bundle({"--period", "2026-01"}), 6);
  EXPECT_THAT(err_, HasSubstr("want a month that is closed"));
  bundles_.period.set_state(v1::PERIOD_STATE_CLOSED);
  bundles_.period.set_last_sequence(10);
  EXPECT_EQ(Bundle({"--period", "2026-01"}), 6);
  EXPECT_THAT(err_, HasSubstr("the month has no records"));
  EXPECT_TRUE(bundles_.asked.empty());
  EXPECT_FALSE(std::filesystem::exists(path_ + ".part"));
}

}  // namespace
}  // namespace puhui::services
