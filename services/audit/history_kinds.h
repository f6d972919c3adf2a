// SPDX-License-Identifier: Apache-2.0
// Which records change which things.
#ifndef PUHUI_SERVICES_AUDIT_HISTORY_KINDS_H_
#define PUHUI_SERVICES_AUDIT_HISTORY_KINDS_H_

#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include <google/protobuf/descriptor.h>

namespace puhui::services {

// A kind of record that changes the things of a collection.
struct HistoryKind {
  absl::string_view collection;  // For example "campaigns".
  absl::string_view kind;        // As audit::KindText has it.
  absl::string_view state;       // Where the thing stands then; empty: as before, or it is said.
  // The fields and the state are of this part of the thing. A # is what the record calls it by.
  absl::string_view part = "";
  bool bare = false;  // What its fields say is told by AddOwnFields alone.
};
absl::Span<const HistoryKind> HistoryKinds();

// Null: the record changes nothing in the collection.
const HistoryKind* HistoryKindIn(absl::string_view collection, const journal::v1::Record& record);

// The enumeration of puhui.v1 whose numbers the field has; null: it is none of those. `name` is
// what the field is told by.
const google::protobuf::EnumDescriptor* HistoryEnumOf(
    absl::string_view collection, const google::protobuf::FieldDescriptor& field,
    absl::string_view name);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_HISTORY_KINDS_H_
