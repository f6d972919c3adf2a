// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/order_queries.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/codec.h"
#include "ledger/storage/typed_reads.h"

#include <utility>

namespace puhui::merchant {
namespace {

template <class Key, class Owner>
absl::Status VisitBackward(const ledger::TypedTable<Key, bool>& table, Owner owner,
                           const ledger::Readable& from, Sequence before, OrderVisit visit) {
  ledger::Range range{
      .prefix = ledger::EncodeKeyPrefix(table.id, owner), .after_from = true, .backward = true};
  if (before != 0) range.from = ledger::EncodeKey(table.id, Key{owner, before});
  return ledger::Scan(from, table, std::move(range),
                      [&](const Key& key, bool /*own*/) -> absl::StatusOr<bool> {
                        PUHUI_ASSIGN_OR_RETURN(auto row, FindOrder(from, key.order));
                        if (!row.has_value()) return absl::DataLossError("an order is missing");
                        return visit({.number = key.order, .row = *std::move(row)});
                      });
}

}  // namespace

absl::StatusOr<absl::optional<OrderRow>> FindOrder(const ledger::Readable& from, Sequence number) {
  return ledger::Find(from, kOrderTable, number);
}

absl::Status VisitOrdersOf(MemberId member, const ledger::Readable& from, Sequence before,
                           OrderVisit visit) {
  return VisitBackward(kMemberOrderTable, member, from, before, visit);
}

absl::Status VisitOrdersOf(MerchantNumber merchant, const ledger::Readable& from, Sequence before,
                           OrderVisit visit) {
  return VisitBackward(kMerchantOrderTable, merchant, from, before, visit);
}

}  // namespace puhui::merchant
