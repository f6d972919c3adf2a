// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_UNION_SETTINGS_H_
#define PUHUI_ISSUING_APP_UNION_SETTINGS_H_

#include "issuing/core/rule_pack.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::issuing {

// How many people have to approve a plan. Nested rows never grow: see codec.h.
struct ApprovalPolicy {
  std::uint32_t approvers = 1;
  std::int64_t two_above_points = 0;  // Larger plans need two at least; 0: no such threshold.

  template <class F>
  void Fields(F& f) {
    f(approvers, two_above_points);
  }
  friend bool operator==(const ApprovalPolicy&, const ApprovalPolicy&) = default;
};

// What becomes of the points of a member who leaves. Numbers are those of puhui.v1.LeavePolicy.
enum class LeavePolicy : std::uint8_t { kKeep = 1, kReturn = 2 };

// What a union decides for itself; what is not set is inherited. Nested rows never grow.
struct UnionSettings {
  std::string time_zone{};  // IANA; empty: not set.
  std::string locale{};     // zh-CN or en; empty: not set.
  absl::optional<ApprovalPolicy> approval{};
  absl::optional<LeavePolicy> leave{};
  std::string rule_pack{};  // The id of what binds who issues; empty: not set.
  IssuerKind issuer_kind = IssuerKind::kUnspecified;

  template <class F>
  void Fields(F& f) {
    f(time_zone, locale, approval, leave, rule_pack, issuer_kind);
  }
  friend bool operator==(const UnionSettings&, const UnionSettings&) = default;

  // Takes what is not set from those of the union above.
  void InheritFrom(const UnionSettings& above);
};

// What a root inherits: everything is set, but that no rule pack binds it and its kind is unknown.
UnionSettings DefaultSettings();

UnionSettings SettingsFrom(const journal::v1::UnionSettings& stored);
void Store(const UnionSettings& settings, journal::v1::UnionSettings& stored);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_UNION_SETTINGS_H_
