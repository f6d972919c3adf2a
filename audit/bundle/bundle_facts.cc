// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_facts.h"

#include "absl/strings/str_cat.h"

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

template <class Map, class Key>
auto FindIn(const Map& map, const Key& key) -> const typename Map::mapped_type* {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

template <class Number>
void Ask(FactKind kind, Number number, std::vector<FactKey>& asked) {
  if (number != 0) asked.emplace_back(kind, absl::StrCat(number));
}

std::string PackText(absl::string_view id, std::uint32_t version) {
  return absl::StrCat(id, "/", version);
}

// Of a sale, and of what ends or undoes one.
void AskForSale(const jv1::Entry& entry, std::vector<FactKey>& asked) {
  Ask(FactKind::kTerminal, entry.purchase().till().terminal(), asked);
  Ask(FactKind::kTerminal, entry.capture().till().terminal(), asked);
  Ask(FactKind::kTerminal, entry.refund().till().terminal(), asked);
  Ask(FactKind::kTerminal, entry.reversal().till().terminal(), asked);
  Ask(FactKind::kRecord, entry.purchase().bill(), asked);
  Ask(FactKind::kRecord, entry.capture().authorization(), asked);
  Ask(FactKind::kRecord, entry.voided().authorization(), asked);
  Ask(FactKind::kRecord, entry.authorization_expiry().authorization(), asked);
  Ask(FactKind::kRecord, entry.refund().purchase(), asked);
  Ask(FactKind::kRecord, entry.reversal().purchase(), asked);
}

}  // namespace

std::string FactText(const FactKey& key) {
  switch (key.first) {
    case FactKind::kCampaign:
      return absl::StrCat("campaign ", key.second);
    case FactKind::kRulePack:
      return absl::StrCat("rule pack ", key.second);
    case FactKind::kTerminal:
      return absl::StrCat("terminal ", key.second);
    case FactKind::kPayoutRun:
      return absl::StrCat("payout run ", key.second);
    case FactKind::kRecord:
      return absl::StrCat("record ", key.second);
  }
  return key.second;
}

std::vector<FactKey> SaidBy(const jv1::Record& record) {
  std::vector<FactKey> said;
  Ask(FactKind::kCampaign, record.campaign_created().number(), said);
  Ask(FactKind::kCampaign, record.campaign_updated().campaign(), said);
  Ask(FactKind::kTerminal, record.terminal_enrolled().number(), said);
  Ask(FactKind::kPayoutRun, record.payout_run_created().run(), said);
  if (record.has_rule_pack_loaded()) {
    said.emplace_back(FactKind::kRulePack, PackText(record.rule_pack_loaded().id(),
                                                    record.rule_pack_loaded().version()));
  }
  return said;
}

std::vector<FactKey> AskedBy(const jv1::Record& record) {
  std::vector<FactKey> asked;
  if (!record.has_entry()) return asked;
  const jv1::Entry& entry = record.entry();
  AskForSale(entry, asked);
  Ask(FactKind::kCampaign, entry.grant().campaign(), asked);
  if (entry.grant().has_rules()) {
    asked.emplace_back(FactKind::kRulePack,
                       PackText(entry.grant().rules().pack(), entry.grant().rules().version()));
  }
  for (const jv1::LotChange& change : entry.lots()) {
    Ask(FactKind::kCampaign, change.campaign(), asked);
  }
  Ask(FactKind::kPayoutRun, entry.payout_paid().run(), asked);
  return asked;
}

void BundleFacts::Learn(const jv1::Record& record) {
  if (record.has_campaign_created()) {
    const jv1::CampaignCreated& created = record.campaign_created();
    SetTerms(created.terms(), created.occasion(), &campaigns_[created.number()]);
  } else if (record.has_campaign_updated()) {
    const jv1::CampaignUpdated& updated = record.campaign_updated();
    SetTerms(updated.after().terms(), updated.after().occasion(), &campaigns_[updated.campaign()]);
  } else if (record.has_terminal_enrolled()) {
    terminals_[record.terminal_enrolled().number()] = record.terminal_enrolled().id();
  } else if (record.has_rule_pack_loaded()) {
    const jv1::RulePackLoaded& loaded = record.rule_pack_loaded();
    packs_[{loaded.id(), loaded.version()}] = loaded.rules();
  } else if (record.has_payout_run_created()) {
    std::vector<std::int64_t>& payments = runs_[record.payout_run_created().run()];
    payments.clear();
    for (const jv1::RunPayment& payment : record.payout_run_created().payments()) {
      payments.push_back(payment.points());
    }
  }
}

void BundleFacts::SetTerms(const jv1::Terms& terms, const std::string& occasion,
                           Campaign* campaign) {
  *campaign = {
      .occasion = occasion, .start_micros = terms.start_micros(), .day_cap = terms.day_cap()};
}

const BundleFacts::Campaign* BundleFacts::FindCampaign(std::uint32_t number) const {
  return FindIn(campaigns_, number);
}

const jv1::PackRules* BundleFacts::FindPack(const std::string& id, std::uint32_t version) const {
  return FindIn(packs_, std::make_pair(id, version));
}

const std::string* BundleFacts::FindTerminal(std::uint32_t number) const {
  return FindIn(terminals_, number);
}

const std::vector<std::int64_t>* BundleFacts::FindRun(std::uint32_t number) const {
  return FindIn(runs_, number);
}

}  // namespace puhui::audit
