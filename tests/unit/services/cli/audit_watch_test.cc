// SPDX-License-Identifier: Apache-2.0
// `audit watch`: what is asked for, what is told of it line by line, and where a stream that broke
// is taken up.
#include "puhui/v1/audit_service.grpc.pb.h"
#include "tests/unit/services/cli/commands_fixture.h"

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services::audit_watch_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Watched = v1::WatchRecordsResponse;

Watched Told(std::uint64_t sequence, const std::string& kind) {
  Watched message;
  message.mutable_record()->set_sequence(sequence);
  message.mutable_record()->mutable_time()->set_seconds(1'769'904'000);
  message.mutable_record()->set_kind(kind);
  message.mutable_record()->set_caller("spiffe://puhui.test/hr/unions/fh-1");
  message.set_next_sequence(sequence + 1);
  return message;
}
Watched NothingUntil(std::uint64_t next_sequence) {
  Watched message;
  message.set_next_sequence(next_sequence);
  return message;
}

// Tells each watcher its part, and ends the stream with that part's status. Threads: as Script.
class FakeWatch final : public v1::AuditService::Service {
 public:
  struct Part {
    std::vector<Watched> messages;
    grpc::Status end;
  };
  std::deque<Part> parts;
  std::vector<v1::WatchRecordsRequest> asked;
  absl::Duration time_left;  // Of the last stream, when it began.

  grpc::Status WatchRecords(grpc::ServerContext* context, const v1::WatchRecordsRequest* request,
                            grpc::ServerWriter<Watched>* writer) override {
    asked.push_back(*request);
    time_left = absl::FromChrono(context->deadline() - std::chrono::system_clock::now());
    if (parts.empty()) return {grpc::StatusCode::INTERNAL, "asked once too often"};
    const Part part = std::move(parts.front());
    parts.pop_front();
    for (const Watched& message : part.messages) writer->Write(message);
    return part.end;
  }
};

class AuditWatchTest : public CommandsTest {
 protected:
  AuditWatchTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&watch_);
    watch_server_ = builder.BuildAndStart();
    channel_ = watch_server_->InProcessChannel(grpc::ChannelArguments());
  }
  int Watch(const std::vector<std::string>& more) { return Run(With({"audit", "watch"}, more)); }
  void Tell(std::vector<Watched> messages, grpc::StatusCode end) {
    watch_.parts.push_back({std::move(messages), grpc::Status(end, "scripted")});
  }
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines = absl::StrSplit(out_, '\n');
    EXPECT_EQ(lines.back(), "") << "the last line is whole";
    lines.pop_back();
    return lines;
  }
  // Of lines that are each a message of its own.
  std::vector<std::uint64_t> SequencesInJson() const {
    std::vector<std::uint64_t> sequences;
    for (const std::string& line : Lines()) {
      Watched message;
      EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &message).ok()) << line;
      sequences.push_back(message.record().sequence());
      EXPECT_EQ(message.next_sequence(), message.record().sequence() + 1);
    }
    return sequences;
  }

  FakeWatch watch_;
  std::unique_ptr<grpc::Server> watch_server_;
};

TEST_F(AuditWatchTest, AsksForWhatTheFlagsSay) {
  Tell({}, grpc::StatusCode::DEADLINE_EXCEEDED);
  Watch({"--from",       "7",        "--kind",       "entry/purchase",
         "--kind",       "declined", "--member",     "01J",
         "--merchant",   "m-7",      "--union",      "fh-1",
         "--min-points", "5",        "--max-points", "9",
         "--about",      "3",        "--since",      "2026-02-01T00:00:00Z"});
  ASSERT_THAT(watch_.asked, SizeIs(1)) << err_;
  EXPECT_EQ(watch_.asked[0].from_sequence(), 7U);
  const v1::RecordFilter& filter = watch_.asked[0].filter();
  EXPECT_THAT(filter.kinds(), ElementsAre("entry/purchase", "declined"));
  EXPECT_THAT(filter.members(), ElementsAre("members/01J"));
  EXPECT_THAT(filter.merchants(), ElementsAre("merchants/m-7"));
  EXPECT_THAT(filter.about(), ElementsAre(3));
  EXPECT_EQ(filter.in_union(), "unions/fh-1");
  EXPECT_EQ(filter.points_min(), 5);
  EXPECT_EQ(filter.points_max(), 9);
  EXPECT_EQ(filter.start_time().seconds(), 1'769'904'000);
}

TEST_F(AuditWatchTest, AsksForWhatIsWrittenNextUnlessItIsToldWhere) {
  Tell({}, grpc::StatusCode::DEADLINE_EXCEEDED);
  Watch({});
  ASSERT_THAT(watch_.asked, SizeIs(1)) << err_;
  EXPECT_EQ(watch_.asked[0].from_sequence(), 0U);
  EXPECT_EQ(watch_.asked[0].filter().ByteSizeLong(), 0U);
}

TEST_F(AuditWatchTest, AKindThatThereIsNotIsNotAskedFor) {
  EXPECT_EQ(Watch({"--kind", "entry/nothing"}), 2);
  EXPECT_THAT(err_, HasSubstr("entry/nothing"));
  EXPECT_EQ(Watch({"--to", "9"}), 2) << "a watch has no end";
  EXPECT_THAT(watch_.asked, IsEmpty());
}

TEST_F(AuditWatchTest, TellsARecordALine) {
  Tell({Told(7, "entry/purchase"), NothingUntil(20), Told(21, "declined")},
       grpc::StatusCode::DEADLINE_EXCEEDED);
  Watch({});
  EXPECT_THAT(Lines(), ElementsAre("7  2026-02-01 08:00:00 +08:00  entry/purchase  "
                                   "spiffe://puhui.test/hr/unions/fh-1",
                                   "21  2026-02-01 08:00:00 +08:00  declined  "
                                   "spiffe://puhui.test/hr/unions/fh-1"));
}

TEST_F(AuditWatchTest, TellsARecordALineOfJson) {
  Tell({Told(7, "entry/purchase"), NothingUntil(20), Told(21, "declined")},
       grpc::StatusCode::DEADLINE_EXCEEDED);
  Watch({"--json"});
  EXPECT_THAT(SequencesInJson(), ElementsAre(7, 21));
}

TEST_F(AuditWatchTest, AStreamThatBrokeIsTakenUpWhereItBroke) {
  Tell({Told(7, "entry/purchase")}, grpc::StatusCode::UNAVAILABLE);
  Tell({NothingUntil(20)}, grpc::StatusCode::UNAVAILABLE);
  Tell({}, grpc::StatusCode::UNAVAILABLE);
  Tell({Told(21, "entry/refund")}, grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(Watch({"--from", "5", "--member", "01J", "--json"}), 7);
  ASSERT_THAT(watch_.asked, SizeIs(4)) << err_;
  std::vector<std::uint64_t> from;
  for (const v1::WatchRecordsRequest& request : watch_.asked) {
    from.push_back(request.from_sequence());
    EXPECT_THAT(request.filter().members(), ElementsAre("members/01J"));
  }
  EXPECT_THAT(from, ElementsAre(5, 8, 20, 20));
  EXPECT_THAT(SequencesInJson(), ElementsAre(7, 21)) << "neither twice nor left out";
  EXPECT_THAT(err_, HasSubstr("trying again"));
}

// Whoever watches from now on is told first where that is, and so misses nothing either.
TEST_F(AuditWatchTest, AStreamThatBrokeBeforeAnythingWasWrittenIsTakenUpWhereItBegan) {
  Tell({NothingUntil(12)}, grpc::StatusCode::UNAVAILABLE);
  Tell({Told(12, "entry/purchase")}, grpc::StatusCode::DEADLINE_EXCEEDED);
  Watch({});
  ASSERT_THAT(watch_.asked, SizeIs(2)) << err_;
  EXPECT_EQ(watch_.asked[1].from_sequence(), 12U);
}

TEST_F(AuditWatchTest, TheExitCodeSaysHowItEnded) {
  struct Row {
    grpc::StatusCode end;
    int code;
  };
  for (const Row& row :
       {Row{grpc::StatusCode::DEADLINE_EXCEEDED, 7}, Row{grpc::StatusCode::PERMISSION_DENIED, 5},
        Row{grpc::StatusCode::NOT_FOUND, 4}, Row{grpc::StatusCode::INVALID_ARGUMENT, 3},
        Row{grpc::StatusCode::CANCELLED, 1}, Row{grpc::StatusCode::OK, 0}}) {
    watch_.asked.clear();
    Tell({Told(7, "entry/purchase")}, row.end);
    EXPECT_EQ(Watch({"--json"}), row.code) << err_;
    EXPECT_THAT(SequencesInJson(), ElementsAre(7)) << row.code;
    EXPECT_THAT(watch_.asked, SizeIs(1)) << "it is not asked again: " << row.code;
    EXPECT_EQ(err_.empty(), row.code == 0) << row.code;
  }
}

TEST_F(AuditWatchTest, EndsWhenItsTimeIsUp) {
  Tell({}, grpc::StatusCode::DEADLINE_EXCEEDED);
  Watch({"--timeout", "90s"});
  EXPECT_GT(watch_.time_left, absl::ZeroDuration());
  EXPECT_LT(watch_.time_left, absl::Seconds(91)) << "gRPC reckons it from another clock";
  // The service is away until then, and nobody asks any longer.
  const absl::Time begun = clock_.Now();
  for (int i = 0; i < 100; ++i) Tell({}, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Watch({"--timeout", "90s"}), 7);
  EXPECT_LE(clock_.Now() - begun, absl::Seconds(90));
  EXPECT_THAT(watch_.parts, Not(IsEmpty()));
}

}  // namespace
}  // namespace puhui::services::audit_watch_test
