// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_MISFIT_H_
#define PUHUI_AUDIT_BUNDLE_MISFIT_H_

#include "ledger/base/id.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace puhui::audit {

// Of a bundle, something does not fit.
inline absl::Status Misfit(absl::string_view what) { return absl::DataLossError(what); }

// That it is about a record, as "record 17: …".
inline absl::Status AtRecord(Sequence sequence, const absl::Status& status) {
  if (status.ok() || !absl::IsDataLoss(status)) return status;
  return absl::DataLossError(absl::StrCat("record ", sequence, ": ", status.message()));
}

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_MISFIT_H_
