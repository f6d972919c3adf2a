// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_FACTS_OF_H_
#define PUHUI_AUDIT_INDEX_FACTS_OF_H_

#include "audit/core/record_facts.h"
#include "audit/index/background.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::audit {

RecordKind KindOf(const journal::v1::Record& record);
// For example "entry/purchase", "member_changed/left" or "merchant_registered".
std::string KindText(RecordKind kind);
// Takes what KindText gives, and "entry" or "member_changed" for all of them. Absent: there is no
// such kind.
absl::optional<RecordKind> ParseKind(absl::string_view text);

// What a record is about: the same for the same journal, whoever asks and whenever.
// Fails: as the background; kDataLoss for a record that is none.
absl::StatusOr<RecordFacts> FactsOf(const journal::v1::Record& record, Background& background);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_FACTS_OF_H_
