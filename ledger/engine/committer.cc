// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/committer.h"

#include "ledger/base/check.h"
#include "ledger/base/give_way.h"
#include "ledger/base/status_macros.h"
#include "ledger/journal/journal_reader.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::ledger {
namespace {

const absl::Status& OutcomeUnknown() {
  static const absl::Status* const status = new absl::Status(
      absl::UnavailableError("the outcome is unknown: try again with the same request id"));
  return *status;
}

// The recorded outcome of an earlier call.
absl::StatusOr<Outcome> ReadOutcome(const Readable& store, const Answer& answer) {
  auto arena = std::make_shared<google::protobuf::Arena>();
  std::vector<const journal::v1::Record*> records;
  PUHUI_RETURN_IF_ERROR(ReadRecords(
      store, answer.replay_first, answer.replay_records,
      [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
        auto* record = google::protobuf::Arena::CreateMessage<journal::v1::Record>(arena.get());
        if (!record->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
          return absl::DataLossError(absl::StrCat("record ", sequence, " cannot be parsed"));
        }
        records.push_back(record);
        return true;
      }));
  return Outcome(std::move(records), std::move(arena));
}

}  // namespace

Committer::Committer(Parts parts, const Position& start)
    : parts_(std::move(parts)), durable_(start) {}

Committer::~Committer() { Stop(); }

void Committer::Start() {
  append_thread_ = std::thread([this] {
    ComeFirst();
    AppendLoop();
  });
  answer_thread_ = std::thread([this] {
    ComeFirst();
    AnswerLoop();
  });
}

void Committer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  if (append_thread_.joinable()) append_thread_.join();
  {
    MutexLock lock(&answers_mutex_);
    answers_stopping_ = true;
    answers_changed_.NotifyAll();
  }
  if (answer_thread_.joinable()) answer_thread_.join();
}

void Committer::AwaitRoom() {
  MutexLock lock(&mutex_);
  while (waiting_ != nullptr) changed_.Wait(&mutex_);
}

void Committer::Commit(std::shared_ptr<Group> group) {
  MutexLock lock(&mutex_);
  PUHUI_CHECK(waiting_ == nullptr);
  waiting_ = std::move(group);
  changed_.NotifyAll();
}

Position Committer::durable() const {
  MutexLock lock(&mutex_);
  return durable_;
}

void Committer::CommitHere(const std::shared_ptr<Group>& group) {
  AwaitIdle();
  Settle(*group);
  Deliver(group);
}

// Answers go out in journal order, so those of earlier groups come first.
void Committer::AwaitIdle() {
  {
    MutexLock lock(&mutex_);
    while (waiting_ != nullptr || appending_) changed_.Wait(&mutex_);
  }
  MutexLock lock(&answers_mutex_);
  while (!answers_.empty() || answering_) answers_changed_.Wait(&answers_mutex_);
}

void Committer::AppendLoop() {
  while (true) {
    std::shared_ptr<Group> group;
    {
      MutexLock lock(&mutex_);
      while (waiting_ == nullptr && !stopping_) changed_.Wait(&mutex_);
      if (waiting_ == nullptr) return;
      group = std::move(waiting_);
      appending_ = true;
      changed_.NotifyAll();
    }
    Settle(*group);
    {
      MutexLock lock(&answers_mutex_);
      answers_.push_back(std::move(group));
      answers_changed_.NotifyAll();
    }
    MutexLock lock(&mutex_);
    appending_ = false;
    changed_.NotifyAll();
  }
}

void Committer::Settle(Group& group) {
  if (!failed()) {
    if (absl::Status status = MakeDurable(group); status.ok()) {
      Publish(group);
    } else {
      failed_.store(true, std::memory_order_release);
      parts_.on_failure(status);
    }
  }
  if (!failed()) return;
  for (Answer& answer : group.answers) answer.status = OutcomeUnknown();
}

// Durable first, then visible. The mark outside the log comes after the sync, so it is never ahead
// of what is durable.
absl::Status Committer::MakeDurable(const Group& group) {
  if (group.segments.empty()) return absl::OkStatus();
  const CommitLog::AppendResult result =
      parts_.log->Append(parts_.epoch, group.segments, group.vault);
  if (result.outcome != AppendOutcome::kCommitted) {
    return result.status.ok() ? absl::UnavailableError("another epoch owns the journal")
                              : result.status;
  }
  PUHUI_RETURN_IF_ERROR(parts_.high_water->Write({group.end.sequence, group.end.root}));
  {
    // The time goes ahead of what is visible: whoever sees a record never judges by an earlier
    // time than its own, whatever the clock says.
    MutexLock lock(&mutex_);
    durable_.time = group.end.time;
  }
  PUHUI_RETURN_IF_ERROR(parts_.store->Commit(group.views, Durability::kView));
  unflushed_ += group.segments.back().last - group.segments.front().first + 1;
  if (unflushed_ < parts_.flush_records) return absl::OkStatus();
  unflushed_ = 0;
  return parts_.store->FlushViews(/*wait=*/false);
}

void Committer::Publish(const Group& group) {
  retired_.store(group.number, std::memory_order_release);
  MutexLock lock(&mutex_);
  durable_ = group.end;
}

void Committer::AnswerLoop() {
  while (true) {
    std::deque<std::shared_ptr<Group>> groups;
    {
      MutexLock lock(&answers_mutex_);
      while (answers_.empty() && !answers_stopping_) answers_changed_.Wait(&answers_mutex_);
      if (answers_.empty()) return;
      groups.swap(answers_);
      answering_ = true;
    }
    for (const std::shared_ptr<Group>& group : groups) Deliver(group);
    MutexLock lock(&answers_mutex_);
    answering_ = false;
    answers_changed_.NotifyAll();
  }
}

void Committer::Deliver(const std::shared_ptr<Group>& group) {
  for (Answer& answer : group->answers) {
    if (!answer.status.ok()) {
      answer.done(std::move(answer.status));
    } else if (answer.replay_first != 0) {
      answer.done(ReadOutcome(*parts_.store, answer));
    } else {
      answer.done(Outcome(std::move(answer.records), group));
    }
    answer.done = nullptr;
  }
}

}  // namespace puhui::ledger
