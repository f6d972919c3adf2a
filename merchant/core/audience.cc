// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/audience.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

template <class T>
void Sort(std::vector<T>* list) {
  std::sort(list->begin(), list->end());
  list->erase(std::unique(list->begin(), list->end()), list->end());
}

template <class T>
bool Names(const std::vector<T>& sorted, const T& value) {
  return sorted.empty() || std::binary_search(sorted.begin(), sorted.end(), value);
}

template <class T>
bool NamesAny(const std::vector<T>& sorted, const std::vector<T>& values) {
  if (sorted.empty()) return true;
  return std::any_of(values.begin(), values.end(), [&sorted](const T& value) {
    return std::binary_search(sorted.begin(), sorted.end(), value);
  });
}

std::size_t HeapBytesOf(const std::vector<std::string>& texts) {
  std::size_t bytes = texts.capacity() * sizeof(std::string);
  for (const std::string& text : texts) bytes += text.capacity();
  return bytes;
}

}  // namespace

std::size_t Audience::HeapBytes() const {
  return unions.capacity() * sizeof(UnionNumber) + campaigns.capacity() * sizeof(CampaignNumber) +
         HeapBytesOf(employments) + HeapBytesOf(departments);
}

void SortLists(Audience* audience) {
  Sort(&audience->unions);
  Sort(&audience->employments);
  Sort(&audience->departments);
  Sort(&audience->campaigns);
}

bool Admits(const Audience& audience, const MemberProfile& member) {
  if (!NamesAny(audience.unions, member.unions)) return false;
  if (audience.joined_from.has_value() && member.joined < *audience.joined_from) return false;
  if (audience.joined_to.has_value() && member.joined > *audience.joined_to) return false;
  return Names(audience.employments, member.employment) &&
         Names(audience.departments, member.department) &&
         NamesAny(audience.campaigns, member.campaigns);
}

}  // namespace puhui::merchant
