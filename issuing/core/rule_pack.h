// SPDX-License-Identifier: Apache-2.0
// The rules of a province as data: what may be issued to one person in a calendar year, whoever
// issues it. Caps are whole numbers of points, shares are basis points that are compared and never
// multiplied: nothing here is rounded.
#ifndef PUHUI_ISSUING_CORE_RULE_PACK_H_
#define PUHUI_ISSUING_CORE_RULE_PACK_H_

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::issuing {

// Numbers are those of puhui.v1.IssuerKind; they are stored.
enum class IssuerKind : std::uint8_t {
  kUnspecified = 0,
  kPublicBody = 1,
  kEnterprise = 2,
  kWellFundedEnterprise = 3,
  kOther = 4,
};

// Whether a campaign of this occasion is for a holiday of the state.
bool IsStatutoryHoliday(absl::string_view occasion);

// Whether it is for an event in a life. Every other occasion is a holiday, or what some pack takes
// for one.
bool IsLifeEvent(absl::string_view occasion);

// Whether a campaign of this occasion says something of everybody who is in it: an event in a life,
// or hardship, for which no pack has a word. Rows of campaigns hold it: whoever adds a word folds
// the views anew.
bool IsPersonalOccasion(absl::string_view occasion);

// The most that a union of this kind may take a person to in a year. Stored in lists, as those
// below: nested rows never grow, see codec.h.
struct IssuerCap {
  IssuerKind issuer_kind = IssuerKind::kUnspecified;
  std::int64_t points_per_year_max = 0;

  template <class F>
  void Fields(F& f) {
    f(issuer_kind, points_per_year_max);
  }
};

struct OccasionRule {
  std::string name{};
  bool minority_festival = false;
  absl::optional<std::int64_t> points_max{};  // In a year, instead of points_per_occasion_max.

  template <class F>
  void Fields(F& f) {
    f(name, minority_festival, points_max);
  }
};

struct LifeEventRule {
  std::string name{};
  std::int64_t points_per_year_max = 0;

  template <class F>
  void Fields(F& f) {
    f(name, points_per_year_max);
  }
};

// The fields are those of puhui.v1.RulePack, where each is explained. What is absent or empty
// limits nothing, but for the occasions and life events: only those in the lists may be issued for.
struct RulePack {
  std::string id{};
  std::uint32_t version = 0;
  std::string display_name{};
  std::string basis{};
  absl::CivilDay effective_from{};
  absl::optional<absl::CivilDay> effective_to{};  // The last day.
  std::vector<IssuerKind> issuer_kinds{};
  absl::optional<std::int64_t> points_per_year_max{};
  std::vector<IssuerCap> issuer_caps{};
  absl::optional<std::int64_t> points_per_occasion_max{};
  std::vector<OccasionRule> occasions{};
  absl::optional<std::uint32_t> occasions_per_year_max{};
  absl::optional<std::uint32_t> earmark_share_min{};  // Basis points.
  std::vector<std::uint32_t> merchant_categories{};   // In any order.
  absl::optional<std::uint32_t> expiry_days_min{};
  absl::optional<std::uint32_t> expiry_days_max{};
  std::vector<LifeEventRule> life_events{};
  // That an earmark may name; empty: any, or none. Regions are sorted once the pack is sound.
  std::vector<std::uint32_t> earmark_regions{};
  std::vector<std::uint32_t> earmark_categories{};

  bool InForce(absl::CivilDay day) const;
  // Null when nothing may be issued for it.
  const OccasionRule* FindOccasion(absl::string_view occasion) const;
  const LifeEventRule* FindLifeEvent(absl::string_view occasion) const;
  // For a holiday of the pack.
  absl::optional<std::int64_t> OccasionCap(const OccasionRule& occasion) const;
  absl::optional<std::int64_t> YearCap(IssuerKind issuer_kind) const;
};

enum class PackDefect {
  kMalformed,      // Not written as such a thing is written, or empty though required.
  kOutOfRange,     // A number below or above what it may be, or too many of something.
  kUnknown,        // A name or a kind that nobody knows.
  kDuplicate,      // Said twice.
  kContradiction,  // Against what another field says.
};

struct PackProblem {
  std::string field;  // As in the YAML, such as "occasions[2].points_max".
  PackDefect defect = PackDefect::kMalformed;
  std::string wanted;  // Goes on from "want ".
};

// The first thing wrong with a pack, in the order of its fields, and within a list of its entries;
// nullopt for a sound one. A contradiction is found at the later of the two fields:
//   effective_to            before effective_from
//   issuer_caps             of a kind that issuer_kinds leaves out
//   points_per_occasion_max, occasions[].points_max   above every cap of the year
//   occasions[].minority_festival   of a holiday of the state or an event in a life
//   occasions_per_year_max  above the number of occasions: it would bind nobody
//   earmark_share_min_basis_points  without an occasion, the only points that are earmarked
//   expiry_days_max         below expiry_days_min
//   life_events             none, and no occasion either: nothing could be issued
//   earmark_regions, earmark_categories   without a share that they are for
//   earmark_categories      of which merchant_categories leaves one out
absl::optional<PackProblem> CheckPack(const RulePack& pack);

// So that the pack can be asked. After CheckPack, which names the places of a list as it is
// written.
void SortRegions(RulePack* pack);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_CORE_RULE_PACK_H_
