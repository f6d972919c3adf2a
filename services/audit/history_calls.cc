// SPDX-License-Identifier: Apache-2.0
// What was made of one thing from its beginning on.
#include "audit/index/facts_of.h"
#include "audit/index/find_records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/audit/hide_occasions.h"
#include "services/audit/history_finder.h"
#include "services/audit/history_fold.h"
#include "services/audit/index_question.h"
#include "services/audit/walked_page.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/match.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;

v1::HistoryEntry HistoryEntryOf(const audit::RecordFacts& facts,
                                std::vector<v1::FieldChange> changes) {
  v1::HistoryEntry entry;
  entry.set_sequence(facts.sequence);
  *entry.mutable_time() = ToTimestamp(facts.time);
  entry.set_kind(audit::KindText(facts.kind));
  entry.set_caller(facts.actor);
  entry.set_person(facts.person);
  for (v1::FieldChange& change : changes) *entry.add_changes() = std::move(change);
  return entry;
}

// The records that may have changed a thing, in order: that with which it began, when it is found
// by itself, comes first.
std::vector<audit::Filter> FiltersOf(const HistoryOf& of) {
  std::vector<audit::Filter> filters;
  if (of.begins != 0) {
    filters.push_back({.first = of.begins, .last = of.begins, .kinds = of.filter.kinds});
  }
  filters.push_back(of.filter);
  return filters;
}

// Fills one page of a history, which is folded from its beginning on.
// Threads: none. Borrows: everything.
class HistoryPage {
 public:
  struct Wish {
    const Principal* principal;
    const HistoryOf* of;
    const audit::IndexMoment* moment;
    std::size_t first = 0;  // The entry that the page begins with.
    std::size_t size = 0;
  };
  HistoryPage(const Wish& wish, HistoryFinder* finder, v1::GetHistoryResponse* response)
      : wish_(wish),
        of_(*wish.of),
        finder_(*finder),
        response_(*response),
        names_(wish.moment->journal.get()),
        fold_(of_.thing, &names_,
              [finder](const MemberId& member) { return finder->TellsMember(member); }) {}

  // Takes the next record. False: there is no room for it, or it is one too many.
  absl::StatusOr<bool> Take(const audit::FoundRecord& found) {
    PUHUI_ASSIGN_OR_RETURN(jv1::Record record,
                           ledger::ParseRecord(found.facts.sequence, found.bytes));
    if (of_.changed != nullptr && !of_.changed(record)) return true;
    PUHUI_RETURN_IF_ERROR(HideOccasions(*wish_.principal, *wish_.moment->journal, &record));
    PUHUI_RETURN_IF_ERROR(finder_.Hide(of_, &record));
    PUHUI_ASSIGN_OR_RETURN(std::vector<v1::FieldChange> changes, fold_.Take(record));
    PUHUI_ASSIGN_OR_RETURN(const bool told, KeepTold(&changes));
    if (!told) return true;
    if (told_ == wish_.first + wish_.size || bytes_ >= kPageRecordBytesMax) return false;
    if (told_ == kHistoryRecordsMax) {
      response_.set_incomplete(true);
      return false;
    }
    if (told_++ < wish_.first) return true;
    v1::HistoryEntry& entry = *response_.add_entries();
    entry = HistoryEntryOf(found.facts, std::move(changes));
    if (of_.of_many && !finder_.TellsWho(entry.caller())) {
      entry.clear_caller();
      entry.clear_person();
    }
    bytes_ += entry.ByteSizeLong();
    return true;
  }
  std::size_t told() const { return told_; }

 private:
  // Takes out what is not of the part that is asked for, or not the caller's to see. False: nothing
  // is left of a record that changed something else.
  absl::StatusOr<bool> KeepTold(std::vector<v1::FieldChange>* changes) const {
    if (of_.only.empty() && of_.tells == nullptr) return true;
    std::vector<v1::FieldChange> kept;
    for (v1::FieldChange& change : *changes) {
      if (!absl::StartsWith(change.field(), of_.only)) continue;
      if (of_.tells != nullptr) {
        PUHUI_ASSIGN_OR_RETURN(const bool told, of_.tells(change.field()));
        if (!told) continue;
      }
      change.set_field(change.field().substr(of_.only.size()));
      kept.push_back(std::move(change));
    }
    *changes = std::move(kept);
    return !changes->empty();
  }

  const Wish wish_;
  const HistoryOf& of_;
  HistoryFinder& finder_;
  v1::GetHistoryResponse& response_;
  Names names_;
  HistoryFold fold_;
  std::size_t told_ = 0;
  std::size_t bytes_ = 0;  // Of the entries.
};

}  // namespace

void AuditService::ServeGetHistory(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetHistory, wire_.get(), &Wire::RequestGetHistory,
                      [this](const CallContext& call, const v1::GetHistoryRequest& asked) {
                        return AskIndex(*parts_.index, [&] { return DoGetHistory(call, asked); });
                      });
}

absl::StatusOr<v1::GetHistoryResponse> AuditService::DoGetHistory(
    const CallContext& call, const v1::GetHistoryRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  const auto now = parts_.engine->Read();
  HistoryFinder finder(&call.principal(), now.get(), parts_.tree);
  PUHUI_ASSIGN_OR_RETURN(const HistoryOf of, finder.Find(request.name()));
  PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, ReadIndex(parts_, call));
  PUHUI_ASSIGN_OR_RETURN(const WalkedPage page, ReadWalkedPage(cursor, moment.last));
  v1::GetHistoryResponse response;
  response.set_as_of_sequence(page.last);
  HistoryPage history({.principal = &call.principal(),
                       .of = &of,
                       .moment = &moment,
                       .first = page.first,
                       .size = page_size},
                      &finder, &response);
  std::size_t looks = 0;
  for (audit::Filter& filter : FiltersOf(of)) {
    audit::RecordWish wish{.filter = std::move(filter),
                           .records_max = kPageSizeMax,
                           .cancelled = [&call] { return call.Cancelled(); }};
    wish.filter.last = std::min(wish.filter.last, page.last);
    do {
      if (looks++ == kHistoryLooksMax) {
        response.set_incomplete(true);
        return response;
      }
      PUHUI_ASSIGN_OR_RETURN(const audit::FoundRecords found, audit::FindRecords(moment, wish));
      for (const audit::FoundRecord& one : found.records) {
        PUHUI_ASSIGN_OR_RETURN(const bool taken, history.Take(one));
        if (taken) continue;
        if (!response.incomplete()) {
          response.set_next_page_token(
              parts_.tokens->Seal(bound, WalkedCursor({history.told(), page.last})));
        }
        return response;
      }
      wish.from = found.next;
    } while (wish.from != 0);
  }
  return response;
}

}  // namespace puhui::services
