// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MODEL_OFFERS_H_
#define PUHUI_TESTS_MODEL_MODEL_OFFERS_H_

#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <set>

namespace puhui::testing {

// What a merchant offers.
struct ModelOffer {
  enum class Kind { kPercentage = 1, kAmount, kItem, kSeats };
  enum class State { kDraft = 1, kPublished, kWithdrawn };

  std::uint32_t merchant = 0;
  Kind kind = Kind::kItem;
  State state = State::kDraft;
  std::uint32_t version = 1;
  std::int64_t rate = 0;
  std::int64_t off = 0;  // Of a percentage the most, 0: any.
  std::int64_t minimum = 0;
  std::int64_t limit = 0;                  // For each member; 0: any.
  absl::optional<absl::CivilDay> first{};  // Both in UTC.
  absl::CivilDay last{};
  std::set<std::uint32_t> unions{};  // By the model's ids.
  std::set<std::uint32_t> campaigns{};
  std::set<std::uint32_t> regions{};  // Six digits, of provinces.
  std::int64_t stock = 0;

  bool IsDiscount() const { return kind == Kind::kPercentage || kind == Kind::kAmount; }
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_OFFERS_H_
