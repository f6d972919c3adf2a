// SPDX-License-Identifier: Apache-2.0
#include "services/payout/payout_scope.h"

#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "services/auth/policy.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/status/status.h"

#include <utility>

namespace puhui::services {

absl::StatusOr<SeenPayee> SeePayee(const PayoutParts& parts, const Principal& principal,
                                   const MerchantId& id, const ledger::Readable& store) {
  PUHUI_RETURN_IF_ERROR(AllowPayout(principal, id, parts.payer_union));
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store, id.text()));
  if (!found.has_value()) return NotFound("merchant");
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(store, merchant::kPayeeTable, found->number));
  return SeenPayee{.number = found->number,
                   .name = FormatMerchantName(id),
                   .row = row.has_value() ? *std::move(row) : merchant::PayeeRow{}};
}

absl::StatusOr<SeenPayout> SeePayout(const PayoutParts& parts, const Principal& principal,
                                     const StatementName& name, const ledger::Readable& store) {
  absl::StatusOr<SeenPayee> payee = SeePayee(parts, principal, name.merchant_id, store);
  if (absl::IsNotFound(payee.status())) return NotFound("statement");
  if (!payee.ok()) return payee.status();
  const merchant::StatementKey key{payee->number, name.day};
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(store, merchant::kPayoutTable, key));
  if (!row.has_value()) return NotFound("statement");
  return SeenPayout{.payee = *std::move(payee), .key = key, .row = *std::move(row)};
}

absl::StatusOr<merchant::PayoutRunRow> SeeRun(const PayoutParts& parts, const Principal& principal,
                                              std::uint32_t run, const ledger::Readable& store) {
  PUHUI_RETURN_IF_ERROR(AllowPayer(principal, parts.payer_union));
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(store, merchant::kPayoutRunTable, run));
  if (!row.has_value()) return NotFound("payout run");
  return *std::move(row);
}

}  // namespace puhui::services
