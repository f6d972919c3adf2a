// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_PLAN_RULE_H_
#define PUHUI_SERVICES_ISSUING_PLAN_RULE_H_

#include "issuing/app/personal_data.h"
#include "ledger/base/points.h"
#include "puhui/v1/campaign_service.pb.h"

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>
#include <vector>

namespace puhui::services {

// Which members are in a plan, and with how many points. Threads: safe.
class PlanRule {
 public:
  // Days are those of `zone`. Refuses: kInvalidField, at "rule." and the field.
  static absl::StatusOr<PlanRule> Read(const v1::PlanRule& rule, absl::TimeZone zone);

  bool subtree() const { return subtree_; }
  // Whether it asks for anything that only the vault knows.
  bool asks_for_personal_data() const { return asks_for_personal_data_; }
  // What somebody has who was enrolled then; nothing when no tier fits. `data` may be null when the
  // rule does not ask for it, and is when there is none: then nothing that asks for it fits.
  absl::optional<Points> PointsFor(absl::Time enrolled, const issuing::PersonalData* data) const;

 private:
  struct Tier {
    Points points{};
    std::vector<std::string> employments{};  // Sorted; empty: any.
    std::vector<std::string> departments{};  // The same.
    absl::optional<absl::CivilDay> joined_from{};
    absl::optional<absl::CivilDay> joined_to{};
  };
  static absl::StatusOr<Tier> ReadTier(const v1::PlanTier& tier, const std::string& field);
  static bool Fits(const Tier& tier, absl::CivilDay enrolled, const issuing::PersonalData* data);

  bool subtree_ = false;
  bool asks_for_personal_data_ = false;
  absl::TimeZone zone_;
  std::vector<Tier> tiers_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_PLAN_RULE_H_
