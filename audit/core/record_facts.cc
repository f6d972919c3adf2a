// SPDX-License-Identifier: Apache-2.0
#include "audit/core/record_facts.h"

#include <algorithm>

namespace puhui::audit {
namespace {

template <class T>
void SortAndDropRepeats(std::vector<T>* values) {
  if (values->size() < 2) return;
  std::sort(values->begin(), values->end());
  values->erase(std::unique(values->begin(), values->end()), values->end());
}

template <class T>
void Append(const std::vector<T>& from, std::vector<T>* to) {
  to->insert(to->end(), from.begin(), from.end());
}

}  // namespace

void PutInOrder(RecordFacts* facts) {
  SortAndDropRepeats(&facts->members);
  SortAndDropRepeats(&facts->campaigns);
  SortAndDropRepeats(&facts->unions);
  SortAndDropRepeats(&facts->merchants);
  SortAndDropRepeats(&facts->stores);
  SortAndDropRepeats(&facts->terminals);
  SortAndDropRepeats(&facts->reasons);
  SortAndDropRepeats(&facts->about);
}

void TakeOver(const RecordFacts& earlier, RecordFacts* facts) {
  Append(earlier.members, &facts->members);
  Append(earlier.campaigns, &facts->campaigns);
  Append(earlier.unions, &facts->unions);
  Append(earlier.merchants, &facts->merchants);
}

}  // namespace puhui::audit
