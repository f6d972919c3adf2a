// SPDX-License-Identifier: Apache-2.0
#include "ledger/engine/expired_points.h"

#include "ledger/base/check.h"

#include <cstdint>

namespace puhui::ledger {

namespace jv1 = journal::v1;

void AddExpiry(MemberId member, const Lot& lot, const AccountKey& to, Decision& decision) {
  const std::int64_t points = lot.available();
  PUHUI_CHECK(points > 0);
  jv1::Entry& entry = *decision.Add().mutable_entry();
  entry.set_member(member.ToBytes());
  jv1::Posting& from = *entry.add_postings();
  from.set_kind(jv1::ACCOUNT_KIND_WALLET);
  from.set_member(entry.member());
  from.set_origin(static_cast<std::uint32_t>(lot.origin));
  from.set_points(-points);
  jv1::Posting& into = *entry.add_postings();
  into.set_kind(static_cast<jv1::AccountKind>(to.kind));
  into.set_owner(to.owner);
  into.set_origin(static_cast<std::uint32_t>(to.origin));
  into.set_points(points);
  jv1::LotChange& change = *entry.add_lots();
  change.set_lot(static_cast<std::uint32_t>(lot.number));
  change.set_points(-points);
  change.set_campaign(static_cast<std::uint32_t>(lot.campaign));
  change.set_origin(static_cast<std::uint32_t>(lot.origin));
  jv1::Expiry& expiry = *entry.mutable_expiry();
  expiry.set_campaign(static_cast<std::uint32_t>(lot.campaign));
  expiry.set_lot(static_cast<std::uint32_t>(lot.number));
  expiry.set_points(points);
}

}  // namespace puhui::ledger
