// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/sequencer.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace puhui::ledger {

Sequencer::Sequencer(const Parts& parts, const Position& start, MerkleTree tree)
    : parts_(parts),
      end_(start),
      period_(parts.calendar),
      sealed_root_(tree.Root()),
      tree_(std::move(tree)),
      segment_(parts.partition, parts.epoch, start.sequence + 1) {
  PUHUI_CHECK(tree_.size() == start.sequence);
}

Sequencer::~Sequencer() { Stop(); }

// It does not come first: what it decides on its own is bulk work more than anything.
void Sequencer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Sequencer::Stop() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    arrived_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Sequencer::Submit(std::unique_ptr<Command> command, Priority priority, Work work,
                               Completion done) {
  MutexLock lock(&mutex_);
  if (absl::Status admitted = Admit(priority); !admitted.ok()) return admitted;
  std::deque<Waiting>& queue = priority == Priority::kBulk ? bulk_ : interactive_;
  queue.push_back({std::move(command), std::move(done)});
  if (work == Work::kOwn) arrived_.NotifyOne();
  return absl::OkStatus();
}

absl::Status Sequencer::Admit(Priority priority) {
  if (stopping_) return absl::UnavailableError("the service is shutting down");
  if (!accepting_.ok()) return accepting_;
  const std::deque<Waiting>& queue = priority == Priority::kBulk ? bulk_ : interactive_;
  const bool too_long = priority == Priority::kInteractive && pace_.TooLong(queue.size());
  if (too_long || queue.size() >= kQueuedCommandsMax) {
    return ToStatus({.reason = Reason::kOverloaded, .message = "too many calls are waiting"});
  }
  return absl::OkStatus();
}

void Sequencer::SetAccepting(const absl::Status& why) {
  MutexLock lock(&mutex_);
  accepting_ = why;
}

absl::Status Sequencer::accepting() const {
  MutexLock lock(&mutex_);
  return accepting_;
}

void Sequencer::Run() {
  while (TakeWaiting()) {
    const auto begun = std::chrono::steady_clock::now();
    std::shared_ptr<Group> group = DecideGroup();
    const std::size_t commands = group->answers.size();
    parts_.committer->Commit(std::move(group));
    // What arrives while there is no room joins the next group.
    parts_.committer->AwaitRoom();
    Leave(begun, commands);
  }
}

void Sequencer::LendThread() {
  for (std::size_t groups = 0; groups < kLentGroupsMax && TakeForLender(); ++groups) {
    const auto begun = std::chrono::steady_clock::now();
    const std::shared_ptr<Group> group = DecideGroup();
    parts_.committer->CommitHere(group);
    Leave(begun, group->answers.size());
  }
  MutexLock lock(&mutex_);
  if (!writing_ && (AnythingWaits() || stopping_)) arrived_.NotifyOne();
}

// Waits until something is there. Returns false when the writer should end.
bool Sequencer::TakeWaiting() {
  MutexLock lock(&mutex_);
  BulkRest::Clock::duration rest{};
  while (writing_ || !AnythingWaits() || (rest = RestOfBulk()) > rest.zero()) {
    if (stopping_ && !writing_) return false;
    if (rest > rest.zero()) {
      arrived_.WaitFor(&mutex_, std::chrono::ceil<std::chrono::microseconds>(rest));
    } else {
      arrived_.Wait(&mutex_);
    }
    rest = rest.zero();
  }
  TakeInteractive();
  const auto now = BulkRest::Clock::now();
  takes_bulk_ = !bulk_.empty() && (stopping_ || rest_.Left(now) == rest.zero());
  takes_more_bulk_ = takes_bulk_ && taken_.empty() && !rest_.Lately(now);
  if (takes_bulk_) TakeBulk();
  return true;
}

// How long the writer may wait because there is nothing but bulk work, which rests.
BulkRest::Clock::duration Sequencer::RestOfBulk() const {
  const bool may_wait = !stopping_ && taken_.empty() && interactive_.empty();
  return may_wait ? rest_.Left(BulkRest::Clock::now()) : BulkRest::Clock::duration::zero();
}

// This thread is the writer from now on.
void Sequencer::TakeInteractive() {
  writing_ = true;
  if (taken_.empty()) taken_.swap(interactive_);
  if (!taken_.empty()) rest_.NoteInteractive(BulkRest::Clock::now());
  takes_bulk_ = takes_more_bulk_ = false;
}

void Sequencer::TakeBulk() {
  taken_.push_back(std::move(bulk_.front()));
  bulk_.pop_front();
}

// A thread that is lent has calls of its own to come back to: bulk work is not for it.
bool Sequencer::TakeForLender() {
  MutexLock lock(&mutex_);
  if (writing_ || stopping_ || (taken_.empty() && interactive_.empty())) return false;
  TakeInteractive();
  return true;
}

void Sequencer::Leave(BulkRest::Clock::time_point begun, std::size_t commands) {
  MutexLock lock(&mutex_);
  const auto now = BulkRest::Clock::now();
  pace_.Measure(absl::FromChrono(now - begun), commands);
  if (takes_bulk_) rest_.NoteBulk(begun, now);
  writing_ = false;
}

bool Sequencer::AnythingWaits() const {
  return !taken_.empty() || !interactive_.empty() || !bulk_.empty();
}

std::shared_ptr<Group> Sequencer::DecideGroup() {
  parts_.fold->tables().Retire(parts_.committer->retired());
  auto group = std::make_shared<Group>();
  group->number = parts_.fold->tables().group();
  group_bytes_ = 0;
  // What does not fit waits for the next group, ahead of what arrives meanwhile.
  while (group->answers.size() < kGroupCommandsMax && group_bytes_ < kGroupBytesMax &&
         (!taken_.empty() || TakeAnotherBulk(*group))) {
    Waiting waiting = std::move(taken_.front());
    taken_.pop_front();
    DecideOne(std::move(waiting), *group);
  }
  if (!segment_.empty()) SealSegment(*group);
  parts_.fold->tables().CloseGroup(&group->views, &group->vault);
  for (Tile& tile : tree_.TakeCompletedTiles()) {
    group->views.Put(Family::kTiles, TileKey(tile.id), std::move(tile.bytes));
  }
  if (!group->segments.empty()) {
    PutRow(group->views, kAppliedTable, std::uint8_t{0}, end_.sequence);
  }
  end_.root = sealed_root_;
  group->end = end_;
  return group;
}

// In a group of nothing but bulk work, one command more unless somebody has come meanwhile.
bool Sequencer::TakeAnotherBulk(const Group& group) {
  if (!takes_more_bulk_ || group.answers.size() >= kGroupBulkCommandsMax) return false;
  MutexLock lock(&mutex_);
  if (bulk_.empty() || !interactive_.empty()) return false;
  TakeBulk();
  return true;
}

void Sequencer::DecideOne(Waiting waiting, Group& group) {
  Command& command = *waiting.command;
  Answer answer{.done = std::move(waiting.done)};
  const absl::Time clock = parts_.clock->Now();
  const absl::Time now = std::max(clock, end_.time + absl::Microseconds(1));
  if (clock > command.deadline) {
    answer.status = ToStatus({.reason = Reason::kDeadlineExceeded,
                              .message = "the deadline passed before the call was decided"});
  } else if (!command.request.has_value() || !AnswerReplay(*command.request, answer)) {
    Decision decision(&group.arena);
    const absl::optional<Refusal> refusal = command.Decide({.now = now}, decision);
    if (refusal.has_value()) {
      answer.status = ToStatus(*refusal);
    } else if (!decision.records().empty()) {
      end_.time = now - absl::Microseconds(1);
      Record(command, decision, group);
      answer.records.assign(decision.records().begin(), decision.records().end());
    }
  }
  group.answers.push_back(std::move(answer));
}

// Returns true when the request id is known, with the answer to give.
bool Sequencer::AnswerReplay(const RequestIdentity& request, Answer& answer) {
  const RequestRow* known =
      parts_.views->requests.Find(parts_.views->RequestKey(request.caller, request.request_id));
  if (known == nullptr) return false;
  if (known->digest == request.digest) {
    answer.replay_first = known->first;
    answer.replay_records = known->records;
  } else {
    answer.status = ToStatus({.reason = Reason::kRequestIdReused,
                              .field = "request_id",
                              .message = "the request id was used with another body"});
  }
  return true;
}

// Gives the records their places, frames and hashes them, and folds them into the views, so that
// the next decision sees them.
void Sequencer::Record(Command& command, const Decision& decision, Group& group) {
  const auto count = static_cast<std::uint32_t>(decision.records().size());
  for (std::uint32_t i = 0; i < count; ++i) {
    journal::v1::Record& record = *decision.records()[i];
    end_.time += absl::Microseconds(1);
    record.set_sequence(++end_.sequence);
    record.set_time_micros(absl::ToUnixMicros(end_.time));
    record.set_index_in_command(i);
    // It never goes back, whatever becomes of the clock or of the zone.
    record.set_period(std::max(period_.Of(end_.time), parts_.views->periods.current()));
    if (i == 0 && command.request.has_value()) {
      journal::v1::Request& request = *record.mutable_request();
      request.set_caller(command.request->caller);
      request.set_request_id(command.request->request_id);
      request.set_digest(std::string(TagBytes(command.request->digest)));
      request.set_records(count);
    }
    record_bytes_.clear();
    PUHUI_CHECK(record.AppendToString(&record_bytes_));
    if (!segment_.Fits(record_bytes_.size())) SealSegment(group);
    segment_.Add(record_bytes_);
    group_bytes_ += record_bytes_.size();
    tree_.Append(LeafHash(record_bytes_));
    PUHUI_CHECK_OK(parts_.fold->Apply(record));
  }
  command.StorePersonalData();
}

void Sequencer::SealSegment(Group& group) {
  group.segments.push_back(segment_.Seal(sealed_root_));
  sealed_root_ = tree_.Root();
  PUHUI_CHECK_OK(parts_.fold->EndSegment(group.segments.back().last));
}

}  // namespace puhui::ledger
