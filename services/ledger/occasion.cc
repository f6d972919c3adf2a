// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/occasion.h"

#include "issuing/core/rule_pack.h"

#include <algorithm>
#include <array>

namespace puhui::services {
namespace {

// No pack has a word for these; unions do.
constexpr std::array<absl::string_view, 4> kHardship = {"hardship", "aid", "relief", "medical-aid"};

}  // namespace

bool IsPersonalOccasion(absl::string_view occasion) {
  return issuing::IsLifeEvent(occasion) ||
         std::find(kHardship.begin(), kHardship.end(), occasion) != kHardship.end();
}

bool HidesOccasion(const Principal& principal, absl::string_view occasion) {
  const bool decides = principal.role == Role::kHr || principal.role == Role::kUnionAdmin ||
                       principal.role == Role::kApprover;
  return !decides && IsPersonalOccasion(occasion);
}

void HideText(std::string* text) {
  if (!text->empty()) *text = std::string(kNeutralOccasion);
}

}  // namespace puhui::services
