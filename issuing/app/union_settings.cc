// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/union_settings.h"

namespace puhui::issuing {

namespace jv1 = journal::v1;

void UnionSettings::InheritFrom(const UnionSettings& above) {
  if (time_zone.empty()) time_zone = above.time_zone;
  if (locale.empty()) locale = above.locale;
  if (!approval.has_value()) approval = above.approval;
  if (!leave.has_value()) leave = above.leave;
  if (rule_pack.empty()) rule_pack = above.rule_pack;
  if (issuer_kind == IssuerKind::kUnspecified) issuer_kind = above.issuer_kind;
}

UnionSettings DefaultSettings() {
  return {.time_zone = "Asia/Shanghai",
          .locale = "zh-CN",
          .approval = ApprovalPolicy{.approvers = 1},
          .leave = LeavePolicy::kKeep};
}

UnionSettings SettingsFrom(const jv1::UnionSettings& stored) {
  UnionSettings settings{.time_zone = stored.time_zone(), .locale = stored.locale()};
  if (stored.has_approval_policy()) {
    settings.approval =
        ApprovalPolicy{.approvers = stored.approval_policy().approvers(),
                       .two_above_points = stored.approval_policy().two_above_points()};
  }
  if (stored.leave_policy() != 0) {
    settings.leave = static_cast<LeavePolicy>(stored.leave_policy());
  }
  settings.rule_pack = stored.rule_pack();
  settings.issuer_kind = static_cast<IssuerKind>(stored.issuer_kind());
  return settings;
}

void Store(const UnionSettings& settings, jv1::UnionSettings& stored) {
  stored.set_time_zone(settings.time_zone);
  stored.set_locale(settings.locale);
  if (settings.approval.has_value()) {
    stored.mutable_approval_policy()->set_approvers(settings.approval->approvers);
    stored.mutable_approval_policy()->set_two_above_points(settings.approval->two_above_points);
  }
  if (settings.leave.has_value()) {
    stored.set_leave_policy(static_cast<std::uint32_t>(*settings.leave));
  }
  stored.set_rule_pack(settings.rule_pack);
  stored.set_issuer_kind(static_cast<std::uint32_t>(settings.issuer_kind));
}

}  // namespace puhui::issuing
