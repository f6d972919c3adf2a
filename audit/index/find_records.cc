// SPDX-License-Identifier: Apache-2.0
#include "audit/index/find_records.h"

#include "audit/index/facts_of.h"
#include "audit/index/journal_background.h"
#include "audit/index/merged_list.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "ledger/engine/replay.h"
#include "ledger/journal/journal_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace puhui::audit {
namespace {

// Candidates that are read at once: each segment of the journal is then taken apart once.
constexpr std::size_t kReadAtOnce = 256;

// Records of which at least one value is wanted.
class ListsOfFilter {
 public:
  ListsOfFilter(const ledger::Readable& index, Direction direction)
      : index_(index), direction_(direction) {}

  std::vector<SequenceListPtr> Take(const Filter& filter) {
    AddEach(filter.kinds, [](const RecordKind& kind) { return ListOf(kind); });
    AddEach(filter.campaigns, [](CampaignNumber number) { return ListOf(number); });
    AddEach(filter.unions, [](UnionNumber number) { return ListOf(number); });
    AddEach(filter.merchants, [](MerchantNumber number) { return ListOf(number); });
    AddEach(filter.terminals, [](TerminalNumber number) { return ListOf(number); });
    AddEach(filter.stores, [this](const StorePlace& place) { return ListOf(place, sha256_); });
    AddEach(filter.reasons,
            [](std::uint32_t reason) { return ListOfNumber(Dimension::kReason, reason); });
    AddEach(filter.about,
            [](Sequence sequence) { return ListOfNumber(Dimension::kAbout, sequence); });
    AddEach(filter.actors, [this](const std::string& actor) {
      return ListOfText(Dimension::kActor, actor, sha256_);
    });
    // Records that name nobody are most of all, and in no list.
    if (std::find(filter.persons.begin(), filter.persons.end(), "") == filter.persons.end()) {
      AddEach(filter.persons, [this](const std::string& person) {
        return ListOfText(Dimension::kPerson, person, sha256_);
      });
    }
    if (filter.scope.has_value() && !filter.scope->empty()) {
      AddEach(*filter.scope, [](UnionNumber number) { return ListOf(number); });
    }
    AddAccounts(filter.accounts);
    AddMembers(filter.members);
    if (filter.amount_min.has_value() || filter.amount_max.has_value()) AddAmounts(filter);
    return std::move(lists_);
  }

 private:
  template <class Values, class ToList>
  void AddEach(const Values& values, ToList to_list) {
    if (values.empty() || values.size() > kIndexListsMax) return;
    std::vector<SequenceListPtr> any;
    any.reserve(values.size());
    for (const auto& value : values) any.push_back(PostingsOf(index_, to_list(value), direction_));
    Add(std::move(any));
  }

  void AddAccounts(const std::vector<AccountName>& accounts) {
    if (accounts.empty() || accounts.size() > kIndexListsMax) return;
    std::vector<SequenceListPtr> any;
    any.reserve(accounts.size());
    for (const AccountName& account : accounts) {
      any.push_back(MovementsOf(index_, account, direction_));
    }
    Add(std::move(any));
  }

  // Records that move a member's account are in the lists of movements alone.
  void AddMembers(const std::vector<MemberId>& members) {
    constexpr std::size_t kListsOfMember = 3;
    if (members.empty() || members.size() > kIndexListsMax / kListsOfMember) return;
    std::vector<SequenceListPtr> any;
    for (const MemberId member : members) {
      for (const auto kind : {ledger::AccountKind::kWallet, ledger::AccountKind::kHeld}) {
        any.push_back(MovementsOf(index_, {.kind = kind, .member = member}, direction_));
      }
      any.push_back(PostingsOf(index_, ListOf(member), direction_));
    }
    Add(std::move(any));
  }

  void AddAmounts(const Filter& filter) {
    const std::int64_t most = filter.amount_max.value_or(INT64_MAX);
    if (most < 0) return;
    std::vector<SequenceListPtr> any;
    const std::uint64_t last = AmountClass(most);
    for (std::uint64_t one = AmountClass(std::max<std::int64_t>(filter.amount_min.value_or(0), 0));
         one <= last; ++one) {
      any.push_back(PostingsOf(index_, ListOfNumber(Dimension::kAmount, one), direction_));
    }
    if (!any.empty()) Add(std::move(any));
  }

  void Add(std::vector<SequenceListPtr> any) {
    lists_.push_back(any.size() == 1 ? std::move(any.front()) : AnyOf(std::move(any), direction_));
  }

  const ledger::Readable& index_;
  const Direction direction_;
  ledger::Sha256 sha256_;
  std::vector<SequenceListPtr> lists_;
};

// A scope of more unions than ListsOfFilter looks through, whose lists can be merged. To begin with
// that costs a seek in each of them, so records are judged without it for as long as that may turn
// out to be cheaper: of a scope that most records are in a page is soon full, and what a member's
// lists leave over is little. What was judged may mislead: none of a shop's records are of the
// scope, and most others are. Then the lists are let go. Threads: none. Borrows: the index.
class LargeScope {
 public:
  LargeScope(const ledger::Readable& index, const Filter& filter) : index_(index) {
    if (!filter.scope.has_value()) return;
    const std::size_t unions = filter.scope->size();
    if (unions > kIndexListsMax && unions <= kMergedListsMax) alone_.scope = filter.scope;
  }

  void Note(const RecordFacts& judged) {
    if (!waits()) return;
    ++judged_;
    if (Matches(alone_, judged)) ++in_scope_;
  }

  // Whether the lists should be merged now, where `passed` sequences were passed for what was
  // judged. They are walked through as often as records are in the scope, and save the judgement
  // of those that the other lists let through and are not.
  bool Pays(Sequence passed) const {
    if (!waits() || judged_ * kSeeksPerRecord < alone_.scope->size()) return false;
    // in_scope / judged < kSeeksPerRecord * judged / passed, as of one more that is in it: few that
    // were judged are not enough to say that none is.
    return (in_scope_ + 1) * passed < kSeeksPerRecord * judged_ * judged_;
  }

  // Requires: Pays, which was asked of `passed`, and that it was not called yet.
  SequenceListPtr Merge(Sequence passed, Direction direction) {
    std::vector<ListName> lists;
    lists.reserve(alone_.scope->size());
    for (const UnionNumber number : *alone_.scope) lists.push_back(ListOf(number));
    alone_.scope.reset();
    SequenceListPtr merged = MergeOf(index_, lists, direction);
    unions_ = lists.size();
    passed_ = passed;
    merged_ = merged.get();
    return merged;
  }

  // Whether the merged list has cost more, by as much as it took to begin with it and as much
  // again, than to judge what the other lists let through as often as before.
  bool Loses(Sequence passed) const {
    if (merged_ == nullptr) return false;
    const std::uint64_t judgeable = judged_ * (passed - passed_) / passed_;
    return merged_->seeks() > 2 * unions_ + kSeeksPerRecord * judgeable;
  }

  // Requires: Loses. The merged list may go.
  void LetGo() { merged_ = nullptr; }

 private:
  bool waits() const { return alone_.scope.has_value(); }

  const ledger::Readable& index_;
  Filter alone_;              // Of the scope and nothing else, until the lists are merged.
  std::uint64_t judged_ = 0;  // Until then, as the next two.
  std::uint64_t in_scope_ = 0;
  Sequence passed_ = 0;
  std::uint64_t unions_ = 0;              // Whose lists are merged.
  const SequenceList* merged_ = nullptr;  // Nothing before, and once it was let go.
};

// Fills one page. Threads: none. Borrows: everything it is made with.
class PageFiller {
 public:
  PageFiller(const IndexMoment& moment, const RecordWish& wish)
      : moment_(moment),
        wish_(wish),
        forward_(wish.direction == Direction::kForward),
        seeks_left_(wish.seeks_max),
        large_scope_(*moment.index, wish.filter),
        background_(moment.index.get(), moment.journal.get()) {}

  absl::StatusOr<FoundRecords> Fill() {
    PUHUI_RETURN_IF_ERROR(FindBounds());
    if (first_ > last_) return std::move(page_);
    Sequence at = forward_ ? first_ : last_;
    if (wish_.from != 0) at = forward_ ? std::max(at, wish_.from) : std::min(at, wish_.from);
    began_ = at;
    CommonList list(ListsOfFilter(*moment_.index, wish_.direction).Take(wish_.filter),
                    {.first = first_, .last = last_});
    std::size_t left = kRowsPerPageMax;
    while (Within(at)) {
      page_.next = at;
      if (left == 0 || seeks_left_ == 0 || Full()) return std::move(page_);
      PUHUI_RETURN_IF_ERROR(StillWaitedFor());
      if (large_scope_.Pays(Passed(at))) {
        list.Add(large_scope_.Merge(Passed(at), wish_.direction));
      }
      PUHUI_ASSIGN_OR_RETURN(
          const std::vector<Sequence> candidates,
          Candidates(list, &at,
                     std::min({left, kReadAtOnce, wish_.records_max - page_.records.size()})));
      left -= candidates.size();
      PUHUI_RETURN_IF_ERROR(Judge(candidates));
      if (page_.next != 0 && Full()) return std::move(page_);
    }
    page_.next = 0;
    return std::move(page_);
  }

 private:
  bool Within(Sequence at) const { return at >= first_ && at <= last_ && at != 0; }
  Sequence Passed(Sequence at) const { return forward_ ? at - began_ : began_ - at; }
  bool Full() const {
    return page_.records.size() >= wish_.records_max || bytes_ >= kPageRecordBytesMax;
  }

  absl::Status StillWaitedFor() const {
    if (wish_.cancelled == nullptr || !wish_.cancelled()) return absl::OkStatus();
    return absl::CancelledError("nobody waits for it any more");
  }

  absl::Status FindBounds() {
    const Filter& filter = wish_.filter;
    first_ = std::max<Sequence>(filter.first, 1);
    last_ = std::min(filter.last, moment_.last);
    if (filter.start != absl::InfinitePast()) {
      PUHUI_ASSIGN_OR_RETURN(const Sequence since, FirstSince(moment_, filter.start));
      first_ = std::max(first_, since);
    }
    if (filter.end != absl::InfiniteFuture()) {
      PUHUI_ASSIGN_OR_RETURN(const Sequence since, FirstSince(moment_, filter.end));
      last_ = std::min(last_, since - 1);
    }
    return absl::OkStatus();
  }

  // Up to `count_max` from `*at` on, in the wish's order; `*at` moves behind them, and behind what
  // was found to be none.
  absl::StatusOr<std::vector<Sequence>> Candidates(CommonList& list, Sequence* at,
                                                   std::size_t count_max) {
    std::vector<Sequence> candidates;
    while (candidates.size() < count_max && seeks_left_ > 0 && Within(*at)) {
      if (large_scope_.Loses(Passed(*at))) {
        large_scope_.LetGo();
        list.DropLast();
      }
      PUHUI_ASSIGN_OR_RETURN(const CommonList::Place place,
                             list.Seek(*at, std::min(seeks_left_, kSeeksAtOnce)));
      seeks_left_ -= std::min(seeks_left_, place.seeks);
      *at = place.sequence;
      if (!place.in_all) {
        PUHUI_RETURN_IF_ERROR(StillWaitedFor());
        continue;
      }
      candidates.push_back(place.sequence);
      *at = forward_ ? place.sequence + 1 : place.sequence - 1;
    }
    return candidates;
  }

  absl::Status Judge(std::vector<Sequence> candidates) {
    if (!forward_) std::reverse(candidates.begin(), candidates.end());
    std::vector<FoundRecord> found;
    PUHUI_RETURN_IF_ERROR(
        ReadRecordsOf(moment_, candidates,
                      [&](Sequence sequence, absl::string_view bytes) -> absl::StatusOr<bool> {
                        PUHUI_ASSIGN_OR_RETURN(const journal::v1::Record record,
                                               ledger::ParseRecord(sequence, bytes));
                        PUHUI_ASSIGN_OR_RETURN(RecordFacts facts, FactsOf(record, background_));
                        large_scope_.Note(facts);
                        if (Matches(wish_.filter, facts)) {
                          found.push_back({.facts = std::move(facts), .bytes = std::string(bytes)});
                        }
                        return true;
                      }));
    if (!forward_) std::reverse(found.begin(), found.end());
    for (FoundRecord& record : found) {
      if (Full()) {
        page_.next = record.facts.sequence;
        return absl::OkStatus();
      }
      bytes_ += record.bytes.size();
      page_.records.push_back(std::move(record));
    }
    page_.next = 0;  // All of them were taken: it goes on behind them.
    return absl::OkStatus();
  }

  const IndexMoment& moment_;
  const RecordWish& wish_;
  const bool forward_;
  std::size_t seeks_left_;
  LargeScope large_scope_;
  JournalBackground background_;
  Sequence first_ = 0;
  Sequence last_ = 0;
  Sequence began_ = 0;
  std::size_t bytes_ = 0;
  FoundRecords page_;
};

}  // namespace

absl::Status ReadRecordsOf(
    const IndexMoment& moment, absl::Span<const Sequence> sequences,
    absl::FunctionRef<absl::StatusOr<bool>(Sequence, absl::string_view record)> visit) {
  return ledger::ReadRecordsAt(*moment.journal, sequences, visit, moment.segments->Find(sequences));
}

absl::StatusOr<FoundRecords> FindRecords(const IndexMoment& moment, const RecordWish& wish) {
  return PageFiller(moment, wish).Fill();
}

}  // namespace puhui::audit
