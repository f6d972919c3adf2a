// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_facts.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

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
  Ask(FactKind::kMerchant, entry.purchase().till().merchant(), asked);
  Ask(FactKind::kMerchant, entry.capture().till().merchant(), asked);
  Ask(FactKind::kTerminal, entry.refund().till().terminal(), asked);
  Ask(FactKind::kTerminal, entry.reversal().till().terminal(), asked);
  Ask(FactKind::kRecord, entry.purchase().bill(), asked);
  Ask(FactKind::kRecord, entry.capture().authorization(), asked);
  Ask(FactKind::kRecord, entry.voided().authorization(), asked);
  Ask(FactKind::kRecord, entry.authorization_expiry().authorization(), asked);
  Ask(FactKind::kRecord, entry.refund().purchase(), asked);
  Ask(FactKind::kRecord, entry.reversal().purchase(), asked);
}

// The day of a moment, in UTC, in days since 1970-01-01.
std::int64_t DayOfMicros(std::int64_t micros) {
  constexpr std::int64_t kDayMicros = 86'400'000'000;
  return micros / kDayMicros - (micros % kDayMicros < 0 ? 1 : 0);
}

}  // namespace

FactKey AgreementKey(std::uint32_t merchant, std::uint32_t number) {
  return {FactKind::kAgreement, absl::StrCat(merchant, "/", number)};
}

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
    case FactKind::kIssueRun:
      return absl::StrCat("issue run of campaign ", key.second);
    case FactKind::kMerchant:
      return absl::StrCat("merchant ", key.second);
    case FactKind::kAgreement:
      return absl::StrCat("agreement ", key.second);
  }
  return key.second;
}

std::vector<FactKey> SaidBy(const jv1::Record& record) {
  std::vector<FactKey> said;
  Ask(FactKind::kCampaign, record.campaign_created().number(), said);
  Ask(FactKind::kCampaign, record.campaign_updated().campaign(), said);
  Ask(FactKind::kTerminal, record.terminal_enrolled().number(), said);
  Ask(FactKind::kPayoutRun, record.payout_run_created().run(), said);
  Ask(FactKind::kIssueRun, record.issue_started().campaign(), said);
  Ask(FactKind::kMerchant, record.merchant_registered().number(), said);
  Ask(FactKind::kMerchant, record.merchant_decided().merchant(), said);
  if (record.has_agreement_made()) {
    said.push_back(
        AgreementKey(record.agreement_made().merchant(), record.agreement_made().number()));
  }
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
  Ask(FactKind::kIssueRun, entry.grant().campaign(), asked);
  // What comes back is of the occasion and the year of the grant.
  for (const std::uint32_t campaign :
       {entry.clawed_back().campaign(), entry.lot_returned().campaign()}) {
    Ask(FactKind::kCampaign, campaign, asked);
    Ask(FactKind::kIssueRun, campaign, asked);
  }
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
  } else if (record.has_issue_started()) {
    const jv1::IssueStarted& started = record.issue_started();
    const std::int64_t start = std::max(started.start_micros(), record.time_micros());
    // Records of before there were rules do not say which day they count in.
    issue_runs_[started.campaign()] = {
        .day = started.day() != 0 ? started.day() : DayOfMicros(start),
        .under_rules = started.has_rules(),
        .rules = started.rules()};
  } else {
    LearnMerchant(record);
  }
}

void BundleFacts::LearnMerchant(const jv1::Record& record) {
  if (record.has_merchant_registered()) {
    merchants_[record.merchant_registered().number()].fee =
        record.merchant_registered().fee_basis_points();
  } else if (record.has_merchant_decided()) {
    merchants_[record.merchant_decided().merchant()].fee =
        record.merchant_decided().fee_basis_points();
  } else if (record.has_agreement_made()) {
    const jv1::AgreementMade& made = record.agreement_made();
    merchants_[made.merchant()].agreements[made.number()] = {
        .start_micros = made.start_micros(),
        .end_micros = made.end_micros(),
        .fee = made.fee_basis_points(),
        .discount = made.discount_basis_points()};
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

const BundleFacts::IssueRun* BundleFacts::FindIssueRun(std::uint32_t campaign) const {
  return FindIn(issue_runs_, campaign);
}

const BundleFacts::Merchant* BundleFacts::FindMerchant(std::uint32_t number) const {
  return FindIn(merchants_, number);
}

}  // namespace puhui::audit
