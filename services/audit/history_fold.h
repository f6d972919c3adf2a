// SPDX-License-Identifier: Apache-2.0
// What records say that something is like, field by field.
#ifndef PUHUI_SERVICES_AUDIT_HISTORY_FOLD_H_
#define PUHUI_SERVICES_AUDIT_HISTORY_FOLD_H_

#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/audit_service.pb.h"
#include "services/ledger/names.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include <map>
#include <string>
#include <vector>

namespace puhui::services {

// A kind of record that changes the things of a collection.
struct HistoryKind {
  absl::string_view collection;  // For example "campaigns".
  absl::string_view kind;        // As audit::KindText has it.
  absl::string_view state;       // Where the thing stands then; empty: as before, or it is said.
  absl::string_view part = "";   // The fields are of this part of the thing.
};
absl::Span<const HistoryKind> HistoryKinds();

// Folds the records of one thing, which are told in order. Hashes, certificates and digits of cards
// are left out, and so is who did it; there is nothing of a person in records. What the caller may
// not know of campaigns is taken out of them before, by HideOccasions.
// Threads: none. Borrows: the names.
class HistoryFold {
 public:
  HistoryFold(std::string collection, Names* names);

  // The fields that the record changed, by name. One that is empty was not there, or is not any
  // more. Fails: kDataLoss when the record names what does not exist.
  absl::StatusOr<std::vector<v1::FieldChange>> Take(const journal::v1::Record& record);

 private:
  using Fields = std::map<std::string, std::string>;

  const std::string collection_;
  Names& names_;
  Fields fields_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_HISTORY_FOLD_H_
