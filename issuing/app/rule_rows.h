// SPDX-License-Identifier: Apache-2.0
// The rows of rule packs, and of what people have received. Readers use these with typed_reads.h.
#ifndef PUHUI_ISSUING_APP_RULE_ROWS_H_
#define PUHUI_ISSUING_APP_RULE_ROWS_H_

#include "issuing/core/rule_pack.h"
#include "issuing/core/rule_verdict.h"
#include "ledger/base/id.h"
#include "ledger/base/points.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Names a rule pack for ever. The id is empty where there is none.
struct RulePackName {
  std::string id{};
  std::uint32_t version = 0;

  bool none() const { return id.empty(); }
  template <class F>
  void Fields(F& f) {
    f(id, version);
  }
  friend bool operator==(const RulePackName&, const RulePackName&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const RulePackName& name) {
    return H::combine(std::move(hash), name.id, name.version);
  }
};

// What a rule pack asks about a campaign, the same for all of its rows; what it does not ask is
// left as it is here. Nested rows never grow: what the earmark names stands at the end of the
// campaign's.
struct RuleFrame {
  IssuerKind issuer_kind = IssuerKind::kUnspecified;
  std::int64_t expiry_days = 0;
  std::vector<std::uint32_t> categories{};
  BasisPoints earmark_share{};
  std::vector<std::uint32_t> earmark_regions{};
  std::vector<std::uint32_t> earmark_categories{};

  template <class F>
  void Fields(F& f) {
    f(issuer_kind, expiry_days, categories, earmark_share);
  }
  friend bool operator==(const RuleFrame&, const RuleFrame&) = default;
};

// A version of a pack, for good. The pack's fields stand one by one, so that more can follow them.
struct RulePackRow {
  std::string message{};  // A puhui.v1.RulePack, as it was sent.
  std::string person{};   // Who loaded it.
  absl::Time load_time{};
  RulePack pack{};

  // The heap bytes behind it, for the cache's bound.
  std::size_t HeapBytes() const;

  template <class F>
  void Fields(F& f) {
    f(message, person, load_time, pack.id, pack.version, pack.display_name, pack.basis,
      pack.effective_from, pack.effective_to, pack.issuer_kinds, pack.points_per_year_max,
      pack.issuer_caps, pack.points_per_occasion_max, pack.occasions, pack.occasions_per_year_max,
      pack.earmark_share_min, pack.merchant_categories, pack.expiry_days_min, pack.expiry_days_max,
      pack.life_events, pack.earmark_regions, pack.earmark_categories);
  }
};

// When a version is in force. Nested rows never grow.
struct RulePackSpan {
  std::uint32_t version = 0;
  absl::CivilDay effective_from{};
  absl::optional<absl::CivilDay> effective_to{};  // The last day.

  template <class F>
  void Fields(F& f) {
    f(version, effective_from, effective_to);
  }
};

// Of one pack, by version, at most kRulePackVersionsMax.
struct RulePackVersions {
  std::vector<RulePackSpan> spans{};

  std::size_t HeapBytes() const { return spans.capacity() * sizeof(RulePackSpan); }

  template <class F>
  void Fields(F& f) {
    f(spans);
  }
};

struct ReceivedKey {
  MemberId member{};
  std::int32_t year = 0;

  template <class F>
  void Fields(F& f) {
    f(member, year);
  }
  friend bool operator==(const ReceivedKey&, const ReceivedKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const ReceivedKey& key) {
    return H::combine(std::move(hash), key.member, key.year);
  }
};
// Grants count in the year of their run's day.
inline ReceivedKey ReceivedIn(MemberId member, absl::CivilDay day) {
  return {member, static_cast<std::int32_t>(day.year())};
}

// By ascending occasion, each once, at most kOccasionsReceivedMax; none of nothing.
struct ReceivedRow {
  std::vector<Received> occasions{};

  std::size_t HeapBytes() const;

  template <class F>
  void Fields(F& f) {
    f(occasions);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RULE_ROWS_H_
