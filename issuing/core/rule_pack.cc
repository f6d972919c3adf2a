// SPDX-License-Identifier: Apache-2.0
#include "issuing/core/rule_pack.h"

#include "ledger/base/id.h"
#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/core/terms.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <array>

namespace puhui::issuing {
namespace {

using Problem = absl::optional<PackProblem>;

constexpr std::array<absl::string_view, 7> kStatutoryHolidays = {
    "new-year",    "spring-festival", "qingming",    "labour-day",
    "dragon-boat", "mid-autumn",      "national-day"};
constexpr std::array<absl::string_view, 5> kLifeEvents = {"birthday", "marriage", "birth",
                                                          "illness", "retirement"};
constexpr std::array<absl::string_view, 4> kHardship = {"hardship", "aid", "relief", "medical-aid"};

template <class Names>
bool Contains(const Names& names, absl::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

template <class Names>
std::string OneOf(const Names& names) {
  std::string text = "one of";
  for (const absl::string_view name : names) absl::StrAppend(&text, " ", name);
  return text;
}

std::string At(absl::string_view list, std::size_t i, absl::string_view field = "") {
  return absl::StrCat(list, "[", i, "]", field);
}

Problem Found(std::string field, PackDefect defect, std::string wanted) {
  return PackProblem{.field = std::move(field), .defect = defect, .wanted = std::move(wanted)};
}

Problem CheckCap(std::string field, std::int64_t points) {
  if (points >= 1 && points <= Points::kMax) return absl::nullopt;
  return Found(std::move(field), PackDefect::kOutOfRange,
               absl::StrCat("whole points from 1 to ", Points::kMax, ", got ", points));
}

Problem CheckCap(std::string field, absl::optional<std::int64_t> points) {
  return points.has_value() ? CheckCap(std::move(field), *points) : absl::nullopt;
}

Problem CheckCount(std::string field, absl::optional<std::uint32_t> count, std::uint32_t max) {
  if (!count.has_value() || (*count >= 1 && *count <= max)) return absl::nullopt;
  return Found(std::move(field), PackDefect::kOutOfRange,
               absl::StrCat("1 to ", max, ", got ", *count));
}

Problem CheckText(std::string field, const std::string& text, std::size_t bytes_max) {
  if (text.empty()) return Found(std::move(field), PackDefect::kMalformed, "some text");
  if (text.size() <= bytes_max) return absl::nullopt;
  return Found(std::move(field), PackDefect::kOutOfRange,
               absl::StrCat("at most ", bytes_max, " bytes"));
}

Problem CheckNames(const RulePack& pack) {
  if (!ValidateTextId(pack.id, "id").ok()) {
    return Found("id", PackDefect::kMalformed,
                 absl::StrCat("1 to ", kTextIdBytesMax, " of a-z, 0-9 and '-'"));
  }
  if (pack.version == 0) return Found("version", PackDefect::kOutOfRange, "1 or more");
  if (Problem bad = CheckText("display_name", pack.display_name, kNameBytesMax)) return bad;
  if (Problem bad = CheckText("basis", pack.basis, kPackBasisBytesMax)) return bad;
  if (pack.effective_to.has_value() && *pack.effective_to < pack.effective_from) {
    return Found("effective_to", PackDefect::kContradiction, "a day not before effective_from");
  }
  return absl::nullopt;
}

bool IsKind(IssuerKind kind) {
  switch (kind) {
    case IssuerKind::kPublicBody:
    case IssuerKind::kEnterprise:
    case IssuerKind::kWellFundedEnterprise:
    case IssuerKind::kOther:
      return true;
    case IssuerKind::kUnspecified:
      return false;
  }
  return false;  // A number that this program does not know yet.
}

Problem CheckIssuers(const RulePack& pack) {
  for (std::size_t i = 0; i < pack.issuer_kinds.size(); ++i) {
    const auto kind = pack.issuer_kinds.begin() + static_cast<std::ptrdiff_t>(i);
    if (!IsKind(*kind)) {
      return Found(At("issuer_kinds", i), PackDefect::kUnknown, "a kind of issuer");
    }
    if (std::find(pack.issuer_kinds.begin(), kind, *kind) != kind) {
      return Found(At("issuer_kinds", i), PackDefect::kDuplicate, "each kind once");
    }
  }
  if (Problem bad = CheckCap("points_per_year_max", pack.points_per_year_max)) return bad;
  for (std::size_t i = 0; i < pack.issuer_caps.size(); ++i) {
    const IssuerCap& cap = pack.issuer_caps[i];
    std::string field = At("issuer_caps", i, ".issuer_kind");
    if (!IsKind(cap.issuer_kind)) {
      return Found(std::move(field), PackDefect::kUnknown, "a kind of issuer");
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (pack.issuer_caps[j].issuer_kind != cap.issuer_kind) continue;
      return Found(std::move(field), PackDefect::kDuplicate, "each kind once");
    }
    if (!pack.issuer_kinds.empty() && !std::ranges::count(pack.issuer_kinds, cap.issuer_kind)) {
      return Found(std::move(field), PackDefect::kContradiction, "one of issuer_kinds");
    }
    if (Problem bad =
            CheckCap(At("issuer_caps", i, ".points_per_year_max"), cap.points_per_year_max)) {
      return bad;
    }
  }
  return absl::nullopt;
}

// The highest cap that any issuer has; nullopt when some issuer has none.
absl::optional<std::int64_t> HighestYearCap(const RulePack& pack) {
  absl::optional<std::int64_t> highest = pack.points_per_year_max;
  if (!highest.has_value()) return highest;
  for (const IssuerCap& cap : pack.issuer_caps) {
    highest = std::max(*highest, cap.points_per_year_max);
  }
  return highest;
}

Problem CheckOccasionCap(const RulePack& pack, const std::string& field,
                         absl::optional<std::int64_t> points) {
  if (Problem bad = CheckCap(field, points)) return bad;
  const absl::optional<std::int64_t> highest = HighestYearCap(pack);
  if (!points.has_value() || !highest.has_value() || *points <= *highest) return absl::nullopt;
  return Found(field, PackDefect::kContradiction,
               absl::StrCat("at most what is allowed in a year, ", *highest, ", got ", *points));
}

Problem CheckOccasionName(const RulePack& pack, std::size_t i) {
  const OccasionRule& occasion = pack.occasions[i];
  std::string field = At("occasions", i, ".name");
  if (!ValidateTextId(occasion.name, field).ok()) {
    return Found(std::move(field), PackDefect::kMalformed,
                 absl::StrCat("1 to ", kTextIdBytesMax, " of a-z, 0-9 and '-'"));
  }
  const bool known = IsStatutoryHoliday(occasion.name);
  if (!occasion.minority_festival && !known) {
    return Found(std::move(field), PackDefect::kUnknown,
                 absl::StrCat(OneOf(kStatutoryHolidays), ", or minority_festival: true"));
  }
  if (pack.FindOccasion(occasion.name) != &occasion) {
    return Found(std::move(field), PackDefect::kDuplicate, "each occasion once");
  }
  if (occasion.minority_festival && (known || IsLifeEvent(occasion.name))) {
    return Found(At("occasions", i, ".minority_festival"), PackDefect::kContradiction,
                 "it for festivals of minorities only");
  }
  return absl::nullopt;
}

Problem CheckOccasions(const RulePack& pack) {
  if (Problem bad =
          CheckOccasionCap(pack, "points_per_occasion_max", pack.points_per_occasion_max)) {
    return bad;
  }
  if (pack.occasions.size() > kOccasionsPerPackMax) {
    return Found("occasions", PackDefect::kOutOfRange,
                 absl::StrCat("at most ", kOccasionsPerPackMax));
  }
  for (std::size_t i = 0; i < pack.occasions.size(); ++i) {
    if (Problem bad = CheckOccasionName(pack, i)) return bad;
    if (Problem bad = CheckOccasionCap(pack, At("occasions", i, ".points_max"),
                                       pack.occasions[i].points_max)) {
      return bad;
    }
  }
  constexpr absl::string_view kField = "occasions_per_year_max";
  if (Problem bad = CheckCount(std::string(kField), pack.occasions_per_year_max,
                               static_cast<std::uint32_t>(kOccasionsPerPackMax))) {
    return bad;
  }
  if (pack.occasions_per_year_max.value_or(0) > pack.occasions.size()) {
    return Found(std::string(kField), PackDefect::kContradiction,
                 absl::StrCat("at most the number of occasions, ", pack.occasions.size()));
  }
  return absl::nullopt;
}

struct CodeKind {
  std::size_t most;  // In a list.
  bool (*known)(std::uint32_t code);
  absl::string_view wanted;
};
constexpr CodeKind kCategory = {kCategoriesPerTermsMax,
                                [](std::uint32_t code) { return code <= 9'999; }, "four digits"};
constexpr CodeKind kRegion = {kRegionsPerTermsMax, ledger::IsRegion,
                              "a region of GB/T 2260, six digits"};

Problem CheckCodes(absl::string_view field, const std::vector<std::uint32_t>& codes,
                   const CodeKind& kind) {
  if (codes.size() > kind.most) {
    return Found(std::string(field), PackDefect::kOutOfRange, absl::StrCat("at most ", kind.most));
  }
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (!kind.known(codes[i])) {
      return Found(At(field, i), PackDefect::kMalformed, std::string(kind.wanted));
    }
    const auto end = codes.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(codes.begin(), end, codes[i]) != end) {
      return Found(At(field, i), PackDefect::kDuplicate, "each code once");
    }
  }
  return absl::nullopt;
}

Problem CheckTerms(const RulePack& pack) {
  constexpr absl::string_view kEarmark = "earmark_share_min_basis_points";
  if (Problem bad = CheckCount(std::string(kEarmark), pack.earmark_share_min, 10'000)) return bad;
  if (pack.earmark_share_min.has_value() && pack.occasions.empty()) {
    return Found(std::string(kEarmark), PackDefect::kContradiction, "occasions that it is for");
  }
  if (Problem bad = CheckCodes("merchant_categories", pack.merchant_categories, kCategory)) {
    return bad;
  }
  if (Problem bad = CheckCount("expiry_days_min", pack.expiry_days_min, kPackExpiryDaysMax)) {
    return bad;
  }
  if (Problem bad = CheckCount("expiry_days_max", pack.expiry_days_max, kPackExpiryDaysMax)) {
    return bad;
  }
  if (pack.expiry_days_max.value_or(kPackExpiryDaysMax) < pack.expiry_days_min.value_or(1)) {
    return Found("expiry_days_max", PackDefect::kContradiction, "at least expiry_days_min");
  }
  return absl::nullopt;
}

Problem CheckLifeEvents(const RulePack& pack) {
  for (std::size_t i = 0; i < pack.life_events.size(); ++i) {
    const LifeEventRule& event = pack.life_events[i];
    if (!IsLifeEvent(event.name)) {
      return Found(At("life_events", i, ".name"), PackDefect::kUnknown, OneOf(kLifeEvents));
    }
    if (pack.FindLifeEvent(event.name) != &event) {
      return Found(At("life_events", i, ".name"), PackDefect::kDuplicate, "each event once");
    }
    if (Problem bad =
            CheckCap(At("life_events", i, ".points_per_year_max"), event.points_per_year_max)) {
      return bad;
    }
  }
  if (pack.occasions.empty() && pack.life_events.empty()) {
    return Found("life_events", PackDefect::kContradiction,
                 "an occasion or an event that points may be issued for");
  }
  return absl::nullopt;
}

// Codes that an earmark may name.
Problem CheckEarmark(const RulePack& pack, absl::string_view field,
                     const std::vector<std::uint32_t>& codes, const CodeKind& kind) {
  if (!codes.empty() && !pack.earmark_share_min.has_value()) {
    return Found(std::string(field), PackDefect::kContradiction,
                 "earmark_share_min_basis_points too, which they are for");
  }
  return CheckCodes(field, codes, kind);
}

Problem CheckEarmarks(const RulePack& pack) {
  constexpr absl::string_view kCategories = "earmark_categories";
  if (Problem bad = CheckEarmark(pack, "earmark_regions", pack.earmark_regions, kRegion)) {
    return bad;
  }
  const std::vector<std::uint32_t>& categories = pack.earmark_categories;
  if (Problem bad = CheckEarmark(pack, kCategories, categories, kCategory)) return bad;
  const std::vector<std::uint32_t>& all = pack.merchant_categories;
  for (std::size_t i = 0; i < categories.size(); ++i) {
    if (all.empty() || std::ranges::count(all, categories[i]) != 0) continue;
    return Found(At(kCategories, i), PackDefect::kContradiction, "one of merchant_categories");
  }
  return absl::nullopt;
}

}  // namespace

bool IsStatutoryHoliday(absl::string_view occasion) {
  return Contains(kStatutoryHolidays, occasion);
}

bool IsLifeEvent(absl::string_view occasion) { return Contains(kLifeEvents, occasion); }

bool IsPersonalOccasion(absl::string_view occasion) {
  return IsLifeEvent(occasion) || Contains(kHardship, occasion);
}

bool RulePack::InForce(absl::CivilDay day) const {
  return day >= effective_from && (!effective_to.has_value() || day <= *effective_to);
}

const OccasionRule* RulePack::FindOccasion(absl::string_view occasion) const {
  const auto found = std::ranges::find(occasions, occasion, &OccasionRule::name);
  return found == occasions.end() ? nullptr : &*found;
}

const LifeEventRule* RulePack::FindLifeEvent(absl::string_view occasion) const {
  const auto found = std::ranges::find(life_events, occasion, &LifeEventRule::name);
  return found == life_events.end() ? nullptr : &*found;
}

absl::optional<std::int64_t> RulePack::OccasionCap(const OccasionRule& occasion) const {
  return occasion.points_max.has_value() ? occasion.points_max : points_per_occasion_max;
}

absl::optional<std::int64_t> RulePack::YearCap(IssuerKind issuer_kind) const {
  const auto own = std::ranges::find(issuer_caps, issuer_kind, &IssuerCap::issuer_kind);
  return own == issuer_caps.end() ? points_per_year_max : own->points_per_year_max;
}

absl::optional<PackProblem> CheckPack(const RulePack& pack) {
  if (Problem bad = CheckNames(pack)) return bad;
  if (Problem bad = CheckIssuers(pack)) return bad;
  if (Problem bad = CheckOccasions(pack)) return bad;
  if (Problem bad = CheckTerms(pack)) return bad;
  if (Problem bad = CheckLifeEvents(pack)) return bad;
  return CheckEarmarks(pack);
}

void SortRegions(RulePack* pack) { std::ranges::sort(pack->earmark_regions); }

}  // namespace puhui::issuing
