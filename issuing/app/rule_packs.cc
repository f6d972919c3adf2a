// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/rule_packs.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::issuing {

using ledger::Readable;
using ledger::Reason;
using ledger::Refusal;

namespace {

bool Contains(const RulePackSpan& span, absl::CivilDay day) {
  return day >= span.effective_from &&
         (!span.effective_to.has_value() || day <= *span.effective_to);
}

// Requires: there are versions.
RulePackName VersionOn(const std::string& id, const RulePackVersions& versions,
                       absl::CivilDay day) {
  PUHUI_CHECK(!versions.spans.empty());
  for (auto span = versions.spans.rbegin(); span != versions.spans.rend(); ++span) {
    if (Contains(*span, day)) return {id, span->version};
  }
  return {id, versions.spans.back().version};
}

std::string Describe(const RulePackName& name) {
  return name.none() ? "none" : absl::StrCat(name.id, " version ", name.version);
}

std::size_t HeapBytesOf(const std::string& text) {
  return text.capacity() > sizeof(std::string) / 2 ? text.capacity() + 1 : 0;
}

}  // namespace

std::size_t RulePackRow::HeapBytes() const {
  std::size_t bytes = HeapBytesOf(message) + HeapBytesOf(person) + HeapBytesOf(pack.id) +
                      HeapBytesOf(pack.display_name) + HeapBytesOf(pack.basis) +
                      pack.issuer_kinds.capacity() * sizeof(IssuerKind) +
                      pack.issuer_caps.capacity() * sizeof(IssuerCap) +
                      pack.occasions.capacity() * sizeof(OccasionRule) +
                      pack.merchant_categories.capacity() * sizeof(std::uint32_t) +
                      pack.earmark_regions.capacity() * sizeof(std::uint32_t) +
                      pack.earmark_categories.capacity() * sizeof(std::uint32_t) +
                      pack.life_events.capacity() * sizeof(LifeEventRule);
  for (const OccasionRule& occasion : pack.occasions) bytes += HeapBytesOf(occasion.name);
  for (const LifeEventRule& event : pack.life_events) bytes += HeapBytesOf(event.name);
  return bytes;
}

std::size_t ReceivedRow::HeapBytes() const {
  std::size_t bytes = occasions.capacity() * sizeof(Received);
  for (const Received& received : occasions) bytes += HeapBytesOf(received.occasion);
  return bytes;
}

absl::TimeZone ZoneOf(const UnionSettings& settings) {
  absl::TimeZone zone;
  return absl::LoadTimeZone(settings.time_zone, &zone) ? zone : absl::UTCTimeZone();
}

absl::CivilDay DayOf(const UnionSettings& settings, absl::Time time) {
  return absl::ToCivilDay(time, ZoneOf(settings));
}

absl::optional<RulePackName> PackInForce(Tables& tables, UnionNumber of, absl::CivilDay day) {
  const std::string id = tables.SettingsOf(of).rule_pack;
  if (id.empty()) return absl::nullopt;
  const RulePackVersions* versions = tables.rule_pack_versions.Find(id);
  PUHUI_CHECK(versions != nullptr);  // What a union names was loaded, for good.
  return VersionOn(id, *versions, day);
}

bool IsStalePack(Tables& tables, UnionNumber of, absl::CivilDay day, const RulePackName& named) {
  return PackInForce(tables, of, day).value_or(RulePackName()) != named;
}

absl::optional<Refusal> RefuseStalePack(Tables& tables, UnionNumber of, absl::CivilDay day,
                                        const RulePackName& named) {
  const RulePackName in_force = PackInForce(tables, of, day).value_or(RulePackName());
  if (in_force == named) return absl::nullopt;
  return Refuse(Reason::kRulePackChanged, "name",
                absl::StrCat("the rule pack in force on ", absl::FormatCivilTime(day), " is ",
                             Describe(in_force), ", it was submitted under ", Describe(named)));
}

const RulePack* FindPack(Tables& tables, const RulePackName& name) {
  if (name.none()) return nullptr;
  const RulePackRow* row = tables.rule_packs.Find(name);
  PUHUI_CHECK(row != nullptr);
  return &row->pack;
}

absl::StatusOr<absl::optional<RulePackName>> PackInForce(const Readable& from,
                                                         const UnionSettings& settings,
                                                         absl::CivilDay day) {
  if (settings.rule_pack.empty()) return absl::optional<RulePackName>();
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<RulePackVersions> versions,
                         ledger::Find(from, kRulePackVersionsTable, settings.rule_pack));
  if (!versions.has_value()) {
    return absl::DataLossError("a union names a rule pack that is not there");
  }
  return absl::make_optional(VersionOn(settings.rule_pack, *versions, day));
}

absl::StatusOr<absl::optional<RulePackRow>> FindRulePack(const Readable& from,
                                                         const RulePackName& name) {
  return ledger::Find(from, kRulePackTable, name);
}

absl::StatusOr<std::vector<RulePackRow>> ListRulePacks(const Readable& from,
                                                       const RulePackName& after,
                                                       std::size_t limit) {
  ledger::Range range;
  if (!after.none()) {
    range.from = ledger::EncodeKey(Table::kRulePacks, after);
    range.after_from = true;
  }
  PUHUI_ASSIGN_OR_RETURN(auto found, ledger::List(from, kRulePackTable, std::move(range), limit));
  std::vector<RulePackRow> rows;
  rows.reserve(found.size());
  for (auto& row : found) rows.push_back(std::move(row.value));
  return rows;
}

Refusal RefusePack(const PackProblem& problem) {
  return Refuse(Reason::kInvalidField, absl::StrCat("pack.", problem.field),
                absl::StrCat("want ", problem.wanted));
}

absl::optional<Refusal> RefuseLoading(const RulePackWish& wish, const RulePackRow* same,
                                      const RulePackVersions* versions) {
  if (same != nullptr) {
    if (same->message == wish.message) return absl::nullopt;
    return Refuse(Reason::kRulePackExists, "pack.version",
                  "this version is loaded already and says something else");
  }
  if (versions != nullptr && versions->spans.size() >= kRulePackVersionsMax) {
    return Refuse(Reason::kRulePackVersionsLimit, "pack.version",
                  absl::StrCat("a rule pack has at most ", kRulePackVersionsMax, " versions"));
  }
  return absl::nullopt;
}

absl::StatusOr<absl::optional<Refusal>> PreviewLoading(const Readable& from,
                                                       const RulePackWish& wish) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<RulePackRow> same,
                         FindRulePack(from, {wish.pack.id, wish.pack.version}));
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<RulePackVersions> versions,
                         ledger::Find(from, kRulePackVersionsTable, wish.pack.id));
  return RefuseLoading(wish, same.has_value() ? &*same : nullptr,
                       versions.has_value() ? &*versions : nullptr);
}

}  // namespace puhui::issuing
