// SPDX-License-Identifier: Apache-2.0
// What records say that something is like, field by field.
#ifndef PUHUI_SERVICES_AUDIT_HISTORY_FOLD_H_
#define PUHUI_SERVICES_AUDIT_HISTORY_FOLD_H_

#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/audit/history_fields.h"
#include "services/audit/history_parts.h"
#include "services/ledger/names.h"

#include "absl/status/statusor.h"

#include <vector>

namespace puhui::services {

// Folds the records of one thing, which are told in order. Hashes, certificates and digits of cards
// and accounts are left out, and so is who did it; there is nothing of a person in records. What
// the caller may not know of campaigns is taken out of them before, by HideOccasions.
// Threads: none. Borrows: the names.
class HistoryFold {
 public:
  // `tells`: which members are told; none: all.
  HistoryFold(HistoryThing thing, Names* names, MemberIsTold tells = nullptr);

  // The fields that the record changed, by name. One that is empty was not there, or is not any
  // more. Fails: kDataLoss when the record names what does not exist.
  absl::StatusOr<std::vector<v1::FieldChange>> Take(const journal::v1::Record& record);

 private:
  const HistoryThing thing_;
  Names& names_;
  const MemberIsTold tells_;
  HistoryFields fields_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_HISTORY_FOLD_H_
