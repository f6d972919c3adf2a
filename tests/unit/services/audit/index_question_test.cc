// SPDX-License-Identifier: Apache-2.0
// Auditors ask while nobody follows the journal for their index.
#include "services/audit/index_question.h"

#include "tests/unit/services/merchant/pos_fixture.h"
#include "tests/unit/services/rpc/note_book.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;
using AuditStub = v1::AuditService::Stub;

// An index that is followed when the test does it, and a server of its own for who asks it.
class IndexQuestionTest : public PosTest {
 protected:
  IndexQuestionTest() {
    grpc::ServerBuilder builder;
    held_calls_ = std::make_unique<Calls>(
        &held_pipeline_, &builder,
        Calls::Options{.drained = [this] { ledger_.engine->LendThread(); }});
    held_service_.Serve(*held_calls_);
    held_server_ = builder.BuildAndStart();
    held_calls_->Start();
    held_ = v1::AuditService::NewStub(held_server_->InProcessChannel({}));
  }
  ~IndexQuestionTest() override {
    held_server_->Shutdown();
    held_calls_->Stop();
  }

  AuditService::Parts HeldParts() {
    return {ledger_.engine.get(),  &tokens_,  &tree_, &held_index_,
            /*prover=*/nullptr,
            /*key=*/nullptr,
            /*witnesses=*/nullptr, &subtrees_};
  }
  std::future<absl::Status> Query(std::shared_ptr<grpc::ClientContext> context) {
    return std::async(std::launch::async, [this, context = std::move(context)] {
      v1::QueryRecordsRequest request;
      request.set_page_size(1);
      v1::QueryRecordsResponse response;
      return FromGrpcStatus(held_->QueryRecords(context.get(), request, &response));
    });
  }
  absl::Status AskForOneRecord() {
    v1::GetRecordRequest record;
    record.set_sequence(1);
    return Ask(*held_, &AuditStub::GetRecord, kAuditor, record).status();
  }
  void AwaitWaiting(std::size_t count) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (held_index_.figures().waiting != count) {
      ASSERT_LT(std::chrono::steady_clock::now(), give_up);
      std::this_thread::yield();
    }
  }
  // The rows of the call that is on record as cancelled, which it soon is.
  void AwaitCancelled(absl::string_view rpc, std::uint64_t* rows) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (std::chrono::steady_clock::now() < give_up) {
      for (const std::string& line : notes_.Lines()) {
        if (!absl::StrContains(line, rpc) || absl::StrContains(line, " unended")) continue;
        // Method, person, purpose, rows, outcome.
        const std::vector<std::string> words = absl::StrSplit(line, ' ');
        ASSERT_GE(words.size(), 5U) << line;
        ASSERT_EQ(words[4], "CANCELLED") << line;
        ASSERT_TRUE(absl::SimpleAtoi(words[3], rows)) << line;
        return;
      }
      std::this_thread::yield();
    }
    FAIL() << rpc << " does not end";
  }

  audit::AuditIndex held_index_{&ledger_.store, AuditIndexInMemory(directory_.Join("held"))};
  AuditService held_service_{HeldParts()};
  WorkerPool held_workers_{audit::AuditIndex::kWaitingMax + 1, 64};
  NoteBook notes_;
  Pipeline held_pipeline_{{.authenticator = &authenticator_,
                           .clock = &clock_,
                           .workers = &held_workers_,
                           .log = &call_log_,
                           .metrics = &metrics_,
                           .accesses = &notes_}};
  std::unique_ptr<Calls> held_calls_;
  std::unique_ptr<grpc::Server> held_server_;
  std::unique_ptr<AuditStub> held_;
};

TEST_F(IndexQuestionTest, NobodyWaitsBeyondTheDeadline) {
  const CallContext call =
      MakeCallContext(Rpc::kQueryRecords, *ParseSpiffeUri("spiffe://d/auditor", "d"),
                      ledger_.engine->Now() + absl::Milliseconds(1));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THAT(ReadIndex(HeldParts(), call), Refuses(Reason::kAuditIndexBehind));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, absl::ToChronoSeconds(kIndexWaitMax));
}

TEST_F(IndexQuestionTest, WhoeverWaitsLeavesAThreadToTheOthers) {
  std::vector<std::future<absl::Status>> asked;
  for (std::size_t i = 0; i < 2 * audit::AuditIndex::kWaitingMax; ++i) {
    asked.push_back(Query(As(kAuditor)));
  }
  ASSERT_NO_FATAL_FAILURE(AwaitWaiting(audit::AuditIndex::kWaitingMax));
  EXPECT_OK(AskForOneRecord());
  EXPECT_EQ(held_index_.figures().waiting, audit::AuditIndex::kWaitingMax) << "they still do";
  ASSERT_OK(held_index_.Follow());
  std::size_t answered = 0;
  for (auto& one : asked) {
    const absl::Status status = one.get();
    if (status.ok()) {
      ++answered;
    } else {
      EXPECT_THAT(status, Refuses(Reason::kAuditIndexBehind));
    }
  }
  EXPECT_GE(answered, audit::AuditIndex::kWaitingMax);
}

TEST_F(IndexQuestionTest, AQueryThatNobodyWaitsForLooksAtNoRecord) {
  const std::shared_ptr<grpc::ClientContext> context = As(kAuditor);
  auto asked = Query(context);
  ASSERT_NO_FATAL_FAILURE(AwaitWaiting(1));
  context->TryCancel();
  EXPECT_THAT(asked.get(), HasCode(absl::StatusCode::kCancelled));
  // Until the server has heard of it: it hears of things in their order.
  for (int i = 0; i < 50; ++i) ASSERT_OK(AskForOneRecord());
  EXPECT_EQ(held_index_.figures().waiting, 1U);
  ASSERT_OK(held_index_.Follow());
  std::uint64_t rows = 0;
  ASSERT_NO_FATAL_FAILURE(AwaitCancelled("QueryRecords", &rows));
  EXPECT_EQ(rows, 0U);
}

TEST_F(IndexQuestionTest, AStreamThatNobodyReadsStopsAmidTheRecords) {
  constexpr int kRenamed = 1'000;
  for (int i = 0; i < kRenamed; ++i) {
    v1::UpdateUnionRequest request;
    request.set_request_id(NextRequestId());
    request.mutable_union_()->set_name("unions/fh-1");
    request.mutable_union_()->set_display_name(absl::StrCat("工会 ", i));
    request.mutable_update_mask()->add_paths("display_name");
    ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::UpdateUnion, kOperatorPath, request));
  }
  ASSERT_OK(held_index_.Follow());
  const auto context = As(kAuditor);
  const auto reader = held_->StreamRecords(context.get(), v1::StreamRecordsRequest());
  v1::StreamRecordsResponse message;
  ASSERT_TRUE(reader->Read(&message));
  context->TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  std::uint64_t rows = 0;
  ASSERT_NO_FATAL_FAILURE(AwaitCancelled("StreamRecords", &rows));
  EXPECT_GE(rows, static_cast<std::uint64_t>(message.records_size()));
  EXPECT_LT(rows, std::uint64_t{kRenamed}) << "it is never more than a message or two ahead";
}

// Of the ledger itself is another matter, and nobody should ask again.
TEST_F(IndexQuestionTest, DamageOfTheIndexAloneIsNoReasonToGiveUp) {
  ASSERT_OK(held_index_.Follow());
  const auto ask = [this](const absl::Status& met) {
    return AskIndex(held_index_, [&]() -> absl::StatusOr<Sequence> { return met; });
  };
  EXPECT_THAT(ask(absl::DataLossError("journal")), HasCode(absl::StatusCode::kDataLoss));
  const auto dropped = AskIndex(held_index_, [this]() -> absl::StatusOr<Sequence> {
    absl::StatusOr<audit::IndexMoment> moment = held_index_.Read(absl::ZeroDuration());
    EXPECT_OK(moment);
    held_index_.Reject(*moment);
    EXPECT_OK(held_index_.Follow());
    return absl::DataLossError("index");
  });
  EXPECT_THAT(dropped, Refuses(Reason::kAuditIndexBehind));
  EXPECT_EQ(*AskIndex(held_index_, []() -> absl::StatusOr<Sequence> { return Sequence{3}; }), 3U);
}

}  // namespace
}  // namespace puhui::services
