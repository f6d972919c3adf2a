// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_PARTICIPATION_H_
#define PUHUI_ISSUING_APP_PARTICIPATION_H_

#include "issuing/app/participation_rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::issuing {

// How many people received points of each union and all below it, and how many spent some: a person
// whom several of them gave something counts once. Two people who received of the same unions count
// alike wherever these unions stand, so people are counted by their sets of unions, of which there
// are few, and a move takes sets along and not people.
//
// A person's sets stand in the wallet's row, which is written anyway. What a grant costs here is a
// look into the set; a union's first grant to the person, or the first spending of it, changes the
// counts on the path to the root, once for all people of a segment who do the same one after the
// other. Purchases that are not a grant's first cost nothing.
// Threads: the writer's alone. Borrows: the tables and the ledger's views, whose wallets it writes.
class Participation {
 public:
  Participation(Tables* tables, ledger::LedgerViews* views) : tables_(*tables), views_(*views) {}

  // Appliers only, of an entry that the ledger's views have: a grant; or a purchase or capture,
  // which may be the first that spends of grants. Fail: kDataLoss when there is no such campaign or
  // member.
  absl::Status NoteGrant(const journal::v1::Entry& entry);
  absl::Status NoteSpending(const journal::v1::Entry& entry);
  // Appliers only: counts what was noted since the last time. Before a union moves, and at the end
  // of a segment.
  void AddUp();
  // Appliers only: `moved`, which stands at its new place already, and all below it count no more
  // for `left`, but for `joined`, both the lowest first. Requires: everything noted is added up.
  // Cost: PlacesToMove, a few rows for each.
  void Move(UnionNumber moved, absl::Span<const UnionNumber> left,
            absl::Span<const UnionNumber> joined);

 private:
  // Where a wallet has the set of it, and where people who did it are counted.
  struct Deed {
    std::uint32_t ledger::Wallet::*set;
    std::uint64_t Participants::*count;
  };
  // People who go from one set to another.
  struct Change {
    IssuerSetNumber from{};
    UnionNumber issuer{};  // The one that `to` has more.
    IssuerSetNumber to{};
    std::uint64_t Participants::*count = nullptr;
    std::uint64_t people = 0;
  };

  absl::Status Note(const journal::v1::Entry& entry, CampaignNumber campaign, const Deed& deed);
  // The set with the issuer in it, which may be the same.
  IssuerSetNumber With(IssuerSetNumber set, UnionNumber issuer);
  IssuerSetNumber SetOf(std::vector<UnionNumber> unions);
  bool Touches(UnionNumber of, IssuerSetNumber set);
  void Join(UnionNumber of, IssuerSetNumber set);
  void Leave(UnionNumber of, IssuerSetNumber set);
  std::vector<IssuerSetNumber> SetsOf(UnionNumber of);

  static const Deed kReceiving;
  static const Deed kSpending;

  Tables& tables_;
  ledger::LedgerViews& views_;
  std::vector<Change> changes_;
  Change last_;  // What With answered last: mostly the next one asks the same.
};

// What a move of the union goes through when `changed` unions stand above only one of its two
// places: for each set that has a union of the subtree, these and its own unions. Counts no further
// than the first set beyond `limit`. Threads: the writer's alone.
std::size_t PlacesToMove(Tables& tables, UnionNumber moved, std::size_t changed, std::size_t limit);

// Of a union and all below it; zero when nothing was granted there. Threads: safe.
absl::StatusOr<Participants> ParticipantsOf(const ledger::Readable& from, UnionNumber of);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PARTICIPATION_H_
