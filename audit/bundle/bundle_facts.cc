// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_facts.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <iterator>

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

// What a submission, an approval and an issue run are checked by.
void AskForPlan(const jv1::Record& record, std::vector<FactKey>& asked) {
  const std::uint32_t started = record.issue_started().campaign();
  Ask(FactKind::kPlan, started, asked);
  Ask(FactKind::kSubmission, started, asked);
  Ask(FactKind::kApproval, started, asked);
  Ask(FactKind::kPlan, record.campaign_submitted().campaign(), asked);
  Ask(FactKind::kPlan, record.entry().approval().campaign(), asked);
  Ask(FactKind::kSubmission, record.entry().approval().campaign(), asked);
  if (record.has_row_refused() && record.row_refused().row() == 0) {
    Ask(FactKind::kIssueRun, record.row_refused().campaign(), asked);
  }
}

void SayOfCampaigns(const jv1::Record& record, std::vector<FactKey>& said) {
  Ask(FactKind::kCampaign, record.campaign_created().number(), said);
  Ask(FactKind::kCampaignHome, record.campaign_created().number(), said);
  Ask(FactKind::kCampaign, record.campaign_updated().campaign(), said);
  Ask(FactKind::kPlan, record.plan_completed().campaign(), said);
  Ask(FactKind::kSubmission, record.campaign_submitted().campaign(), said);
  Ask(FactKind::kApproval, record.entry().approval().campaign(), said);
  Ask(FactKind::kIssueRun, record.issue_started().campaign(), said);
}

void SayOfUnions(const jv1::Record& record, std::vector<FactKey>& said) {
  Ask(FactKind::kUnion, record.union_created().number(), said);
  Ask(FactKind::kUnionSettings, record.union_updated().number(), said);
  Ask(FactKind::kUnionPlace, record.union_moved().number(), said);
}

}  // namespace

std::int64_t DayOfMicros(std::int64_t micros) {
  constexpr std::int64_t kDayMicros = 86'400'000'000;
  return micros / kDayMicros - (micros % kDayMicros < 0 ? 1 : 0);
}

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
    case FactKind::kCampaignHome:
      return absl::StrCat("creation of campaign ", key.second);
    case FactKind::kUnion:
      return absl::StrCat("union ", key.second);
    case FactKind::kUnionSettings:
      return absl::StrCat("settings of union ", key.second);
    case FactKind::kUnionPlace:
      return absl::StrCat("place of union ", key.second);
    case FactKind::kPlan:
      return absl::StrCat("plan of campaign ", key.second);
    case FactKind::kSubmission:
      return absl::StrCat("submission of campaign ", key.second);
    case FactKind::kApproval:
      return absl::StrCat("approval of campaign ", key.second);
    case FactKind::kRunApproval:
      return absl::StrCat("approval of payout run ", key.second);
  }
  return key.second;
}

std::vector<FactKey> SaidBy(const jv1::Record& record) {
  std::vector<FactKey> said;
  SayOfCampaigns(record, said);
  SayOfUnions(record, said);
  Ask(FactKind::kTerminal, record.terminal_enrolled().number(), said);
  Ask(FactKind::kPayoutRun, record.payout_run_created().run(), said);
  Ask(FactKind::kRunApproval, record.payout_run_approved().run(), said);
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
  AskForPlan(record, asked);
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
  Ask(FactKind::kRunApproval, entry.payout_paid().run(), asked);
  return asked;
}

std::uint32_t BoundNow(const jv1::Record& record) {
  if (record.has_issue_started()) return record.issue_started().campaign();
  if (record.has_row_refused()) {
    return record.row_refused().row() == 0 ? record.row_refused().campaign() : 0;
  }
  if (!record.entry().has_grant() || record.entry().grant().row() != 0) return 0;
  return record.entry().grant().campaign();
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

absl::optional<std::uint32_t> BundleFacts::VersionOn(const std::string& id,
                                                     std::int64_t day) const {
  absl::optional<std::uint32_t> highest;
  for (auto at = packs_.lower_bound({id, 0}); at != packs_.end() && at->first.first == id; ++at) {
    const jv1::PackRules& rules = at->second;
    const bool in_force =
        day >= rules.effective_from() && (!rules.has_effective_to() || day <= rules.effective_to());
    const bool last = std::next(at) == packs_.end() || std::next(at)->first.first != id;
    if (in_force || (last && !highest.has_value())) highest = at->first.second;
  }
  return highest;
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
