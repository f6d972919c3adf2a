// SPDX-License-Identifier: Apache-2.0
// What things are called that the model knows by number.
#ifndef PUHUI_TESTS_MODEL_MODEL_NAMES_H_
#define PUHUI_TESTS_MODEL_MODEL_NAMES_H_

#include "ledger/base/id.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::testing {

// Who sells, and where: two terminals of each merchant; stores lie in this province.
constexpr std::uint32_t kMerchants = 3;
constexpr std::uint32_t kTerminals = 6;
constexpr std::uint32_t kProvince = 10'000;
constexpr std::uint32_t kProvinceOfHubei = 420'000;
// Of the first store of a merchant nobody knows where it is; the second lies in a district.
inline std::uint32_t RegionOfSecondStore(std::uint32_t merchant) {
  return merchant == 1 ? 110'101 : 420'106;
}

inline CampaignId CampaignIdOf(std::uint32_t number) {
  return *CampaignId::Parse(absl::StrCat("c-", number), "campaign");
}

inline MerchantId MerchantIdOf(std::uint32_t number) {
  return *MerchantId::Parse(absl::StrCat("m-", number), "merchant");
}

inline UnionId UnionIdOf(std::uint32_t id) {
  return *UnionId::Parse(absl::StrCat("u-", id), "union");
}
inline absl::optional<UnionId> UnionIdOf(absl::optional<std::uint32_t> id) {
  return id.has_value() ? absl::make_optional(UnionIdOf(*id)) : absl::nullopt;
}

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_NAMES_H_
