// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_PLAN_AHEAD_H_
#define PUHUI_ISSUING_APP_PLAN_AHEAD_H_

#include "issuing/app/member_rows.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/plan_tables.h"
#include "issuing/app/rule_rows.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/cached_table.h"

#include "absl/time/civil_time.h"

#include <vector>

namespace puhui::issuing {

// What has been read for a piece of a plan.
struct PieceAhead {
  ledger::RowsAhead<MemberId, ledger::Wallet> wallets{};
  ledger::RowsAhead<ReceivedKey, ReceivedRow> received{};
};

// Reads for the writer what the pieces of a plan want of the views, so that nobody's purchase waits
// for that: for many rows at once, because people who came with one roster stand together on disk.
// Threads: one. Borrows: the tables.
class PlanAhead {
 public:
  using Wallets = ledger::CachedTable<MemberId, ledger::Wallet>;
  using Received = ledger::CachedTable<ReceivedKey, ReceivedRow>;

  // Wallets alone.
  explicit PlanAhead(const Wallets* wallets) : wallets_(wallets) {}
  // And what members have received in the year of `day`.
  PlanAhead(const Wallets* wallets, const Received* received, absl::CivilDay day)
      : wallets_(wallets), received_(received), day_(day) {}

  // Requires: a member stands in `rows` once. What cannot be read is left to the writer, who knows
  // what to do about that.
  void Read(const PlanRowsView& rows);
  // Requires: `piece` is of the rows that were read (checked). What is taken is here no more.
  PieceAhead Take(const PlanRowsView& piece);

 private:
  const Wallets* wallets_;
  const Received* received_ = nullptr;
  absl::CivilDay day_{};
  std::vector<MemberId> members_;  // Sorted; rows of both tables stand in their order.
  ledger::RowsAhead<MemberId, ledger::Wallet> wallet_rows_;
  ledger::RowsAhead<ReceivedKey, ReceivedRow> received_rows_;
};

// What a piece of an upload wants: who the members are, and whether the plan has them already.
struct UploadAhead {
  ledger::RowsAhead<MemberId, MemberRow> members{};
  ledger::RowsAhead<PlanMemberKey, PlanPlace> places{};
};
// Reads it for the writer. What cannot be read is left to the writer, as by PlanAhead.
// Threads: any.
UploadAhead ReadForUpload(const Tables& tables, CampaignNumber campaign, const PlanRowsView& rows);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_AHEAD_H_
