// SPDX-License-Identifier: Apache-2.0
// May this person be granted these points? The answer of a rule pack, with what it was made from,
// so that anybody can ask again later.
#ifndef PUHUI_ISSUING_CORE_RULE_VERDICT_H_
#define PUHUI_ISSUING_CORE_RULE_VERDICT_H_

#include "issuing/core/rule_pack.h"
#include "ledger/base/points.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

// In the order in which they are looked at, which is not that of their numbers: first those that
// every row of a campaign breaks or keeps, then those of the person. Numbers are stored. Beside
// each: allowed · used · asked. A person breaks a cap when used + asked is above what is allowed.
enum class Rule : std::uint8_t {
  kNone = 0,             // Every rule is kept.
  kInForce = 1,          // The bound that the day is beyond · 0 · the day; days since 1970-01-01.
  kIssuerKind = 2,       // 0 · 0 · the kind's number.
  kOccasion = 3,         // 0 · 0 · 0. Not in the pack, be it a holiday or an event in a life.
  kCategories = 4,       // 0 · 0 · the first category that is too much; -1: the terms allow all.
  kExpiryMin = 5,        // Days · 0 · days.
  kExpiryMax = 6,        // Days · 0 · days.
  kEarmarkShare = 7,     // The least · 0 · of the terms; basis points. Holidays only.
  kEarmarkRegions = 12,  // 0 · 0 · the first region that lies in none; -1: none is named.
  kEarmarkCategories = 13,   // 0 · 0 · the first category that is too much; -1: none is named.
  kOccasionsPerYear = 8,     // Holidays · other holidays received for · 1.
  kPointsPerOccasion = 9,    // Points · received for this holiday · of this grant.
  kPointsPerYear = 10,       // Points · received for all holidays · of this grant.
  kPointsPerLifeEvent = 11,  // Points · received for this event · of this grant.
};

// The stable text that callers and reports see, such as "POINTS_PER_YEAR".
absl::string_view RuleText(Rule rule);

struct Verdict {
  Rule rule = Rule::kNone;  // The first that is broken.
  std::int64_t allowed = 0;
  std::int64_t used = 0;
  std::int64_t asked = 0;

  bool ok() const { return rule == Rule::kNone; }
  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// What a person has received for one occasion in a calendar year, from every issuer, under whatever
// pack; what was taken back unspent is not received.
struct Received {
  std::string occasion{};
  Points points{};

  template <class F>
  void Fields(F& f) {
    f(occasion, points);
  }
  friend bool operator==(const Received&, const Received&) = default;
};

// Everything that a pack may ask about one grant.
struct Facts {
  Points points{};
  std::string occasion{};  // A holiday or an event in a life.
  absl::CivilDay day{};    // Of the grant, in the union's zone. Says which year it is, too.
  IssuerKind issuer_kind = IssuerKind::kUnspecified;
  absl::CivilDay last_day{};                // Of spending, in the union's zone.
  std::vector<std::uint32_t> categories{};  // That may be paid; empty: all.
  BasisPoints earmark_share{};
  std::vector<std::uint32_t> earmark_regions{};     // That the earmark names; empty: all.
  std::vector<std::uint32_t> earmark_categories{};  // Likewise.
  // In the year of `day`, by ascending occasion, each once. Whatever is no event in a life counts
  // as a holiday; what is neither must be left out.
  std::vector<Received> received{};
};

// What one pack asked about one grant; the rest is left as it is here, so that a record stays
// small.
struct Inputs {
  Points points{};
  std::string occasion{};
  absl::CivilDay day{};
  IssuerKind issuer_kind = IssuerKind::kUnspecified;
  std::int64_t expiry_days = 0;  // From the day of the grant to the last of spending.
  std::vector<std::uint32_t> categories{};
  BasisPoints earmark_share{};
  std::vector<std::uint32_t> earmark_regions{};
  std::vector<std::uint32_t> earmark_categories{};
  std::uint32_t other_occasions_received = 0;  // Holidays, other than this one.
  Points received_for_occasion{};              // Or for this event in a life.
  Points received_this_year{};                 // For all holidays, this one included.

  friend bool operator==(const Inputs&, const Inputs&) = default;
};

// What `pack` asks. A sum that is above Points::kMax is taken for that, which is above any cap all
// the same once there is a point more.
// Requires: CheckPack(pack) found nothing; facts.points > 0; facts.received ascends (both checked).
Inputs InputsOf(const RulePack& pack, const Facts& facts);

// The answer. Pure: the same pack and inputs give the same answer for ever.
// Requires: CheckPack(pack) found nothing, and its regions are sorted (SortRegions).
Verdict Evaluate(const RulePack& pack, const Inputs& inputs);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_RULE_VERDICT_H_
