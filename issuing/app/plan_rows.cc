// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/plan_rows.h"

#include "ledger/base/check.h"

#include <algorithm>

namespace puhui::issuing {

void AppendPlanRow(MemberId member, Points points, std::string* rows) {
  rows->append(member.ToBytes());
  const auto value = static_cast<std::uint64_t>(points.value());
  for (int shift = 56; shift >= 0; shift -= 8) rows->push_back(static_cast<char>(value >> shift));
}

PlanRowsView::PlanRowsView(absl::string_view bytes) : bytes_(bytes) {
  PUHUI_CHECK(bytes.size() % kPlanRowBytes == 0);
}

PlanRow PlanRowsView::operator[](std::size_t i) const {
  const absl::string_view row = row_bytes(i);
  std::uint64_t points = 0;
  for (const char byte : row.substr(16)) points = points << 8 | static_cast<std::uint8_t>(byte);
  return {MemberId::FromBytes(row.substr(0, 16)), static_cast<std::int64_t>(points)};
}

std::vector<MemberId> PlanRowsView::Members() const {
  std::vector<MemberId> members;
  members.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) {
    members.push_back(MemberId::FromBytes(row_bytes(i).substr(0, 16)));
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

}  // namespace puhui::issuing
