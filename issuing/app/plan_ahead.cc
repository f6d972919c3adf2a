// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_ahead.h"

#include "ledger/base/check.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace puhui::issuing {
namespace {

// Moves the row at `at` of `from`, if it was read, behind those of `to`.
template <class K, class V>
void MoveRow(std::size_t at, ledger::RowsAhead<K, V>& from, ledger::RowsAhead<K, V>& to) {
  if (from.keys.empty()) return;
  to.keys.push_back(from.keys[at]);
  to.rows.push_back(std::move(from.rows[at]));
}

}  // namespace

void PlanAhead::Read(const PlanRowsView& rows) {
  members_.clear();
  members_.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) members_.push_back(rows[i].member);
  std::sort(members_.begin(), members_.end());
  wallet_rows_ = wallets_->ReadAhead(members_).value_or(decltype(wallet_rows_){});
  if (received_ == nullptr) return;
  std::vector<ReceivedKey> keys;
  keys.reserve(members_.size());
  for (const MemberId member : members_) keys.push_back(ReceivedIn(member, day_));
  received_rows_ = received_->ReadAhead(std::move(keys)).value_or(decltype(received_rows_){});
}

PieceAhead PlanAhead::Take(const PlanRowsView& piece) {
  PieceAhead ahead{.wallets{.group = wallet_rows_.group}, .received{.group = received_rows_.group}};
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const auto found = std::lower_bound(members_.begin(), members_.end(), piece[i].member);
    PUHUI_CHECK(found != members_.end() && *found == piece[i].member);
    const auto at = static_cast<std::size_t>(found - members_.begin());
    MoveRow(at, wallet_rows_, ahead.wallets);
    MoveRow(at, received_rows_, ahead.received);
  }
  return ahead;
}

UploadAhead ReadForUpload(const Tables& tables, CampaignNumber campaign, const PlanRowsView& rows) {
  std::vector<MemberId> members = rows.Members();
  std::vector<PlanMemberKey> places;
  places.reserve(members.size());
  for (const MemberId member : members) places.push_back({campaign, member});
  UploadAhead ahead;
  ahead.members = tables.members.ReadAhead(std::move(members)).value_or(decltype(ahead.members){});
  ahead.places =
      tables.plan_members.ReadAhead(std::move(places)).value_or(decltype(ahead.places){});
  return ahead;
}

}  // namespace puhui::issuing
