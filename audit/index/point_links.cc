// SPDX-License-Identifier: Apache-2.0
#include "audit/index/point_links.h"

#include "audit/core/oldest_first.h"
#include "audit/index/past_balances.h"
#include "audit/index/sequence_list.h"
#include "audit/index/statement_links.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/terms.h"
#include "ledger/engine/ledger_views.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// Records of a member that are read at once.
constexpr std::size_t kMemberRecordsAtOnce = 256;

bool IsWanted(WantedOrigin wanted, UnionNumber origin) { return wanted.value_or(origin) == origin; }

bool IsPool(ledger::AccountKind kind) {
  return kind == ledger::AccountKind::kBudget || kind == ledger::AccountKind::kCampaign;
}

std::int64_t ChangeOf(const AccountMovement& movement, UnionNumber origin) {
  std::int64_t points = 0;
  for (const OriginBalance& change : movement.changes) {
    if (change.origin == origin) points += change.points;
  }
  return points;
}

absl::StatusOr<std::int64_t> HeldBefore(const IndexMoment& moment, const PointLink& moved,
                                        Sequence of) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<OriginBalance> held,
                         HeldAsOf(moment, moved.through, of - 1));
  for (const OriginBalance& one : held) {
    if (one.origin == moved.origin) return one.points;
  }
  return 0;
}

// What an entry does to budgets and campaigns, each account and origin once.
absl::StatusOr<PointLinkList> PoolChanges(const jv1::Entry& entry, WantedOrigin origin) {
  std::vector<ledger::Posting> postings;
  PUHUI_RETURN_IF_ERROR(ledger::ReadPostings(entry, &postings));
  PointLinkList changes;
  for (const ledger::Posting& posting : postings) {
    if (!IsPool(posting.kind) || !IsWanted(origin, posting.origin)) continue;
    const auto same = std::find_if(changes.begin(), changes.end(), [&](const PointLink& change) {
      return change.through == NameOf(posting) && change.origin == posting.origin;
    });
    if (same != changes.end()) {
      same->points += posting.points;
      continue;
    }
    changes.push_back(
        {.through = NameOf(posting), .origin = posting.origin, .points = posting.points});
  }
  return changes;
}

// What an entry does to lots; a grant opens them.
PointLinkList LotChanges(const jv1::Entry& entry) {
  PointLinkList changes;
  if (entry.member().size() != MemberId::kBytes) return changes;
  const AccountName wallet{.kind = ledger::AccountKind::kWallet,
                           .member = MemberId::FromBytes(entry.member())};
  if (entry.has_grant()) {
    const jv1::Grant& grant = entry.grant();
    UnionNumber origin{};
    for (const jv1::Posting& posting : entry.postings()) origin = UnionNumber{posting.origin()};
    const auto open = [&](std::uint32_t lot, std::int64_t points) {
      if (points == 0) return;
      changes.push_back({.through = wallet, .lot = lot, .origin = origin, .points = points});
    };
    open(grant.lot(), grant.points() - grant.earmarked_points());
    open(grant.lot() | ledger::kEarmarkedBit, grant.earmarked_points());
  }
  for (const jv1::LotChange& change : entry.lots()) {
    if (change.points() == 0) continue;  // Was held, or is not any more.
    changes.push_back({.through = wallet,
                       .lot = change.lot(),
                       .origin = UnionNumber{change.origin()},
                       .points = change.points()});
  }
  return changes;
}

}  // namespace

absl::StatusOr<PointLinkList> PointLinks::CameFrom(const jv1::Record& record, WantedOrigin origin) {
  PointLinkList links;
  if (!record.has_entry()) return links;
  PUHUI_RETURN_IF_ERROR(AddPools(record, /*back=*/true, origin, &links));
  PUHUI_RETURN_IF_ERROR(AddLots(record, /*back=*/true, origin, &links));
  PUHUI_RETURN_IF_ERROR(AddStatementSources(record, origin, reader_, &links));
  return links;
}

absl::StatusOr<PointLinkList> PointLinks::WentTo(const jv1::Record& record, WantedOrigin origin) {
  PointLinkList links;
  if (!record.has_entry()) return links;
  PUHUI_RETURN_IF_ERROR(AddPools(record, /*back=*/false, origin, &links));
  PUHUI_RETURN_IF_ERROR(AddLots(record, /*back=*/false, origin, &links));
  PUHUI_RETURN_IF_ERROR(AddStatementUses(record, origin, reader_, &links));
  return links;
}

absl::Status PointLinks::AddPools(const jv1::Record& record, bool back, WantedOrigin origin,
                                  PointLinkList* links) {
  PUHUI_ASSIGN_OR_RETURN(const PointLinkList changes, PoolChanges(record.entry(), origin));
  for (const PointLink& change : changes) {
    if (back && change.points < 0) {
      PUHUI_RETURN_IF_ERROR(AddPoolSources(change, record.sequence(), links));
    } else if (!back && change.points > 0) {
      PUHUI_RETURN_IF_ERROR(AddPoolUses(change, record.sequence(), links));
    }
  }
  return absl::OkStatus();
}

absl::Status PointLinks::AddPoolSources(const PointLink& out, Sequence of, PointLinkList* links) {
  PUHUI_ASSIGN_OR_RETURN(const std::int64_t held, HeldBefore(reader_.moment(), out, of));
  CameWith came(held, -out.points);
  if (came.done()) return absl::OkStatus();
  return VisitMovementsBackward(reader_.moment(), out.through, of - 1,
                                [&](const AccountMovement& movement) -> absl::StatusOr<bool> {
                                  if (!reader_.Take()) return false;
                                  PointLink link = out;
                                  link.sequence = movement.sequence;
                                  const std::int64_t in = ChangeOf(movement, out.origin);
                                  link.points = in > 0 ? came.Before(in) : 0;
                                  if (link.points > 0) links->push_back(link);
                                  return !came.done();
                                });
}

absl::Status PointLinks::AddPoolUses(const PointLink& in, Sequence of, PointLinkList* links) {
  PUHUI_ASSIGN_OR_RETURN(const std::int64_t held, HeldBefore(reader_.moment(), in, of));
  WentWith went(held, in.points);
  return VisitMovements(reader_.moment(), in.through, of + 1, reader_.moment().last,
                        [&](const AccountMovement& movement) -> absl::StatusOr<bool> {
                          if (!reader_.Take()) return false;
                          PointLink link = in;
                          link.sequence = movement.sequence;
                          const std::int64_t out = -ChangeOf(movement, in.origin);
                          link.points = out > 0 ? went.Next(out) : 0;
                          if (link.points > 0) links->push_back(link);
                          return !went.done();
                        });
}

absl::Status PointLinks::AddLots(const jv1::Record& record, bool back, WantedOrigin origin,
                                 PointLinkList* links) {
  for (const PointLink& change : LotChanges(record.entry())) {
    if (back != (change.points < 0) || !IsWanted(origin, change.origin)) continue;
    PUHUI_ASSIGN_OR_RETURN(const Lots* const lots, LotsOf(change.through.member));
    const auto lot = lots->find(change.lot);
    if (lot == lots->end()) continue;
    const std::vector<LotMove>& moves = lot->second;
    std::int64_t held = 0;
    std::size_t at = 0;
    while (at < moves.size() && moves[at].sequence < record.sequence()) held += moves[at++].points;
    const auto add = [&](const LotMove& move, std::int64_t points) {
      PointLink link = change;
      link.sequence = move.sequence;
      link.points = points;
      if (points > 0) links->push_back(link);
    };
    if (back) {
      CameWith came(held, -change.points);
      while (at > 0 && !came.done()) {
        const LotMove& move = moves[--at];
        if (move.points > 0) add(move, came.Before(move.points));
      }
      continue;
    }
    WentWith went(held, change.points);
    for (++at; at < moves.size() && !went.done(); ++at) {
      if (moves[at].points < 0) add(moves[at], went.Next(-moves[at].points));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<const PointLinks::Lots*> PointLinks::LotsOf(MemberId member) {
  const auto known = lots_.find(member);
  if (known != lots_.end()) return &known->second;
  const IndexMoment& moment = reader_.moment();
  std::vector<SequenceListPtr> accounts;
  for (const auto kind : {ledger::AccountKind::kWallet, ledger::AccountKind::kHeld}) {
    accounts.push_back(
        MovementsOf(*moment.index, {.kind = kind, .member = member}, Direction::kForward));
  }
  const SequenceListPtr list = AnyOf(std::move(accounts), Direction::kForward);
  Lots lots;
  const auto fold = [&lots](const jv1::Record& record) {
    for (const PointLink& change : LotChanges(record.entry())) {
      lots[change.lot].push_back(
          {.sequence = record.sequence(), .origin = change.origin, .points = change.points});
    }
    return absl::OkStatus();
  };
  std::vector<Sequence> some;
  for (Sequence from = 1; from != 0;) {
    PUHUI_ASSIGN_OR_RETURN(const Sequence found, list->Seek(from));
    const bool one_more = found != 0 && found <= moment.last && reader_.Take();
    if (one_more) some.push_back(found);
    from = one_more ? found + 1 : 0;
    if (some.size() < kMemberRecordsAtOnce && one_more) continue;
    PUHUI_RETURN_IF_ERROR(reader_.ReadAll(some, fold));
    some.clear();
  }
  return &(lots_[member] = std::move(lots));
}

}  // namespace puhui::audit
