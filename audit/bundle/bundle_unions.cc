// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_unions.h"

#include "ledger/base/limits.h"

namespace puhui::audit {

namespace jv1 = journal::v1;

BundleUnions::Union& BundleUnions::Hang(std::uint32_t number, std::uint32_t parent, Sequence at) {
  Union& hung = unions_[number];
  if (at > hung.parent_at) {
    hung.parent_at = at;
    hung.parent = parent;
  }
  return hung;
}

void BundleUnions::Set(const jv1::UnionSettings& settings, Sequence at, Union* of) {
  if (at <= of->settings_at) return;
  of->settings_at = at;
  of->pack = settings.rule_pack().empty() ? nullptr : &*packs_.insert(settings.rule_pack()).first;
  of->issuer_kind = settings.issuer_kind();
}

void BundleUnions::Learn(const jv1::Record& record) {
  const Sequence at = record.sequence();
  if (record.has_union_created()) {
    const jv1::UnionCreated& created = record.union_created();
    Set(jv1::UnionSettings::default_instance(), at, &Hang(created.number(), created.parent(), at));
  } else if (record.has_union_updated()) {
    const jv1::UnionUpdated& updated = record.union_updated();
    Set(updated.after().settings(), at, &Hang(updated.number(), updated.parent(), at));
  } else if (record.has_union_moved()) {
    Hang(record.union_moved().number(), record.union_moved().parent_after(), at);
  } else if (record.has_campaign_created()) {
    const jv1::CampaignCreated& created = record.campaign_created();
    const std::uint32_t origin = created.origin() != 0 ? created.origin() : created.union_number();
    homes_[created.number()] = {.union_number = created.union_number(), .origin = origin};
  }
}

const BundleUnions::Home* BundleUnions::FindHome(std::uint32_t campaign) const {
  const auto found = homes_.find(campaign);
  return found == homes_.end() ? nullptr : &found->second;
}

BundleUnions::Binding BundleUnions::BindingOf(std::uint32_t number) const {
  Binding binding;
  for (std::uint32_t level = 0; level < kUnionDepthMax; ++level) {
    const auto found = unions_.find(number);
    // One that is only known to have moved may have set whatever it likes.
    if (found == unions_.end() || found->second.settings_at == 0) return binding;
    const Union& each = found->second;
    if (!binding.pack.has_value() && each.pack != nullptr) binding.pack = *each.pack;
    if (!binding.issuer_kind.has_value() && each.issuer_kind != 0) {
      binding.issuer_kind = each.issuer_kind;
    }
    number = each.parent;
    if (number != 0) continue;
    if (!binding.pack.has_value()) binding.pack = "";
    if (!binding.issuer_kind.has_value()) binding.issuer_kind = 0;
    return binding;
  }
  return binding;
}

std::vector<std::uint32_t> BundleUnions::PathOf(std::uint32_t number) const {
  std::vector<std::uint32_t> path;
  while (number != 0 && path.size() < kUnionDepthMax) {
    path.push_back(number);
    const auto found = unions_.find(number);
    number = found == unions_.end() ? 0 : found->second.parent;
  }
  return path;
}

}  // namespace puhui::audit
