// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/bundle/bundle_town.h"

#include "ledger/base/check.h"
#include "ledger/journal/checkpoint.h"
#include "ledger/journal/segment.h"
#include "tests/unit/audit/bundle/record_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include <algorithm>
#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::int64_t kTownStart = 1'764'547'200'000'000;  // 2025-12-01.
constexpr std::int64_t kTownDay = 86'400'000'000;
constexpr std::uint32_t kTownUnion = 1;

absl::StatusOr<std::string> NoTile(const ledger::TileId& /*id*/) {
  return absl::NotFoundError("tile");
}

// Writes the records of the town, one after another.
class TownWriter : public RecordWriter {
 public:
  TownWriter() : RecordWriter(kTownStart) {}

  void Write();

 private:
  void Move(jv1::Entry& entry, std::int64_t points, std::int64_t held) {
    jv1::LotChange& change = *entry.add_lots();
    change.set_lot(1);
    change.set_points(points);
    change.set_held(held);
    change.set_campaign(1);
    change.set_origin(kTownUnion);
    change.set_granted(1'000);
    change.set_expiry_micros(kTownStart + 30 * kTownDay);
    change.set_day(static_cast<std::int32_t>(time_ / kTownDay));
  }
  template <class Cause>
  static void At(Cause& cause) {
    cause.mutable_till()->set_merchant(3);
    cause.mutable_till()->set_terminal(5);
    cause.mutable_till()->set_batch_number(1);
    cause.mutable_till()->set_trace_number(static_cast<std::uint32_t>(cause.points() % 1'000));
  }
  template <class Cause>
  static void Charge(Cause& cause, std::int64_t fee) {
    cause.set_fee(fee);
    cause.set_fee_basis_points(250);
    cause.set_discount_basis_points(100);
  }
  void OpenDay(jv1::Entry& entry, std::int64_t day);
  void Found();
  void Issue();
  void Sell();
  void Hold();
  void CutDay(absl::string_view name, std::int64_t day, const jv1::DayCut& figures);
  // What the first day came to.
  void PayOut(const jv1::DayCut& cut);
};

void TownWriter::OpenDay(jv1::Entry& entry, std::int64_t day) {
  jv1::BusinessDay& opened = *entry.mutable_opened_day();
  opened.set_merchant(3);
  opened.set_day(static_cast<std::int32_t>(kTownStart / kTownDay + day));
  opened.set_start_micros(kTownStart + day * kTownDay);
  opened.set_end_micros(kTownStart + (day + 1) * kTownDay);
  opened.set_time_zone("Asia/Shanghai");
}

void TownWriter::Found() {
  Add("union").mutable_union_created()->set_number(kTownUnion);
  jv1::RulePackLoaded& pack = *Add("pack").mutable_rule_pack_loaded();
  pack.set_id("town");
  pack.set_version(2);
  pack.mutable_rules()->set_points_per_year_max(1'500);
  pack.mutable_rules()->add_occasions()->set_name("spring-festival");
  jv1::MerchantRegistered& merchant = *Add("merchant").mutable_merchant_registered();
  merchant.set_number(3);
  merchant.set_id("m-7");
  merchant.set_fee_basis_points(200);
  jv1::TerminalEnrolled& terminal = *Add("terminal").mutable_terminal_enrolled();
  terminal.set_number(5);
  terminal.set_merchant(3);
  terminal.set_id("t-1");
  jv1::AgreementMade& agreement = *Add("agreement").mutable_agreement_made();
  agreement.set_merchant(3);
  agreement.set_number(1);
  agreement.set_start_micros(kTownStart);
  agreement.set_fee_basis_points(150);
  agreement.set_discount_basis_points(100);
  jv1::Entry& funded = *Add("funding").mutable_entry();
  Post(funded, jv1::ACCOUNT_KIND_FUNDING, kTownUnion, -9'000);
  Post(funded, jv1::ACCOUNT_KIND_BUDGET, kTownUnion, 9'000);
  funded.mutable_funding()->set_union_number(kTownUnion);
}

void TownWriter::Issue() {
  SetUnion(kTownUnion, 0, "town", 0);
  jv1::CampaignCreated& campaign = *Add("campaign").mutable_campaign_created();
  campaign.set_number(1);
  campaign.set_union_number(kTownUnion);
  campaign.set_display_name("春节慰问");
  campaign.set_occasion("spring-festival");
  campaign.mutable_terms()->set_expiry_micros(kTownStart + 30 * kTownDay);
  campaign.mutable_terms()->set_day_cap(600);
  const jv1::PlanCompleted plan = UploadPlan(1, {{1, 1'000}, {2, 1'000}});
  Submit(plan, "town", 2);
  jv1::Entry& approved = *Add("approval").mutable_entry();
  Post(approved, jv1::ACCOUNT_KIND_BUDGET, kTownUnion, -2'000);
  Post(approved, jv1::ACCOUNT_KIND_CAMPAIGN, 1, 2'000);
  approved.mutable_approval()->set_campaign(1);
  approved.mutable_approval()->set_plan_hash(plan.plan_hash());
  jv1::IssueStarted& started = *Add("issue run").mutable_issue_started();
  CarryOut(plan, started);
  started.set_day(static_cast<std::int32_t>(kTownStart / kTownDay));
  started.mutable_rules()->set_pack("town");
  started.mutable_rules()->set_version(2);
  started.mutable_rules()->set_occasion("spring-festival");
  for (std::uint64_t member = 1; member <= 2; ++member) {
    jv1::Entry& entry = *Add(member == 1 ? "grant" : "second grant").mutable_entry();
    Post(entry, jv1::ACCOUNT_KIND_CAMPAIGN, 1, -1'000);
    Post(entry, jv1::ACCOUNT_KIND_WALLET, member, 1'000);
    jv1::Grant& grant = *entry.mutable_grant();
    grant.set_campaign(1);
    grant.set_row(member - 1);
    grant.set_lot(1);
    grant.set_points(1'000);
    grant.set_expiry_micros(kTownStart + 30 * kTownDay);
    grant.mutable_rules()->set_pack("town");
    grant.mutable_rules()->set_version(2);
  }
}

void TownWriter::Sell() {
  jv1::Entry& bought = *Add("purchase").mutable_entry();
  Post(bought, jv1::ACCOUNT_KIND_WALLET, 1, -400);
  Post(bought, jv1::ACCOUNT_KIND_PAYABLE, 3, 390);
  Post(bought, jv1::ACCOUNT_KIND_FEE, 3, 10);
  Move(bought, -400, 0);
  bought.mutable_purchase()->set_points(400);
  At(*bought.mutable_purchase());
  Charge(*bought.mutable_purchase(), 10);
  bought.mutable_purchase()->set_agreement(1);
  OpenDay(bought, 0);

  jv1::Entry& back = *Add("refund").mutable_entry();
  Post(back, jv1::ACCOUNT_KIND_WALLET, 1, 200);
  Post(back, jv1::ACCOUNT_KIND_PAYABLE, 3, -195);
  Post(back, jv1::ACCOUNT_KIND_FEE, 3, -5);
  Move(back, 200, 0);
  back.mutable_refund()->set_purchase(named["purchase"]);
  back.mutable_refund()->set_points(200);
  back.mutable_refund()->set_refunded(200);
  At(*back.mutable_refund());
  Charge(*back.mutable_refund(), 5);
}

void TownWriter::Hold() {
  jv1::Entry& held = *Add("authorisation").mutable_entry();
  Post(held, jv1::ACCOUNT_KIND_WALLET, 2, -300);
  Post(held, jv1::ACCOUNT_KIND_HELD, 2, 300);
  Move(held, 0, 300);
  held.mutable_authorization()->set_points(300);
  At(*held.mutable_authorization());

  jv1::Entry& captured = *Add("capture", kTownDay).mutable_entry();
  Post(captured, jv1::ACCOUNT_KIND_HELD, 2, -300);
  Post(captured, jv1::ACCOUNT_KIND_WALLET, 2, 100);
  Post(captured, jv1::ACCOUNT_KIND_PAYABLE, 3, 195);
  Post(captured, jv1::ACCOUNT_KIND_FEE, 3, 5);
  Move(captured, -200, -300);
  captured.mutable_capture()->set_points(200);
  captured.mutable_capture()->set_authorization(named["authorisation"]);
  At(*captured.mutable_capture());
  Charge(*captured.mutable_capture(), 5);
  captured.mutable_capture()->set_agreement(1);
  OpenDay(captured, 1);
}

void TownWriter::CutDay(absl::string_view name, std::int64_t day, const jv1::DayCut& figures) {
  jv1::DayCut& cut = *Add(name, kTownDay).mutable_day_cut();
  cut = figures;
  cut.set_merchant(3);
  jv1::Entry opened;
  OpenDay(opened, day);
  *cut.mutable_day() = opened.opened_day();
}

void TownWriter::PayOut(const jv1::DayCut& cut) {
  constexpr auto kFirstDay = static_cast<std::int32_t>(kTownStart / kTownDay);
  jv1::StatementAgreed& agreed = *Add("agreed").mutable_statement_agreed();
  agreed.set_merchant(3);
  agreed.set_day(kFirstDay);
  agreed.set_digest(cut.digest());
  agreed.set_person("people/li");
  jv1::PayoutRunCreated& run = *Add("run").mutable_payout_run_created();
  run.set_run(1);
  run.set_person("people/zhao");
  jv1::RunPayment& payment = *run.add_payments();
  payment.set_merchant(3);
  payment.set_day(kFirstDay);
  payment.set_account(1);
  payment.set_attempt(1);
  payment.set_points(195);
  jv1::PayoutSum& sum = *payment.add_sums();
  sum.set_origin(1);
  sum.set_points(195);
  jv1::PayoutRunApproved& approved = *Add("run approval").mutable_payout_run_approved();
  approved.set_run(1);
  approved.set_person("people/qian");
  jv1::Entry& paid = *Add("payout").mutable_entry();
  Post(paid, jv1::ACCOUNT_KIND_PAYABLE, 3, -195);
  Post(paid, jv1::ACCOUNT_KIND_PAYOUT, 3, 195);
  paid.mutable_payout_paid()->set_merchant(3);
  paid.mutable_payout_paid()->set_day(kFirstDay);
  paid.mutable_payout_paid()->set_run(1);
  paid.mutable_payout_paid()->set_payment(1);
  paid.mutable_payout_paid()->set_points(195);
}

// SHA-256 over the lines, as docs/data-format/tables.md has it; the lines are written out.
std::string DigestOf(const std::vector<std::string>& lines) {
  ledger::Sha256 sha256;
  ledger::Hash digest{};
  for (const std::string& line : lines) digest = sha256.Digest(ledger::AsBytes(digest), line);
  return std::string(ledger::AsBytes(digest));
}

void TownWriter::Write() {
  Found();
  Issue();
  Sell();
  Hold();
  const auto line = [this](absl::string_view name, absl::string_view kind, absl::string_view rest) {
    const jv1::Record& record = records[named.find(name)->second - 1];
    return absl::StrCat(record.sequence(), ",", kind, ",", record.time_micros(), ",t-1,1,", rest);
  };
  jv1::DayCut first;
  first.set_first_line(named["purchase"]);
  first.set_last_line(named["refund"]);
  first.set_purchase_lines(1);
  first.set_refund_lines(1);
  first.mutable_figures()->set_purchases(400);
  first.mutable_figures()->set_refunds(200);
  first.mutable_figures()->set_fees(3);
  first.mutable_figures()->set_discounts(2);
  first.set_digest(
      DigestOf({line("purchase", "1", "400,0,400,6,4\n"),
                line("refund", "2", absl::StrCat("200,", named["purchase"], ",-200,-3,-2\n"))}));
  CutDay("cut", 0, first);
  PayOut(first);
  jv1::DayCut second;
  second.set_first_line(named["capture"]);
  second.set_last_line(named["capture"]);
  second.set_purchase_lines(1);
  second.mutable_figures()->set_purchases(200);
  second.mutable_figures()->set_fees(3);
  second.mutable_figures()->set_discounts(2);
  second.set_payable_before(195);
  second.set_digest(
      DigestOf({line("capture", "1", absl::StrCat("200,", named["authorisation"], ",200,3,2\n"))}));
  CutDay("second cut", 1, second);
}

const TownWriter& Town() {
  static const TownWriter* const town = [] {
    auto* writer = new TownWriter;
    writer->Write();
    return writer;
  }();
  return *town;
}

}  // namespace

TownJournal::TownJournal(const std::vector<jv1::Record>& records, std::size_t per_segment) {
  ledger::SegmentBuilder builder(/*partition=*/7, /*epoch=*/1, /*first=*/1);
  ledger::Hash root_before = tree_.Root();
  for (std::size_t i = 0; i < records.size(); ++i) {
    records_.push_back(records[i].SerializeAsString());
    builder.Add(records_.back());
    tree_.Append(ledger::LeafHash(records_.back()));
    if ((i + 1) % per_segment != 0 && i + 1 != records.size()) continue;
    segments_.push_back(builder.Seal(root_before).bytes);
    root_before = tree_.Root();
  }
}

absl::Status TownJournal::ReadSegments(
    Sequence from, absl::FunctionRef<absl::StatusOr<bool>(absl::string_view)> visit) const {
  for (const std::string& segment : segments_) {
    const absl::StatusOr<ledger::SegmentView> view = ledger::SegmentView::Parse(segment);
    if (!view.ok()) return view.status();
    if (view->last() < from) continue;
    const absl::StatusOr<bool> more = visit(segment);
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TownJournal::ReadRecord(Sequence sequence) const {
  return records_.at(sequence - 1);
}

absl::StatusOr<ledger::Hash> TownJournal::RootAt(std::uint64_t size) const {
  return tree_.RootAt(size, NoTile);
}

absl::StatusOr<std::vector<ledger::Hash>> TownJournal::InclusionPath(const ledger::TreeLeaf& leaf,
                                                                     std::uint64_t size) const {
  return tree_.InclusionPath(leaf.index, size, NoTile);
}

absl::StatusOr<std::vector<ledger::Hash>> TownJournal::ConsistencyPath(std::uint64_t first,
                                                                       std::uint64_t second) const {
  return tree_.ConsistencyPath(first, second, NoTile);
}

BundleNote TownJournal::NoteOf(std::uint64_t size) const {
  const ledger::Checkpoint checkpoint{.origin = "puhui.example/town",
                                      .size = size,
                                      .root = *RootAt(size),
                                      .time = absl::FromUnixMicros(kTownStart)};
  return {size, ledger::SignCheckpoint(checkpoint, "puhui.example", TownKey())};
}

const ledger::SigningKey& TownKey() {
  static const auto* const key =
      new ledger::SigningKey(ledger::SigningKey::FromSeed(std::string(32, 'k')));
  return *key;
}

std::vector<jv1::Record> TownRecords() { return Town().records; }

Sequence TownRecord(absl::string_view name) {
  const auto found = Town().named.find(name);
  PUHUI_CHECK(found != Town().named.end());
  return found->second;
}

std::string Drain(BundleExport& bundle) {
  std::string bytes;
  while (!bundle.ended()) {
    const absl::StatusOr<std::string> next = bundle.Next();
    PUHUI_CHECK_OK(next.status());
    bytes += *next;
  }
  return bytes;
}

std::string BundleOf(const std::vector<jv1::Record>& records, Sequence first, Sequence last) {
  const TownJournal journal(records, /*per_segment=*/3);
  BundleExport bundle(&journal, {first, last, {journal.NoteOf(records.size())}});
  return Drain(bundle);
}

absl::StatusOr<BundleReport> VerifyBytes(absl::string_view bytes) {
  return VerifyBytes(bytes, {TownKey().verify_key()});
}

absl::StatusOr<BundleReport> VerifyBytes(absl::string_view bytes,
                                         absl::Span<const ledger::VerifyKey> keys,
                                         const WitnessWish& wish) {
  const auto source = [&bytes](char* into, std::size_t size) -> absl::StatusOr<std::size_t> {
    const std::size_t got = std::min(size, bytes.size());
    std::copy_n(bytes.data(), got, into);
    bytes.remove_prefix(got);
    return got;
  };
  return VerifyBundle(source, keys, wish);
}

}  // namespace puhui::audit
