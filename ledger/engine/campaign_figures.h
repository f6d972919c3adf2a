// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_ENGINE_CAMPAIGN_FIGURES_H_
#define PUHUI_LEDGER_ENGINE_CAMPAIGN_FIGURES_H_

#include "ledger/base/id.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/cached_table.h"
#include "ledger/storage/store.h"
#include "ledger/storage/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::ledger {

// What became of the points of one campaign, or of several.
struct CampaignFigures {
  std::int64_t granted = 0;
  // In lots and not held. What has expired counts until the sweep has come by.
  std::int64_t available = 0;
  std::int64_t held = 0;
  std::int64_t spent = 0;     // Purchased or captured, be it back or not.
  std::int64_t refunded = 0;  // Of that, what came back: by refunds and reversals.
  std::int64_t expired = 0;   // Swept.
  std::int64_t clawed_back = 0;
  std::int64_t returned = 0;  // Of members who left.
  std::int64_t donated = 0;   // Nothing can be, yet.
  std::uint64_t grants = 0;
  std::uint64_t grants_spent = 0;  // From which points were spent at least once.

  template <class F>
  void Fields(F& f) {
    f(granted, available, held, spent, refunded, expired, clawed_back, returned, donated, grants,
      grants_spent);
  }
  friend bool operator==(const CampaignFigures&, const CampaignFigures&) = default;

  // Adds `change`, or with -1 takes it away. Sums of many campaigns are for display: modulo 2^64,
  // so that no sum of sound amounts can break them for good.
  void Add(const CampaignFigures& change, int sign = 1);
  // Invariant 7: every point that was granted is in one place.
  bool Balance() const;
};

inline constexpr TypedTable<CampaignNumber, CampaignFigures> kCampaignFigureTable{
    Table::kCampaignFigures, Family::kState, "campaign figures"};

// All zero when nothing was granted yet.
absl::StatusOr<CampaignFigures> FiguresOf(const Readable& from, CampaignNumber campaign);

// Keeps the figures of every campaign with every entry. An entry changes one row for each campaign
// whose lots it changes, in memory; the store gets a row once for each group of commands.
// Threads: the writer's alone. Borrows: the set.
class CampaignFigureKeeper {
 public:
  struct Change {
    CampaignNumber campaign{};
    CampaignFigures figures{};  // What came to it.
  };

  explicit CampaignFigureKeeper(TableSet* set);

  // For deciders. All zero when nothing was granted yet.
  CampaignFigures Of(CampaignNumber campaign) {
    const CampaignFigures* found = rows_.Find(campaign);
    return found == nullptr ? CampaignFigures() : *found;
  }

  // Appliers only, for each entry of a wallet: its grant, or each of its lot changes before the
  // wallet knows of it, and then its end. Marks the lots of grants that are spent from. Fails:
  // kDataLoss when the figures do not balance.
  void NoteGrant(const journal::v1::Grant& grant);
  void NoteChange(const journal::v1::Entry& entry, const journal::v1::LotChange& change,
                  Wallet* wallet);
  absl::Status EndEntry(const journal::v1::Entry& entry);

  // Of which campaigns' grants the last entry of a wallet was the first to spend points.
  const std::vector<CampaignNumber>& first_spent() const { return first_spent_; }

  // What came to each campaign since it was last forgotten, in the order they were first touched.
  // For whoever adds campaigns up.
  const std::vector<Change>& changes() const { return changes_; }
  void ForgetChanges() { changes_.clear(); }

 private:
  static CampaignFigures& In(std::vector<Change>& changes, CampaignNumber campaign);
  CampaignFigures& OfEntry(std::uint32_t campaign) { return In(entry_, CampaignNumber{campaign}); }

  CachedTable<CampaignNumber, CampaignFigures> rows_;
  std::vector<Change> entry_;  // Of the current entry; kept to save the allocation.
  std::vector<Change> changes_;
  std::vector<CampaignNumber> first_spent_;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_ENGINE_CAMPAIGN_FIGURES_H_
