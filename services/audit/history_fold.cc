// SPDX-License-Identifier: Apache-2.0
#include "services/audit/history_fold.h"

#include "ledger/base/status_macros.h"
#include "services/audit/history_kinds.h"

#include <string>
#include <utility>

namespace puhui::services {

HistoryFold::HistoryFold(HistoryThing thing, Names* names, MemberIsTold tells)
    : thing_(std::move(thing)), names_(*names), tells_(std::move(tells)) {}

absl::StatusOr<std::vector<v1::FieldChange>> HistoryFold::Take(const journal::v1::Record& record) {
  std::vector<v1::FieldChange> changes;
  const HistoryKind* const kind = HistoryKindIn(thing_.collection, record);
  if (kind == nullptr) return changes;
  PUHUI_ASSIGN_OR_RETURN(const std::string prefix, HistoryPrefixOf(*kind, record, names_));
  if (!kind->bare) {
    const google::protobuf::Message& body = HistoryBodyOf(thing_.collection, record);
    HistoryFieldReader reader(thing_.collection, &names_, &fields_);
    reader.Forget(*body.GetDescriptor(), prefix);
    PUHUI_RETURN_IF_ERROR(reader.Read(body, prefix));
  }
  if (!kind->state.empty()) fields_[prefix + "state"] = std::string(kind->state);
  PUHUI_RETURN_IF_ERROR(OwnFields(&thing_, &names_, &tells_, &fields_).Add(record));
  for (const auto& [name, before] : fields_.TakeTouched()) {
    const std::string after = fields_.At(name);
    if (after == before) continue;
    v1::FieldChange& change = changes.emplace_back();
    change.set_field(name);
    change.set_before(before);
    change.set_after(after);
  }
  return changes;
}

}  // namespace puhui::services
