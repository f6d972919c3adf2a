// SPDX-License-Identifier: Apache-2.0
#include "audit/index/statement_links.h"

#include "audit/index/facts_of.h"
#include "audit/index/index_rows.h"
#include "audit/index/past_balances.h"
#include "audit/index/sequence_list.h"
#include "ledger/base/status_macros.h"

#include "absl/functional/function_ref.h"
#include "absl/types/optional.h"

#include <cstdlib>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using PointsByOrigin = std::map<UnionNumber, std::int64_t>;
using FoundEntry = absl::optional<jv1::Record>;

constexpr RecordKind kDayCut{.body = jv1::Record::kDayCutFieldNumber};
constexpr RecordKind kPaid{.body = jv1::Record::kEntryFieldNumber,
                           .detail = jv1::Entry::kPayoutPaidFieldNumber};
constexpr RecordKind kReturned{.body = jv1::Record::kEntryFieldNumber,
                               .detail = jv1::Entry::kPayoutReturnedFieldNumber};

AccountName PayableTo(std::uint32_t merchant) {
  return {.kind = ledger::AccountKind::kPayable, .owner = merchant};
}

// What an entry does to what is payable, by whose money it is; without zeros.
PointsByOrigin PayableChanges(const jv1::Entry& entry, WantedOrigin wanted) {
  PointsByOrigin points;
  for (const jv1::Posting& posting : entry.postings()) {
    const UnionNumber origin{posting.origin()};
    if (posting.kind() != jv1::ACCOUNT_KIND_PAYABLE || wanted.value_or(origin) != origin) continue;
    points[origin] += posting.points();
  }
  std::erase_if(points, [](const auto& one) { return one.second == 0; });
  return points;
}

// What an entry gives back to lots, by whose money it is.
PointsByOrigin GivenBack(const jv1::Entry& entry, WantedOrigin wanted) {
  PointsByOrigin points;
  for (const jv1::LotChange& change : entry.lots()) {
    const UnionNumber origin{change.origin()};
    if (change.points() > 0 && wanted.value_or(origin) == origin) points[origin] += change.points();
  }
  return points;
}

std::uint32_t MerchantOf(const jv1::Entry& entry) {
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() == jv1::ACCOUNT_KIND_PAYABLE || posting.kind() == jv1::ACCOUNT_KIND_FEE) {
      return static_cast<std::uint32_t>(posting.owner());
    }
  }
  return 0;
}

// By what a purchase is named: its own record, or the authorisation or bill that it was before.
Sequence NumberOf(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (entry.has_capture()) return entry.capture().authorization();
  return entry.purchase().bill() != 0 ? entry.purchase().bill() : record.sequence();
}

void AddLinks(const PointsByOrigin& points, PointLink link, PointLinkList* links) {
  for (const auto& [origin, of_origin] : points) {
    link.origin = origin;
    link.points = of_origin;
    links->push_back(link);
  }
}

// What is in all of the lists, of the records that there were when the trace began.
CommonList ListInAll(std::vector<SequenceListPtr> lists, const TraceReader& reader) {
  return {std::move(lists), {.first = 1, .last = reader.moment().last}};
}

// The first record in the list from `from` on that is wanted.
absl::StatusOr<FoundEntry> FindIn(CommonList list, Sequence from, Direction direction,
                                  TraceReader& reader,
                                  absl::FunctionRef<bool(const jv1::Record&)> wanted) {
  while (from != 0) {
    PUHUI_ASSIGN_OR_RETURN(const Sequence found, reader.Seek(list, from));
    if (found == 0 || !reader.Take()) break;
    PUHUI_ASSIGN_OR_RETURN(jv1::Record record, reader.Read(found));
    if (wanted(record)) return FoundEntry(std::move(record));
    from = direction == Direction::kForward ? found + 1 : found - 1;
  }
  return FoundEntry();
}

// The same of the records of a kind that are a merchant's.
absl::StatusOr<FoundEntry> FindOf(std::uint32_t merchant, RecordKind kind, Sequence from,
                                  Direction direction, TraceReader& reader,
                                  absl::FunctionRef<bool(const jv1::Record&)> wanted) {
  const ledger::Readable& index = *reader.moment().index;
  std::vector<SequenceListPtr> both;
  both.push_back(PostingsOf(index, ListOf(kind), direction));
  both.push_back(PostingsOf(index, ListOf(MerchantNumber{merchant}), direction));
  return FindIn(ListInAll(std::move(both), reader), from, direction, reader, wanted);
}

CommonList ListAbout(Sequence number, const TraceReader& reader) {
  std::vector<SequenceListPtr> one;
  one.push_back(PostingsOf(*reader.moment().index, ListOfNumber(Dimension::kAbout, number),
                           Direction::kForward));
  return ListInAll(std::move(one), reader);
}

// The record that took the points of a purchase. 0: none did.
absl::StatusOr<Sequence> TakingOf(Sequence number, TraceReader& reader) {
  PUHUI_ASSIGN_OR_RETURN(const jv1::Record first, reader.Read(number));
  if (first.entry().has_purchase()) return number;
  PUHUI_ASSIGN_OR_RETURN(const FoundEntry taking,
                         FindIn(ListAbout(number, reader), number + 1, Direction::kForward, reader,
                                [](const jv1::Record& record) {
                                  return record.entry().has_capture() ||
                                         record.entry().has_purchase();
                                }));
  return taking.has_value() ? taking->sequence() : Sequence{0};
}

// The lines of the statement of a merchant's day that are of the origin.
absl::Status AddLines(const jv1::PayoutPaid& paid, UnionNumber origin, Sequence before,
                      TraceReader& reader, PointLinkList* links) {
  PUHUI_ASSIGN_OR_RETURN(const FoundEntry cut,
                         FindOf(paid.merchant(), kDayCut, before - 1, Direction::kBackward, reader,
                                [&paid](const jv1::Record& record) {
                                  return record.day_cut().day().day() == paid.day();
                                }));
  if (!cut.has_value()) return absl::OkStatus();
  std::vector<Sequence> lines;
  PUHUI_RETURN_IF_ERROR(VisitMovements(
      reader.moment(), PayableTo(paid.merchant()), cut->day_cut().first_line(),
      cut->day_cut().last_line(), [&](const AccountMovement& movement) -> absl::StatusOr<bool> {
        if (!reader.Take()) return false;
        lines.push_back(movement.sequence);
        return true;
      }));
  return reader.ReadAll(lines, [&](const jv1::Record& record) {
    const jv1::Entry& entry = record.entry();
    if (entry.has_payout_paid() || entry.has_payout_returned()) return absl::OkStatus();
    AddLinks(PayableChanges(entry, origin),
             {.sequence = record.sequence(), .through = PayableTo(paid.merchant())}, links);
    return absl::OkStatus();
  });
}

// The payments of one statement: what is paid may come back, and is paid once more.
bool IsOfStatement(const jv1::Record& record, std::int32_t day, UnionNumber origin) {
  const jv1::Entry& entry = record.entry();
  const std::int32_t of =
      entry.has_payout_paid() ? entry.payout_paid().day() : entry.payout_returned().day();
  return of == day && !PayableChanges(entry, origin).empty();
}

// What the payment of a record was of, or became: a record of the other kind, if there is one.
absl::StatusOr<bool> AddPayment(const jv1::Record& record, UnionNumber origin, Direction direction,
                                TraceReader& reader, PointLinkList* links) {
  const jv1::Entry& entry = record.entry();
  const bool paid = entry.has_payout_paid();
  const std::uint32_t merchant = MerchantOf(entry);
  const std::int32_t day = paid ? entry.payout_paid().day() : entry.payout_returned().day();
  const Sequence from =
      direction == Direction::kForward ? record.sequence() + 1 : record.sequence() - 1;
  PUHUI_ASSIGN_OR_RETURN(
      const FoundEntry other,
      FindOf(merchant, paid ? kReturned : kPaid, from, direction, reader,
             [&](const jv1::Record& one) { return IsOfStatement(one, day, origin); }));
  if (!other.has_value()) return false;
  // Between the two it had left the ledger, or is payable again.
  const bool left = paid == (direction == Direction::kForward);
  links->push_back(
      {.sequence = other->sequence(),
       .through = {.kind = left ? ledger::AccountKind::kPayout : ledger::AccountKind::kPayable,
                   .owner = merchant},
       .origin = origin,
       .points = std::abs(PayableChanges(other->entry(), origin).begin()->second)});
  return true;
}

// The first payout of the statement that the record is a line of.
absl::Status AddPayout(const jv1::Record& line, UnionNumber origin, std::int64_t points,
                       TraceReader& reader, PointLinkList* links) {
  const std::uint32_t merchant = MerchantOf(line.entry());
  const Sequence sequence = line.sequence();
  PUHUI_ASSIGN_OR_RETURN(const FoundEntry cut,
                         FindOf(merchant, kDayCut, sequence + 1, Direction::kForward, reader,
                                [sequence](const jv1::Record& record) {
                                  return record.day_cut().last_line() >= sequence;
                                }));
  if (!cut.has_value() || cut->day_cut().first_line() > sequence) return absl::OkStatus();
  const std::int32_t day = cut->day_cut().day().day();
  PUHUI_ASSIGN_OR_RETURN(
      const FoundEntry payout,
      FindOf(merchant, kPaid, cut->sequence() + 1, Direction::kForward, reader,
             [&](const jv1::Record& record) { return IsOfStatement(record, day, origin); }));
  if (!payout.has_value()) return absl::OkStatus();
  links->push_back({.sequence = payout->sequence(),
                    .through = PayableTo(merchant),
                    .origin = origin,
                    .points = points});
  return absl::OkStatus();
}

// What was given back of a purchase, and what set its line right.
absl::Status AddWhatCameOf(const jv1::Record& purchase, WantedOrigin origin, TraceReader& reader,
                           PointLinkList* links) {
  const AccountName through = PayableTo(MerchantOf(purchase.entry()));
  for (const Sequence number : std::set<Sequence>{NumberOf(purchase), purchase.sequence()}) {
    PUHUI_RETURN_IF_ERROR(
        FindIn(ListAbout(number, reader), purchase.sequence() + 1, Direction::kForward, reader,
               [&](const jv1::Record& record) {
                 const jv1::Entry& entry = record.entry();
                 const PointLink link{.sequence = record.sequence(), .through = through};
                 if (entry.has_refund() || entry.has_reversal()) {
                   AddLinks(GivenBack(entry, origin), link, links);
                 } else if (entry.has_adjustment()) {
                   AddLinks(PayableChanges(entry, origin), link, links);
                 }
                 return false;  // All of them.
               })
            .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddStatementSources(const jv1::Record& record, WantedOrigin origin,
                                 TraceReader& reader, PointLinkList* links) {
  const jv1::Entry& entry = record.entry();
  const PointLink link{.through = PayableTo(MerchantOf(entry))};
  if (entry.has_refund() || entry.has_reversal()) {
    const PointsByOrigin back = GivenBack(entry, origin);
    if (back.empty()) return absl::OkStatus();
    PUHUI_ASSIGN_OR_RETURN(
        const Sequence taking,
        TakingOf(entry.has_refund() ? entry.refund().purchase() : entry.reversal().purchase(),
                 reader));
    if (taking == 0) return absl::OkStatus();
    AddLinks(back, {.sequence = taking, .through = link.through}, links);
  } else if (entry.has_adjustment()) {
    AddLinks(PayableChanges(entry, origin),
             {.sequence = entry.adjustment().line(), .through = link.through}, links);
  } else if (entry.has_payout_paid() || entry.has_payout_returned()) {
    for (const auto& [of, points] : PayableChanges(entry, origin)) {
      PUHUI_ASSIGN_OR_RETURN(const bool again,
                             AddPayment(record, of, Direction::kBackward, reader, links));
      if (again || !entry.has_payout_paid()) continue;
      PUHUI_RETURN_IF_ERROR(AddLines(entry.payout_paid(), of, record.sequence(), reader, links));
    }
  }
  return absl::OkStatus();
}

absl::Status AddStatementUses(const jv1::Record& record, WantedOrigin origin, TraceReader& reader,
                              PointLinkList* links) {
  const jv1::Entry& entry = record.entry();
  if (entry.has_purchase() || entry.has_capture()) {
    PUHUI_RETURN_IF_ERROR(AddWhatCameOf(record, origin, reader, links));
  }
  if (entry.has_purchase() || entry.has_capture() || entry.has_adjustment()) {
    for (const auto& [of, points] : PayableChanges(entry, origin)) {
      PUHUI_RETURN_IF_ERROR(AddPayout(record, of, points, reader, links));
    }
  } else if (entry.has_payout_paid() || entry.has_payout_returned()) {
    for (const auto& [of, points] : PayableChanges(entry, origin)) {
      PUHUI_RETURN_IF_ERROR(AddPayment(record, of, Direction::kForward, reader, links).status());
    }
  }
  return absl::OkStatus();
}

}  // namespace puhui::audit
