// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/personal_data.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

std::vector<ExternalId> AllExternalIds(const PersonalData& data, UnionNumber current) {
  std::vector<ExternalId> all = data.external_ids;
  if (!data.external_id.empty()) all.insert(all.begin(), {.of = current, .id = data.external_id});
  return all;
}

void AddExternalId(UnionNumber current, ExternalId added, PersonalData* data) {
  std::vector<ExternalId>& others = data->external_ids;
  const auto at = std::find(others.begin(), others.end(), added);
  if (added.of != current || !added.hr_system.empty()) {
    if (at == others.end()) others.push_back(std::move(added));
    return;
  }
  if (added.id == data->external_id) return;
  if (at != others.end()) others.erase(at);
  if (!data->external_id.empty()) others.push_back({.of = current, .id = data->external_id});
  data->external_id = std::move(added.id);
}

void MoveExternalIds(UnionNumber from, UnionNumber to, PersonalData* data) {
  std::vector<ExternalId>& others = data->external_ids;
  if (!data->external_id.empty()) others.push_back({.of = from, .id = data->external_id});
  data->external_id.clear();
  const auto back = std::find_if(others.rbegin(), others.rend(), [to](const ExternalId& known) {
    return known.of == to && known.hr_system.empty();
  });
  if (back == others.rend()) return;
  data->external_id = back->id;
  others.erase(std::next(back).base());
}

}  // namespace puhui::issuing
