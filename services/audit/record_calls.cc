// SPDX-License-Identifier: Apache-2.0
// Records by what they are about: a page, a stream, a watch.
#include "audit/index/find_records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/account_queries.h"
#include "puhui/journal/v1/record.pb.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/audit/index_question.h"
#include "services/audit/known_records.h"
#include "services/audit/record_filter.h"
#include "services/audit/record_view.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Records of one message of a stream, and those that a watch looks for at a time.
constexpr std::size_t kStreamedAtOnce = 200;
// Records that a watch passes by before it says how far it is.
constexpr Sequence kToldEvery = 10'000;

audit::Direction DirectionOf(bool newest_first) {
  return newest_first ? audit::Direction::kBackward : audit::Direction::kForward;
}

// Shows what was found, or as much as one page has. Returns where the next begins, or 0.
absl::StatusOr<Sequence> AddViews(const Principal& by, const audit::IndexMoment& moment,
                                  const audit::FoundRecords& found,
                                  google::protobuf::RepeatedPtrField<v1::RecordView>* views) {
  RecordViewer viewer(&by, moment.journal.get());
  for (const audit::FoundRecord& record : found.records) {
    PUHUI_ASSIGN_OR_RETURN(v1::RecordView view, viewer.ViewOf(record.facts.sequence, record.bytes));
    if (!viewer.Fits(view, record.bytes.size())) return record.facts.sequence;
    *views->Add() = std::move(view);
  }
  return found.next;
}

// Where a stream goes on, and where it ends: what is added meanwhile is not of it.
struct StreamPlace {
  Sequence next = 0;
  Sequence last = 0;
};

// Whether a union was moved after record `since`.
absl::StatusOr<bool> UnionsMoved(const audit::IndexMoment& moment, Sequence since) {
  audit::RecordWish moves{.records_max = 1};
  moves.filter.first = since + 1;
  moves.filter.kinds.push_back({.body = journal::v1::Record::kUnionMovedFieldNumber});
  PUHUI_ASSIGN_OR_RETURN(const audit::FoundRecords found, audit::FindRecords(moment, moves));
  return !found.records.empty();
}

// One caller's stream. Threads: one at a time. Borrows: the parts and the call.
class RecordStream {
 public:
  struct Wish {
    v1::RecordFilter asked{};
    audit::Direction direction{};
    StreamPlace place{};
    std::string bound{};
  };
  RecordStream(const AuditService::Parts& parts, const CallContext& call, Wish wish)
      : parts_(parts),
        call_(call),
        asked_(std::move(wish.asked)),
        bound_(std::move(wish.bound)),
        wish_{.direction = wish.direction,
              .from = wish.place.next,
              .records_max = kStreamedAtOnce,
              .cancelled = [this] { return call_.Cancelled(); }},
        last_(wish.place.last) {}

  absl::StatusOr<Pull> Next(v1::StreamRecordsResponse* response) {
    if (ended_) return Pull::kEnd;
    PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, ReadIndex(parts_, call_));
    if (last_ == 0) last_ = moment.last;
    PUHUI_RETURN_IF_ERROR(ReadFilter(moment));
    PUHUI_ASSIGN_OR_RETURN(const audit::FoundRecords found, audit::FindRecords(moment, wish_));
    PUHUI_ASSIGN_OR_RETURN(wish_.from,
                           AddViews(call_.principal(), moment, found, response->mutable_records()));
    ended_ = wish_.from == 0;
    if (!ended_) {
      response->set_next_page_token(
          parts_.tokens->Seal(bound_, absl::StrCat(wish_.from, ":", last_)));
    }
    return Pull::kMessage;
  }

 private:
  // What lies below a union is a walk over all of it, so it is read anew when a union was moved and
  // not for every message. One that is founded meanwhile is in no record up to the last.
  absl::Status ReadFilter(const audit::IndexMoment& moment) {
    if (as_of_ != 0) {
      PUHUI_ASSIGN_OR_RETURN(const bool moved, UnionsMoved(moment, as_of_));
      if (!moved) return absl::OkStatus();
    }
    PUHUI_ASSIGN_OR_RETURN(wish_.filter, ReadRecordFilter(call_.principal(), asked_,
                                                          *moment.journal, parts_.subtrees));
    wish_.filter.last = std::min(wish_.filter.last, last_);
    as_of_ = moment.last;
    return absl::OkStatus();
  }

  const AuditService::Parts& parts_;
  const CallContext& call_;
  const v1::RecordFilter asked_;
  const std::string bound_;
  audit::RecordWish wish_;
  Sequence as_of_ = 0;  // The record that its filter was read after; 0: it was not yet.
  Sequence last_;       // 0: it has not begun.
  bool ended_ = false;
};

// One caller's watch. It reads the journal at the caller's pace, and nobody waits for it.
// Threads: one at a time. Borrows: the parts and the call.
class RecordWatch {
 public:
  RecordWatch(const AuditService::Parts& parts, const CallContext& call, v1::RecordFilter asked,
              Sequence from)
      : parts_(parts), call_(call), asked_(std::move(asked)), next_(from) {
    asked_.clear_last_sequence();
    asked_.clear_end_time();
    next_ = told_ = std::max(next_, asked_.first_sequence());
  }

  // The first message of a caller that does not say where it begins: it could not take up a stream
  // that is cut before anything is written.
  void TellWhereItBegins() { tells_where_ = true; }

  absl::StatusOr<Pull> Next(v1::WatchRecordsResponse* response) {
    if (std::exchange(tells_where_, false)) {
      response->set_next_sequence(told_);
      return Pull::kMessage;
    }
    if (found_.empty()) PUHUI_RETURN_IF_ERROR(Look());
    if (!found_.empty()) {
      *response->mutable_record() = std::move(found_.front());
      found_.pop_front();
      told_ = response->record().sequence() + 1;
    } else if (next_ - told_ >= kToldEvery) {
      told_ = next_;
    } else {
      return Pull::kIdle;
    }
    response->set_next_sequence(told_);
    return Pull::kMessage;
  }

 private:
  absl::Status Look() {
    const absl::StatusOr<audit::IndexMoment> moment = parts_.index->Latest();
    if (absl::IsUnavailable(moment.status())) return absl::OkStatus();  // It is being built.
    PUHUI_RETURN_IF_ERROR(moment.status());
    if (next_ > moment->last || passed_ == moment->last) return absl::OkStatus();
    PUHUI_ASSIGN_OR_RETURN(const KnownRecords known, KnownTo(call_.principal(), *moment));
    if (next_ > known.last) {
      passed_ = moment->last;
      return absl::OkStatus();
    }
    // Anew each time: unions come, move and go while somebody watches.
    audit::RecordWish wish{.records_max = kStreamedAtOnce,
                           .cancelled = [this] { return call_.Cancelled(); }};
    PUHUI_ASSIGN_OR_RETURN(wish.filter, ReadRecordFilter(call_.principal(), asked_,
                                                         *moment->journal, parts_.subtrees));
    wish.filter.first = next_;
    PUHUI_ASSIGN_OR_RETURN(const audit::FoundRecords found, audit::FindRecords(*moment, wish));
    google::protobuf::RepeatedPtrField<v1::RecordView> views;
    PUHUI_ASSIGN_OR_RETURN(const Sequence next,
                           AddViews(call_.principal(), *moment, found, &views));
    for (v1::RecordView& view : views) found_.push_back(std::move(view));
    next_ = next != 0 ? next : known.last + 1;
    return absl::OkStatus();
  }

  const AuditService::Parts& parts_;
  const CallContext& call_;
  v1::RecordFilter asked_;
  Sequence next_;                     // To look at.
  std::deque<v1::RecordView> found_;  // Before that.
  Sequence told_ = 0;                 // The next that the caller does not know of.
  Sequence passed_ = 0;               // Up to here the caller may know of none from next_ on.
  bool tells_where_ = false;
};

}  // namespace

void AuditService::ServeRecordCalls(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kQueryRecords, wire_.get(), &Wire::RequestQueryRecords,
                      [this](const CallContext& call, const v1::QueryRecordsRequest& asked) {
                        return AskIndex(*parts_.index, [&] { return DoQueryRecords(call, asked); });
                      });
  calls.ServerStream(Rpc::kStreamRecords, wire_.get(), &Wire::RequestStreamRecords,
                     [this](const CallContext& call, const v1::StreamRecordsRequest& asked) {
                       return OpenRecordStream(call, asked);
                     });
  calls.ServerStream(Rpc::kWatchRecords, wire_.get(), &Wire::RequestWatchRecords,
                     [this](const CallContext& call, const v1::WatchRecordsRequest& asked) {
                       return OpenRecordWatch(call, asked);
                     });
}

absl::StatusOr<v1::QueryRecordsResponse> AuditService::DoQueryRecords(
    const CallContext& call, const v1::QueryRecordsRequest& request) const {
  audit::RecordWish wish{.direction = DirectionOf(request.newest_first()),
                         .cancelled = [&call] { return call.Cancelled(); }};
  PUHUI_ASSIGN_OR_RETURN(wish.records_max, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(wish.from, NumberIn<Sequence>(cursor));
  PUHUI_ASSIGN_OR_RETURN(wish.filter, ReadRecordFilter(call.principal(), request.filter(),
                                                       *parts_.engine->Read(), parts_.subtrees));
  PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, ReadIndex(parts_, call));
  PUHUI_ASSIGN_OR_RETURN(const audit::FoundRecords found, audit::FindRecords(moment, wish));
  v1::QueryRecordsResponse response;
  PUHUI_ASSIGN_OR_RETURN(const Sequence next,
                         AddViews(call.principal(), moment, found, response.mutable_records()));
  if (next != 0) response.set_next_page_token(parts_.tokens->Seal(bound, absl::StrCat(next)));
  PUHUI_ASSIGN_OR_RETURN(const KnownRecords known, KnownTo(call.principal(), moment));
  response.set_as_of_sequence(known.last);
  return response;
}

absl::StatusOr<MessageSource<v1::StreamRecordsResponse>> AuditService::OpenRecordStream(
    const CallContext& call, const v1::StreamRecordsRequest& request) const {
  RecordStream::Wish wish{.asked = request.filter(),
                          .direction = DirectionOf(request.newest_first()),
                          .bound = BoundToCaller(call, request)};
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(wish.bound, request.page_token()));
  if (!cursor.empty()) {
    PUHUI_ASSIGN_OR_RETURN(const auto numbers, NumbersIn<2>(cursor));
    wish.place = {.next = numbers[0], .last = numbers[1]};
  }
  PUHUI_RETURN_IF_ERROR(
      ReadRecordFilter(call.principal(), request.filter(), *parts_.engine->Read(), parts_.subtrees)
          .status());
  auto stream = std::make_shared<RecordStream>(parts_, call, std::move(wish));
  return MessageSource<v1::StreamRecordsResponse>(
      [index = parts_.index, stream](v1::StreamRecordsResponse* response) {
        return AskIndex(*index, [&] { return stream->Next(response); });
      });
}

absl::StatusOr<MessageSource<v1::WatchRecordsResponse>> AuditService::OpenRecordWatch(
    const CallContext& call, const v1::WatchRecordsRequest& request) const {
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_RETURN_IF_ERROR(
      ReadRecordFilter(call.principal(), request.filter(), *store, parts_.subtrees).status());
  Sequence from = request.from_sequence();
  if (from == 0) {
    PUHUI_ASSIGN_OR_RETURN(const Sequence last, ledger::AppliedSequence(*store));
    from = last + 1;
  }
  auto watch = std::make_shared<RecordWatch>(parts_, call, request.filter(), from);
  // Under a mandate nobody is told how many records there are by now.
  const bool may_know = !call.principal().mandate.has_value();
  if (request.from_sequence() == 0 && may_know) watch->TellWhereItBegins();
  return MessageSource<v1::WatchRecordsResponse>(
      [index = parts_.index, watch](v1::WatchRecordsResponse* response) -> absl::StatusOr<Pull> {
        absl::StatusOr<Pull> pull = AskIndex(*index, [&] { return watch->Next(response); });
        const auto refusal = ledger::RefusalOf(pull.status());
        const bool behind =
            refusal.has_value() && refusal->reason == ledger::Reason::kAuditIndexBehind;
        // Whoever watches goes on when it was built anew, as where it was deleted.
        return behind ? Pull::kIdle : pull;
      });
}

}  // namespace puhui::services
