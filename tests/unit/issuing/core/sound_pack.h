// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_ISSUING_CORE_SOUND_PACK_H_
#define PUHUI_TESTS_UNIT_ISSUING_CORE_SOUND_PACK_H_

#include "issuing/core/rule_pack.h"

namespace puhui::issuing {

// A pack in which every rule says something.
inline RulePack SoundPack() {
  return {.id = "test",
          .version = 1,
          .display_name = "Test",
          .basis = "A text",
          .effective_from = absl::CivilDay(2026, 1, 1),
          .effective_to = absl::CivilDay(2026, 12, 31),
          .issuer_kinds = {IssuerKind::kEnterprise, IssuerKind::kWellFundedEnterprise},
          .points_per_year_max = 1'000,
          .issuer_caps = {{IssuerKind::kWellFundedEnterprise, 1'500}},
          .points_per_occasion_max = 400,
          .occasions = {{.name = "new-year"},
                        {.name = "spring-festival", .points_max = 700},
                        {.name = "qingming"},
                        {.name = "sanyuesan", .minority_festival = true}},
          .occasions_per_year_max = 3,
          .earmark_share_min = 3'000,
          .merchant_categories = {5'411, 5'814},
          .expiry_days_min = 30,
          .expiry_days_max = 365,
          .life_events = {{"birthday", 300}, {"marriage", 600}},
          .earmark_regions = {420'100, 610'000},
          .earmark_categories = {5'411}};
}

}  // namespace puhui::issuing

#endif  // PUHUI_TESTS_UNIT_ISSUING_CORE_SOUND_PACK_H_
