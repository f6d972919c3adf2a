// SPDX-License-Identifier: Apache-2.0
// A merchant's own list of what its tills did.
#ifndef PUHUI_SERVICES_CLI_RECONCILE_FILE_H_
#define PUHUI_SERVICES_CLI_RECONCILE_FILE_H_

#include "merchant/app/reconciliation.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace puhui::services {

// UTF-8 or GB18030, with a header of the columns reference (参考号), kind (类型), store (门店),
// terminal (终端), batch (批次号), trace (流水号), points (积分) and time (时间), in any order;
// others are not looked at. A kind is PURCHASE (消费), CAPTURE (预授权完成 or 完成; 请款 is read
// too), REFUND (退款 or 退货) or REVERSAL (冲正); a time is RFC 3339, or "2026-11-26 12:34:56" or
// "2026/11/26 12:34:56" in `zone`. Refuses: kInvalidArgument, naming line and column and saying
// what is wanted there, for what cannot be read, or comes twice.
absl::StatusOr<merchant::StoreBooks> ParseReconcileFile(absl::string_view bytes,
                                                        absl::TimeZone zone);

// The word for a kind, as the file has it.
absl::string_view KindText(merchant::ReconciledKind kind);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RECONCILE_FILE_H_
