// SPDX-License-Identifier: Apache-2.0
// A stream of records while unions move, over an in-process channel: there no message is sent
// before the reader wants it, so the server is never more than one ahead.
#include "tests/unit/services/merchant/pos_fixture.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::HasSubstr;
using ::testing::Not;

class RecordStreamTest : public PosTest {
 protected:
  static constexpr char kUnionAuditor[] = "/auditor/unions/fh-1";

  // Records of the union, and of no other.
  void Rename(const std::string& name, int times) {
    for (int i = 0; i < times; ++i) {
      v1::UpdateUnionRequest request;
      request.set_request_id(NextRequestId());
      request.mutable_union_()->set_name(name);
      request.mutable_union_()->set_display_name(absl::StrCat("工会 ", i));
      request.mutable_update_mask()->add_paths("display_name");
      ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::UpdateUnion, kOperatorPath, request));
    }
  }
  void MoveAway(const std::string& name) {
    v1::MoveUnionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    request.set_parent("unions/gz-2");
    ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::MoveUnion, kOperatorPath, request));
  }
  // The sequences of one message, or of all that are left.
  static void Take(const v1::StreamRecordsResponse& message, std::vector<std::uint64_t>* into) {
    for (const v1::RecordView& record : message.records()) into->push_back(record.sequence());
  }
  std::vector<std::uint64_t> Stream(const v1::StreamRecordsRequest& request) {
    std::vector<std::uint64_t> sequences;
    const auto context = As(kUnionAuditor);
    const auto reader = audit_->StreamRecords(context.get(), request);
    for (v1::StreamRecordsResponse message; reader->Read(&message);) Take(message, &sequences);
    EXPECT_TRUE(reader->Finish().ok());
    return sequences;
  }
  static std::string Told(const v1::StreamRecordsResponse& message) {
    std::string told;
    for (const v1::RecordView& record : message.records()) told += record.json();
    return told;
  }
};

TEST_F(RecordStreamTest, AUnionThatMovesAwayIsStreamedNoMore) {
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("goes", "unions/fh-1")));
  Rename("unions/goes", 650);
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("stays", "unions/fh-1")));
  v1::StreamRecordsRequest request;
  request.mutable_filter()->set_in_union("unions/fh-1");
  const auto context = As(kUnionAuditor);
  const auto reader = audit_->StreamRecords(context.get(), request);
  v1::StreamRecordsResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_THAT(Told(message), HasSubstr("union_updated"));
  ASSERT_NO_FATAL_FAILURE(MoveAway("unions/goes"));
  // The next may have been made before, but not the last.
  std::string last;
  while (reader->Read(&message)) last = Told(message);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_THAT(last, HasSubstr("stays"));
  EXPECT_THAT(last, Not(HasSubstr("union_updated")));
}

// Neither twice nor left out, and nothing that was written after the first question.
TEST_F(RecordStreamTest, IsTakenUpWhereItBroke) {
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("stays", "unions/fh-1")));
  Rename("unions/stays", 650);
  for (const bool newest_first : {false, true}) {
    v1::StreamRecordsRequest request;
    request.mutable_filter()->set_in_union("unions/stays");
    request.set_newest_first(newest_first);
    const std::vector<std::uint64_t> whole = Stream(request);
    std::vector<std::uint64_t> taken;
    {
      const auto context = As(kUnionAuditor);
      const auto reader = audit_->StreamRecords(context.get(), request);
      v1::StreamRecordsResponse message;
      ASSERT_TRUE(reader->Read(&message));
      Take(message, &taken);
      request.set_page_token(message.next_page_token());
      context->TryCancel();
      reader->Finish();
    }
    ASSERT_LT(taken.size(), whole.size());
    Rename("unions/stays", 3);
    for (const std::uint64_t sequence : Stream(request)) taken.push_back(sequence);
    EXPECT_EQ(taken, whole) << (newest_first ? "newest first" : "oldest first");
  }
}

// Else a watch that is cut before anything is written could not be taken up.
TEST_F(RecordStreamTest, AWatchFromNowOnSaysAtOnceWhereThatIs) {
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("stays", "unions/fh-1")));
  const Sequence last = LastRecord();
  v1::WatchRecordsRequest request;
  v1::WatchRecordsResponse message;
  {
    const auto context = As(kAuditor);
    const auto reader = audit_->WatchRecords(context.get(), request);
    ASSERT_TRUE(reader->Read(&message));
    context->TryCancel();
    reader->Finish();
  }
  EXPECT_FALSE(message.has_record());
  const std::uint64_t begins = message.next_sequence();
  ASSERT_GT(begins, 0U);
  ASSERT_LE(begins, last + 1);
  Rename("unions/stays", 1);  // While nobody watches.
  request.set_from_sequence(begins);
  const auto context = As(kAuditor);
  const auto reader = audit_->WatchRecords(context.get(), request);
  for (std::uint64_t sequence = begins; sequence <= last + 1; ++sequence) {
    ASSERT_TRUE(reader->Read(&message));
    EXPECT_EQ(message.record().sequence(), sequence);
  }
  EXPECT_EQ(message.record().kind(), "union_updated");
  context->TryCancel();
  reader->Finish();
}

TEST_F(RecordStreamTest, EndsWhenTheUnionLeavesTheScopeOfWhoeverReads) {
  ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("goes", "unions/fh-1")));
  Rename("unions/goes", 650);
  v1::StreamRecordsRequest request;
  request.mutable_filter()->set_in_union("unions/goes");
  const auto context = As(kUnionAuditor);
  const auto reader = audit_->StreamRecords(context.get(), request);
  v1::StreamRecordsResponse message;
  ASSERT_TRUE(reader->Read(&message));
  ASSERT_NO_FATAL_FAILURE(MoveAway("unions/goes"));
  int more = 0;
  while (reader->Read(&message)) ++more;
  EXPECT_LE(more, 1) << "which was made before";
  EXPECT_THAT(FromGrpcStatus(reader->Finish()), Refuses(Reason::kNotFound));
}

}  // namespace
}  // namespace puhui::services
