// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/bundle/granted_town.h"

#include "ledger/base/check.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/record_writer.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::int32_t kFirstOf2026 = 20'454;

// What a grant says its member had received.
struct SaidInputs {
  std::int64_t for_occasion = 0;
  std::uint32_t others = 0;
  std::int64_t this_year = 0;
};

class GrantedDay : public RecordWriter {
 public:
  GrantedDay() : RecordWriter(TownRecords()) {}

  void Write(const MidAutumn& mid_autumn);

 private:
  static jv1::LotChange& Move(jv1::Entry& entry, std::int64_t points) {
    jv1::LotChange& change = *entry.add_lots();
    change = TownRecords()[TownRecord("purchase") - 1].entry().lots(0);
    change.clear_day();
    change.set_points(points);
    return change;
  }
  void LoadPack();
  // Unions of each kind of issuer: 3 inherits the pack of union 1, and 4 is in no tree that has
  // one.
  void FoundUnions();
  static std::uint32_t UnionOf(std::uint32_t issuer_kind) {
    return issuer_kind == 0 ? 4 : issuer_kind;
  }
  static jv1::Terms TermsOf(std::int32_t day);
  static void Ask(const jv1::Terms& terms, absl::string_view occasion, std::uint32_t issuer_kind,
                  jv1::RuleFrame& rules);
  // Of one row, for member 1.
  void Begin(absl::string_view occasion, std::uint32_t issuer_kind, std::int32_t day,
             std::int64_t points);
  // That row, of the campaign that was begun last.
  void GrantRow(absl::string_view name, const SaidInputs& inputs);
  void ClawBack(std::int64_t points);
  // Member 2 buys.
  jv1::Record& Sell(absl::string_view name, std::int64_t points, std::int64_t fee,
                    std::int64_t after = kSecond);
  static void Charge(jv1::Record& record, std::uint32_t agreement, std::uint32_t rate,
                     std::uint32_t discount);
  // 40 points of member 2, and what becomes of them under the second agreement.
  void Hold();
  void Capture();
  void SellUnderAgreements();

  std::uint32_t campaign_ = 1;
  std::uint32_t lot_ = 1;
  std::int32_t day_ = 0;
};

void GrantedDay::LoadPack() {
  jv1::RulePackLoaded& pack = *Add("pack 3").mutable_rule_pack_loaded();
  pack.set_id("town");
  pack.set_version(3);
  jv1::PackRules& rules = *pack.mutable_rules();
  rules.set_effective_from(20'000);
  rules.set_effective_to(21'000);
  rules.add_issuer_kinds(1);
  rules.add_issuer_kinds(3);
  rules.set_points_per_year_max(1'500);
  jv1::PackIssuerCap& cap = *rules.add_issuer_caps();
  cap.set_issuer_kind(3);
  cap.set_points_per_year_max(2'000);
  rules.set_points_per_occasion_max(1'200);
  for (const char* const name : {"spring-festival", "dragon-boat", "mid-autumn"}) {
    rules.add_occasions()->set_name(name);
  }
  rules.set_occasions_per_year_max(3);
  rules.set_earmark_share_min_basis_points(3'000);
  rules.add_merchant_categories(5'411);
  rules.set_expiry_days_min(10);
  rules.set_expiry_days_max(400);
  jv1::PackLifeEvent& event = *rules.add_life_events();
  event.set_name("birthday");
  event.set_points_per_year_max(300);
  rules.add_earmark_regions(420'000);
}

void GrantedDay::FoundUnions() {
  SetUnion(1, 0, "town", 1);
  jv1::UnionCreated& below = *Add("union 3").mutable_union_created();
  below.set_number(3);
  below.set_parent(1);
  SetUnion(3, 1, "", 3);
}

// Spendable for 25 days, with a part for goods of one city.
jv1::Terms GrantedDay::TermsOf(std::int32_t day) {
  jv1::Terms terms;
  terms.set_last_day(day + 25);
  terms.set_expiry_micros((day + 26) * kDay);
  terms.add_categories(5'411);
  terms.mutable_earmark()->set_basis_points(3'000);
  terms.mutable_earmark()->add_regions(420'100);
  return terms;
}

// The pack asks for an earmark of holidays alone, and never for its categories.
void GrantedDay::Ask(const jv1::Terms& terms, absl::string_view occasion, std::uint32_t issuer_kind,
                     jv1::RuleFrame& rules) {
  rules.set_pack("town");
  rules.set_version(3);
  rules.set_occasion(std::string(occasion));
  rules.set_issuer_kind(issuer_kind);
  rules.set_expiry_days(25);
  *rules.mutable_categories() = terms.categories();
  if (occasion == "birthday") return;
  rules.set_earmark_basis_points(terms.earmark().basis_points());
  *rules.mutable_earmark_regions() = terms.earmark().regions();
}

void GrantedDay::Begin(absl::string_view occasion, std::uint32_t issuer_kind, std::int32_t day,
                       std::int64_t points) {
  ++campaign_;
  const jv1::Terms terms = TermsOf(day);
  jv1::CampaignCreated& created =
      *Add(absl::StrCat("campaign ", campaign_)).mutable_campaign_created();
  created.set_number(campaign_);
  created.set_union_number(issuer_kind == 3 ? 3 : 1);
  created.set_origin(1);
  created.set_occasion(std::string(occasion));
  *created.mutable_terms() = terms;
  const jv1::PlanCompleted plan = UploadPlan(campaign_, {{1, points}});
  Submit(plan, issuer_kind == 0 ? "" : "town", issuer_kind == 0 ? 0 : 3);
  jv1::Entry& approved = *Add(absl::StrCat("approval ", campaign_)).mutable_entry();
  Post(approved, jv1::ACCOUNT_KIND_BUDGET, 1, -points);
  Post(approved, jv1::ACCOUNT_KIND_CAMPAIGN, campaign_, points);
  approved.mutable_approval()->set_campaign(campaign_);
  approved.mutable_approval()->set_plan_hash(plan.plan_hash());
  jv1::IssueStarted& started = *Add(absl::StrCat("run ", campaign_)).mutable_issue_started();
  CarryOut(plan, started);
  started.set_day(day);
  started.set_start_micros(day * kDay);
  if (issuer_kind != 0) Ask(terms, occasion, issuer_kind, *started.mutable_rules());
}

void GrantedDay::GrantRow(absl::string_view name, const SaidInputs& inputs) {
  const jv1::IssueStarted started = records.back().issue_started();
  const std::int64_t points = started.points();
  jv1::Entry& entry = *Add(name).mutable_entry();
  Post(entry, jv1::ACCOUNT_KIND_CAMPAIGN, campaign_, -points);
  Post(entry, jv1::ACCOUNT_KIND_WALLET, 1, points);
  jv1::Grant& grant = *entry.mutable_grant();
  grant.set_campaign(campaign_);
  grant.set_lot(++lot_);
  grant.set_points(points);
  grant.set_expiry_micros((started.day() + 26) * kDay);
  grant.set_earmarked_points(points * 3 / 10);
  if (!started.has_rules()) return;
  jv1::GrantRules& rules = *grant.mutable_rules();
  rules.set_pack("town");
  rules.set_version(3);
  rules.set_received_for_occasion(inputs.for_occasion);
  rules.set_other_occasions_received(inputs.others);
  rules.set_received_this_year(inputs.this_year);
}

void GrantedDay::ClawBack(std::int64_t points) {
  jv1::Entry& entry = *Add("claw-back").mutable_entry();
  Post(entry, jv1::ACCOUNT_KIND_WALLET, 1, -points);
  Post(entry, jv1::ACCOUNT_KIND_BUDGET, 1, points);
  Move(entry, -points);
  entry.mutable_clawed_back()->set_campaign(1);
  entry.mutable_clawed_back()->set_points(points);
}

jv1::Record& GrantedDay::Sell(absl::string_view name, std::int64_t points, std::int64_t fee,
                              std::int64_t after) {
  jv1::Record& record = Add(name, after);
  jv1::Entry& entry = *record.mutable_entry();
  Post(entry, jv1::ACCOUNT_KIND_WALLET, 2, -points);
  Post(entry, jv1::ACCOUNT_KIND_PAYABLE, 3, points - fee);
  Post(entry, jv1::ACCOUNT_KIND_FEE, 3, fee);
  const auto today = static_cast<std::int32_t>(record.time_micros() / kDay);
  Move(entry, -points).set_day(today);
  entry.mutable_purchase()->mutable_till()->set_merchant(3);
  entry.mutable_purchase()->set_points(points);
  entry.mutable_purchase()->set_fee(fee);
  if (today == day_) return record;
  day_ = today;
  jv1::BusinessDay& opened = *entry.mutable_opened_day();
  opened.set_merchant(3);
  opened.set_day(today);
  opened.set_start_micros(today * kDay);
  opened.set_end_micros((today + 1) * kDay);
  opened.set_time_zone("Asia/Shanghai");
  return record;
}

void GrantedDay::Charge(jv1::Record& record, std::uint32_t agreement, std::uint32_t rate,
                        std::uint32_t discount) {
  jv1::Purchase& purchase = *record.mutable_entry()->mutable_purchase();
  purchase.set_agreement(agreement);
  purchase.set_fee_basis_points(rate);
  purchase.set_discount_basis_points(discount);
}

void GrantedDay::Hold() {
  jv1::Entry& entry = *Add("hold under the first").mutable_entry();
  Post(entry, jv1::ACCOUNT_KIND_WALLET, 2, -40);
  Post(entry, jv1::ACCOUNT_KIND_HELD, 2, 40);
  Move(entry, 0).set_held(40);
  entry.mutable_authorization()->mutable_till()->set_merchant(3);
  entry.mutable_authorization()->set_points(40);
}

void GrantedDay::Capture() {
  jv1::Entry& entry = *Add("capture under the second", 1).mutable_entry();
  Post(entry, jv1::ACCOUNT_KIND_HELD, 2, -40);
  Post(entry, jv1::ACCOUNT_KIND_PAYABLE, 3, 39);
  Post(entry, jv1::ACCOUNT_KIND_FEE, 3, 1);
  Move(entry, -40).set_held(-40);
  jv1::Purchase& capture = *entry.mutable_capture();
  capture.mutable_till()->set_merchant(3);
  capture.set_authorization(named["hold under the first"]);
  capture.set_points(40);
  capture.set_fee(1);
  capture.set_fee_basis_points(300);
  capture.set_agreement(2);
}

// The fees are written out: of 399 points, 2.5 % are 9.975.
void GrantedDay::SellUnderAgreements() {
  jv1::Record& record = Add("second agreement");
  const std::int64_t start = record.time_micros() + 10 * kSecond;
  jv1::AgreementMade& made = *record.mutable_agreement_made();
  made.set_merchant(3);
  made.set_number(2);
  made.set_start_micros(start);
  made.set_end_micros(start + 10 * kSecond);
  made.set_fee_basis_points(300);
  Charge(Sell("sale under the first", 399, 9), 1, 250, 100);
  Hold();
  // Decided a microsecond before the second is in force.
  const std::int64_t left = start - 1 - records.back().time_micros();
  jv1::Record& before = Add("before the last sale", left);
  before.mutable_union_created()->set_number(8);
  before.mutable_request()->set_records(2);
  jv1::Record& last = Sell("last sale under the first", 40, 1, 1);
  last.clear_request();
  last.set_index_in_command(1);
  Charge(last, 1, 250, 100);
  Charge(Sell("sale under the second", 100, 3, 1), 2, 300, 0);
  Capture();
  Charge(Sell("sale after the second", 51, 1, 10 * kSecond - 2), 0, 200, 0);
}

void GrantedDay::Write(const MidAutumn& mid_autumn) {
  constexpr std::int32_t kOf2025 = kFirstOf2026 - 20;
  LoadPack();
  FoundUnions();
  // Member 1 had 1,000 points for the spring festival.
  Begin("dragon-boat", 1, kOf2025, 300);
  GrantRow("dragon-boat", {.others = 1, .this_year = 1'000});
  ClawBack(100);
  Begin("birthday", 1, kOf2025, 200);
  GrantRow("birthday", {});
  Begin("mid-autumn", 3, kOf2025, mid_autumn.points);
  GrantRow("mid-autumn", {.others = 2, .this_year = mid_autumn.this_year});
  Begin("dragon-boat", 3, kOf2025, 100);
  GrantRow("second dragon-boat", {.for_occasion = 300, .others = 2, .this_year = 1'500});
  SetUnion(1, 0, "", 1);
  Begin("mid-autumn", 0, kFirstOf2026, 400);
  GrantRow("no rules", {});
  SetUnion(1, 0, "town", 1);
  Begin("spring-festival", 1, kFirstOf2026, 1'000);
  GrantRow("new year", {.others = 1, .this_year = 400});
  SellUnderAgreements();
}

const GrantedDay& Granted() {
  static const GrantedDay* const day = [] {
    auto* written = new GrantedDay;
    written->Write({});
    return written;
  }();
  return *day;
}

}  // namespace

std::vector<jv1::Record> GrantedTown() { return Granted().records; }

Sequence GrantedRecord(absl::string_view name) {
  const auto found = Granted().named.find(name);
  PUHUI_CHECK(found != Granted().named.end());
  return found->second;
}

std::vector<jv1::Record> GrantedLie(absl::string_view name,
                                    const std::function<void(jv1::Record&)>& tell) {
  std::vector<jv1::Record> records = GrantedTown();
  tell(records[GrantedRecord(name) - 1]);
  return records;
}

std::vector<jv1::Record> GrantedLies(const std::vector<GrantedTale>& tales) {
  std::vector<jv1::Record> records = GrantedTown();
  for (const GrantedTale& tale : tales) tale.tell(records[GrantedRecord(tale.record) - 1]);
  return records;
}

std::vector<jv1::Record> GrantedAtMidAutumn(const MidAutumn& mid_autumn) {
  GrantedDay day;
  day.Write(mid_autumn);
  return day.records;
}

void RoundTheFeeUp(jv1::Record& sale) {
  jv1::Entry& entry = *sale.mutable_entry();
  entry.mutable_postings(1)->set_points(entry.postings(1).points() - 1);
  entry.mutable_postings(2)->set_points(entry.postings(2).points() + 1);
  entry.mutable_purchase()->set_fee(entry.purchase().fee() + 1);
}

}  // namespace puhui::audit
