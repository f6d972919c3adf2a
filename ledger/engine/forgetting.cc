// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/forgetting.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"
#include "ledger/storage/typed_reads.h"

#include "absl/status/status.h"

#include <cstddef>

namespace puhui::ledger {
namespace {

// One piece: the next begins where the views say that this one has ended.
class ForgetChore final : public Chore {
 public:
  ForgetChore(LedgerViews* views, const TimerKey& timer) : views_(views), timer_(timer) {}
  absl::StatusOr<std::unique_ptr<Command>> Next(const Readable& store) override {
    if (std::exchange(given_, true)) return nullptr;
    PUHUI_ASSIGN_OR_RETURN(OldRequests old, ReadOldRequests(store, timer_.reference, timer_.due));
    return std::make_unique<ForgetRequestsCommand>(views_, std::move(old));
  }

 private:
  LedgerViews* const views_;
  const TimerKey timer_;
  bool given_ = false;
};

}  // namespace

absl::StatusOr<OldRequests> ReadOldRequests(const Readable& store, Sequence first, absl::Time now) {
  const absl::Time up_to = now - kRequestsKeptFor;
  // At the end of the journal: what comes next is decided after `now`.
  OldRequests old{
      .first = first, .next = first, .newest = absl::InfinitePast(), .due = now + kRequestsKeptFor};
  Sha256 sha256;
  const auto visit = [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
    PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ParseRecord(sequence, bytes));
    if (TimeOf(record) > up_to) {
      // An hour's worth at once, not a record of this for each of a quiet day.
      old.due = TimeOf(record) + kRequestsKeptFor + kForgetRequestsEvery;
      return false;
    }
    old.newest = TimeOf(record);
    old.next = sequence + 1;
    if (record.has_request()) {
      const Tag key =
          RequestKeyOf(record.request().caller(), record.request().request_id(), sha256);
      old.requests.append(TagBytes(key).data(), TagBytes(key).size());
    }
    if (old.next - first == kForgetRecordsMax) old.due = now;
    return true;
  };
  PUHUI_RETURN_IF_ERROR(ReadRecords(store, first, kForgetRecordsMax, visit));
  return old;
}

absl::optional<Refusal> ForgetRequestsCommand::Decide(const DecideContext& context,
                                                      Decision& decision) {
  const ForgottenRow* row = views_.forgotten.Find(0);
  const Sequence next = row == nullptr ? 1 : row->next;
  if (old_.first != next || old_.newest + kRequestsKeptFor > context.now) return absl::nullopt;
  journal::v1::RequestsForgotten& gone = *decision.Add().mutable_requests_forgotten();
  gone.set_next_sequence(old_.next);
  gone.set_due_micros(absl::ToUnixMicros(old_.due));
  gone.set_requests(old_.requests);
  return absl::nullopt;
}

absl::StatusOr<std::unique_ptr<Chore>> RequestForgetting::Begin(const TimerKey& timer,
                                                                const Readable& store) {
  if (timer.kind != kTimerForgetting) return others_->Begin(timer, store);
  return std::make_unique<ForgetChore>(views_, timer);
}

absl::StatusOr<absl::optional<TimerKey>> RequestForgetting::Standing(const Readable& store) {
  TimerKey timer{.kind = kTimerForgetting};
  PUHUI_ASSIGN_OR_RETURN(const auto row, Find(store, kForgottenTable, std::uint8_t{0}));
  if (row.has_value()) {
    timer.due = row->due;
    timer.reference = row->next;
    return timer;
  }
  // Nothing was forgotten yet: from the first record on, when there is one.
  timer.reference = 1;
  const absl::StatusOr<std::string> bytes = ReadRecord(store, timer.reference);
  if (absl::IsNotFound(bytes.status())) return absl::nullopt;
  PUHUI_RETURN_IF_ERROR(bytes.status());
  PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record, ParseRecord(timer.reference, *bytes));
  timer.due = TimeOf(record) + kRequestsKeptFor + kForgetRequestsEvery;
  return timer;
}

}  // namespace puhui::ledger
