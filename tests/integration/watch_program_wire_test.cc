// SPDX-License-Identifier: Apache-2.0
// `puhui audit watch` as people run it: the program, over real mutual TLS, against a real puhuid,
// until somebody stops it or its time is up.
#include "puhui/v1/access_service.grpc.pb.h"
#include "puhui/v1/audit_service.grpc.pb.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wire/ask.h"
#include "tests/support/wire/program.h"
#include "tests/support/wire/scene.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace puhui::watch_program_wire_test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int kOutOfTime = 7;

class WatchProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(deployment_.Start());
    ASSERT_OK_AND_ASSIGN(scene_, Scene::Set(deployment_, {}, &random_));
    deployment_.WriteIdentity("auditor", deployment_.Identity("/auditor/people/a-1"));
    std::ofstream(Path("auditor.yaml"))
        << "server: 127.0.0.1:" << deployment_.port()
        << "\nserver_name: localhost\nca: ca.pem\ncert: auditor.pem\nkey: auditor.key\n";
  }

  std::string Path(const std::string& name) const { return deployment_.directory().Join(name); }
  std::vector<std::string> Command(const std::vector<std::string>& more) const {
    std::vector<std::string> command = {PUHUI_TEST_PUHUI, "--profile", Path("auditor.yaml"),
                                        "audit", "watch"};
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }
  static bool HasLines(const std::string& out, std::ptrdiff_t count) {
    return std::count(out.begin(), out.end(), '\n') >= count;
  }
  // Runs it until it has told so many lines, and stops it like that.
  ProgramEnd TellLines(std::ptrdiff_t count, const std::vector<std::string>& more,
                       int signal) const {
    RunningProgram watch(Command(more), Path("watch.out"), Path("watch.err"));
    EXPECT_TRUE(watch.AwaitOut([count](const std::string& out) { return HasLines(out, count); }));
    return watch.End(signal);
  }
  // What it told in lines that are each a message of its own, the last one too.
  static std::vector<v1::WatchRecordsResponse> MessagesIn(const std::string& out) {
    std::vector<std::string> lines = absl::StrSplit(out, '\n');
    EXPECT_EQ(lines.back(), "");
    lines.pop_back();
    std::vector<v1::WatchRecordsResponse> messages;
    for (const std::string& line : lines) {
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &messages.emplace_back()).ok())
          << line;
    }
    return messages;
  }
  // Until a watch of this deployment has begun.
  absl::Status AwaitWatch() const {
    const auto supervisor = v1::AccessService::NewStub(deployment_.Connect("/supervisor"));
    v1::ListAccessesRequest request;
    request.set_rpc("AuditService/WatchRecords");
    const absl::Time patience = absl::Now() + absl::Seconds(30);
    while (absl::Now() < patience) {
      const auto listed = Ask(*supervisor, &v1::AccessService::Stub::ListAccesses, request);
      if (!listed.ok()) return listed.status();
      if (listed->accesses_size() > 0) return absl::OkStatus();
    }
    return absl::DeadlineExceededError("nobody watches");
  }

  SeededRandom random_{20'261'129};
  Deployment deployment_;
  Scene scene_;
};

TEST_F(WatchProgramTest, TellsWhatWasWrittenAndGoesOnFromWhereItWasStopped) {
  const std::vector<std::string> grants = {"--json", "--kind", "entry/grant"};
  std::vector<std::string> from_the_first = grants;
  from_the_first.insert(from_the_first.end(), {"--from", "1"});
  const auto people = static_cast<std::ptrdiff_t>(scene_.members.size());
  const ProgramEnd first = TellLines(people, from_the_first, SIGTERM);
  EXPECT_EQ(first.signal, SIGTERM);
  EXPECT_EQ(first.err, "");
  const std::vector<v1::WatchRecordsResponse> told = MessagesIn(first.out);
  ASSERT_THAT(told, SizeIs(scene_.members.size()));
  std::uint64_t last = 0;
  for (const v1::WatchRecordsResponse& message : told) {
    EXPECT_EQ(message.record().kind(), "entry/grant");
    EXPECT_GT(message.record().sequence(), last);
    last = message.record().sequence();
    EXPECT_EQ(message.next_sequence(), last + 1);
  }

  // From behind the first of them, as a script would go on.
  std::vector<std::string> from_there = grants;
  from_there.insert(from_there.end(), {"--from", absl::StrCat(told[0].next_sequence())});
  const ProgramEnd second = TellLines(people - 1, from_there, SIGINT);
  EXPECT_EQ(second.signal, SIGINT) << "a shell sees that it was interrupted";
  const std::vector<v1::WatchRecordsResponse> rest = MessagesIn(second.out);
  ASSERT_THAT(rest, SizeIs(told.size() - 1));
  for (std::size_t i = 0; i < rest.size(); ++i) {
    EXPECT_EQ(rest[i].SerializeAsString(), told[i + 1].SerializeAsString());
  }
  // Neither is served any more.
  EXPECT_OK(deployment_.AwaitLog("WatchRecords", 2));
}

TEST_F(WatchProgramTest, TellsEachRecordAsItIsWritten) {
  RunningProgram watch(Command({"--kind", "entry/purchase"}), Path("watch.out"), Path("watch.err"));
  ASSERT_OK(AwaitWatch());
  const auto till = v1::PosService::NewStub(deployment_.Connect(scene_.terminal_identity));
  for (std::uint32_t bought = 1; bought <= 2; ++bought) {
    ASSERT_OK(Ask(*till, &v1::PosService::Stub::Purchase, scene_.Purchase(bought, 10, random_)));
    EXPECT_TRUE(watch.AwaitOut([bought](const std::string& out) { return HasLines(out, bought); }))
        << "while it goes on, and nothing more is written";
  }
  const ProgramEnd end = watch.End(SIGTERM);
  EXPECT_EQ(end.signal, SIGTERM);
  const std::vector<std::string> lines = absl::StrSplit(end.out, '\n');
  ASSERT_THAT(lines, SizeIs(3)) << end.out;
  for (const std::string& line : {lines[0], lines[1]}) {
    EXPECT_THAT(line, HasSubstr("  entry/purchase  "));
    EXPECT_THAT(line, HasSubstr(scene_.terminal)) << "who asked for it";
  }
  EXPECT_THAT(lines[2], IsEmpty());
}

TEST_F(WatchProgramTest, EndsByItselfWhenItsTimeIsUp) {
  const ProgramEnd end = RunProgram(Command({"--json", "--from", "1", "--timeout", "1s"}),
                                    Path("watch.out"), Path("watch.err"));
  EXPECT_EQ(end.exit_code, kOutOfTime) << end.err;
  EXPECT_EQ(end.signal, 0);
  std::uint64_t last = 0;
  for (const v1::WatchRecordsResponse& message : MessagesIn(end.out)) {
    EXPECT_EQ(message.record().sequence(), ++last) << "each, in order";
  }
}

TEST_F(WatchProgramTest, ARefusedWatchEndsAtOnce) {
  deployment_.WriteIdentity("auditor", deployment_.Identity("/member/" + scene_.members.front()));
  const ProgramEnd end = RunProgram(Command({"--json"}), Path("watch.out"), Path("watch.err"));
  EXPECT_EQ(end.exit_code, 5) << "not permitted";
  EXPECT_EQ(end.out, "");
  EXPECT_THAT(end.err, HasSubstr("PERMISSION_DENIED"));
}

TEST(RunningProgramTest, IsEndedByASignalThatTheTestsIgnore) {
  const TempDir directory;
  const auto handler = std::signal(SIGINT, SIG_IGN);
  RunningProgram program({"/bin/sleep", "10"}, directory.Join("out"), directory.Join("err"));
  std::signal(SIGINT, handler);
  EXPECT_EQ(program.End(SIGINT).signal, SIGINT);
}

}  // namespace
}  // namespace puhui::watch_program_wire_test
