// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/batch_rows.h"

#include <cstdlib>

namespace puhui::merchant {

KindTotal& BatchTotals::Of(BatchKind kind) {
  switch (kind) {
    case BatchKind::kPurchase:
      return purchases;
    case BatchKind::kRefund:
      return refunds;
    case BatchKind::kReversal:
      return reversals;
    case BatchKind::kAuthorization:
      return authorizations;
    case BatchKind::kCapture:
      return captures;
    case BatchKind::kVoid:
      return voids;
  }
  std::abort();
}

absl::optional<BatchKind> KindOf(TillOutcome outcome) {
  switch (outcome) {
    case TillOutcome::kPurchase:
      return BatchKind::kPurchase;
    case TillOutcome::kRefund:
      return BatchKind::kRefund;
    case TillOutcome::kReversal:
      return BatchKind::kReversal;
    case TillOutcome::kAuthorization:
      return BatchKind::kAuthorization;
    case TillOutcome::kCapture:
      return BatchKind::kCapture;
    case TillOutcome::kVoid:
      return BatchKind::kVoid;
    case TillOutcome::kDeclined:
    case TillOutcome::kTombstone:
    case TillOutcome::kBill:
    case TillOutcome::kBillCancelled:
    case TillOutcome::kVoucher:
      return absl::nullopt;
  }
  return absl::nullopt;
}

}  // namespace puhui::merchant
