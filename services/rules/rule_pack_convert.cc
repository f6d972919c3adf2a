// SPDX-License-Identifier: Apache-2.0
#include "services/rules/rule_pack_convert.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

using issuing::PackDefect;
using issuing::PackProblem;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

// Nullopt unless `text` is a day that exists, written as YYYY-MM-DD and in no other way.
absl::optional<absl::CivilDay> ParseDay(absl::string_view text) {
  absl::CivilDay day;
  if (text.size() != 10 || !AllDigits(text.substr(0, 4)) || !absl::ParseCivilTime(text, &day) ||
      absl::FormatCivilTime(day) != text) {
    return absl::nullopt;
  }
  return day;
}

absl::optional<PackProblem> NotADay(absl::string_view field) {
  return PackProblem{.field = std::string(field),
                     .defect = PackDefect::kMalformed,
                     .wanted = "a day as YYYY-MM-DD"};
}

// A number that this program does not know is no kind, and CheckPack says so.
issuing::IssuerKind ToKind(int number) {
  return v1::IssuerKind_IsValid(number) ? static_cast<issuing::IssuerKind>(number)
                                        : issuing::IssuerKind::kUnspecified;
}

template <class To, class From>
void Copy(bool present, From value, absl::optional<To>* to) {
  if (present) *to = value;
}

absl::optional<PackProblem> CopyDays(const v1::RulePack& message, issuing::RulePack* pack) {
  const absl::optional<absl::CivilDay> from = ParseDay(message.effective_from());
  if (!from.has_value()) return NotADay("effective_from");
  pack->effective_from = *from;
  if (message.effective_to().empty()) return absl::nullopt;
  pack->effective_to = ParseDay(message.effective_to());
  return pack->effective_to.has_value() ? absl::nullopt : NotADay("effective_to");
}

struct CodeForm {
  std::size_t digits;
  const char* wanted;
};
constexpr CodeForm kCategoryForm = {4, "four digits"};
constexpr CodeForm kRegionForm = {6, "a region of GB/T 2260, six digits"};

template <class Texts>
absl::optional<PackProblem> CopyCodes(absl::string_view field, const Texts& texts,
                                      const CodeForm& form, std::vector<std::uint32_t>* codes) {
  for (const std::string& text : texts) {
    std::uint32_t code = 0;
    if (text.size() != form.digits || !AllDigits(text) || !absl::SimpleAtoi(text, &code)) {
      return PackProblem{.field = absl::StrCat(field, "[", codes->size(), "]"),
                         .defect = PackDefect::kMalformed,
                         .wanted = form.wanted};
    }
    codes->push_back(code);
  }
  return absl::nullopt;
}

void CopyLists(const v1::RulePack& message, issuing::RulePack* pack) {
  for (const int kind : message.issuer_kinds()) pack->issuer_kinds.push_back(ToKind(kind));
  for (const v1::IssuerCap& cap : message.issuer_caps()) {
    pack->issuer_caps.push_back({ToKind(cap.issuer_kind()), cap.points_per_year_max()});
  }
  for (const v1::OccasionRule& from : message.occasions()) {
    issuing::OccasionRule& to = pack->occasions.emplace_back();
    to.name = from.name();
    to.minority_festival = from.minority_festival();
    Copy(from.has_points_max(), from.points_max(), &to.points_max);
  }
  for (const v1::LifeEventRule& event : message.life_events()) {
    pack->life_events.push_back({event.name(), event.points_per_year_max()});
  }
}

}  // namespace

absl::optional<PackProblem> ToPack(const v1::RulePack& message, issuing::RulePack* pack) {
  *pack = issuing::RulePack();
  pack->id = message.id();
  pack->version = message.version();
  pack->display_name = message.display_name();
  pack->basis = message.basis();
  if (auto problem = CopyDays(message, pack)) return problem;
  Copy(message.has_points_per_year_max(), message.points_per_year_max(),
       &pack->points_per_year_max);
  Copy(message.has_points_per_occasion_max(), message.points_per_occasion_max(),
       &pack->points_per_occasion_max);
  Copy(message.has_occasions_per_year_max(), message.occasions_per_year_max(),
       &pack->occasions_per_year_max);
  Copy(message.has_earmark_share_min_basis_points(), message.earmark_share_min_basis_points(),
       &pack->earmark_share_min);
  if (auto problem = CopyCodes("merchant_categories", message.merchant_categories(), kCategoryForm,
                               &pack->merchant_categories)) {
    return problem;
  }
  Copy(message.has_expiry_days_min(), message.expiry_days_min(), &pack->expiry_days_min);
  Copy(message.has_expiry_days_max(), message.expiry_days_max(), &pack->expiry_days_max);
  CopyLists(message, pack);
  if (auto problem = CopyCodes("earmark_regions", message.earmark_regions(), kRegionForm,
                               &pack->earmark_regions)) {
    return problem;
  }
  if (auto problem = CopyCodes("earmark_categories", message.earmark_categories(), kCategoryForm,
                               &pack->earmark_categories)) {
    return problem;
  }
  auto problem = issuing::CheckPack(*pack);
  if (!problem.has_value()) issuing::SortRegions(pack);
  return problem;
}

}  // namespace puhui::services
