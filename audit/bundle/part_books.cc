// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/part_books.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

namespace puhui::audit {

absl::Status PartBooks::Open(const BalanceRow& row) {
  if (!owners_.contains({row.account.kind, row.account.owner})) {
    return Misfit("an opening balance of another scope");
  }
  if (!ledger::WithinBound(row.account.kind, row.points) || row.points > Points::kMax ||
      row.points < -Points::kMax) {
    return Misfit("an opening balance is beyond its bound");
  }
  if (!balances_.emplace(row.account, row.points).second) return Misfit("a second opening balance");
  return absl::OkStatus();
}

absl::StatusOr<bool> PartBooks::Apply(const journal::v1::Entry& entry) {
  PUHUI_ASSIGN_OR_RETURN(const std::vector<ledger::Posting> postings, PostingsOf(entry));
  bool concerned = false;
  for (const ledger::Posting& posting : postings) {
    const BundleAccount account = AccountOf(posting);
    if (!owners_.contains({account.kind, account.owner})) continue;
    concerned = true;
    std::int64_t& balance = balances_[account];
    PUHUI_RETURN_IF_ERROR(AddTo(posting, &balance));
    if (balance == 0) balances_.erase(account);
  }
  return concerned;
}

}  // namespace puhui::audit
