// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/bundle/paid_town.h"

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "tests/unit/audit/bundle/adjusted_town.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/record_writer.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::uint32_t kPaidMerchant = 3;

// Goes on from the records of the adjusted town.
class PaidWriter : public RecordWriter {
 public:
  PaidWriter() : RecordWriter(AdjustedTown()) {}

  void Write();

 private:
  void Agree(int number, const jv1::DayCut& cut);
  // A run of one payment of that many points, none of them when it is 0.
  void CreateRun(std::uint32_t run, const jv1::DayCut& of, std::uint32_t attempt,
                 std::int64_t points);
  void ApproveRun(std::uint32_t run);
  void Move(std::uint32_t run, bool back);
  void Sell(absl::string_view name);
  jv1::DayCut CutThirdDay();

  jv1::RunPayment last_payment_;
  jv1::BusinessDay third_day_;
};

void PaidWriter::Agree(int number, const jv1::DayCut& cut) {
  jv1::StatementAgreed& agreed = *Add(absl::StrCat("agreed ", number)).mutable_statement_agreed();
  agreed.set_merchant(kPaidMerchant);
  agreed.set_day(cut.day().day());
  agreed.set_digest(cut.digest());
  agreed.set_person("people/li");
}

void PaidWriter::CreateRun(std::uint32_t run, const jv1::DayCut& of, std::uint32_t attempt,
                           std::int64_t points) {
  jv1::PayoutRunCreated& created = *Add(absl::StrCat("run ", run)).mutable_payout_run_created();
  created.set_run(run);
  created.set_person("people/zhao");
  jv1::RunPayment& payment = *created.add_payments();
  payment.set_merchant(kPaidMerchant);
  payment.set_day(of.day().day());
  payment.set_attempt(attempt);
  payment.set_points(points);
  if (points != 0) {
    payment.set_account(1);
    payment.add_sums()->set_origin(1);
    payment.mutable_sums(0)->set_points(points);
  }
  last_payment_ = payment;
}

void PaidWriter::ApproveRun(std::uint32_t run) {
  jv1::PayoutRunApproved& approved =
      *Add(absl::StrCat("approval ", run)).mutable_payout_run_approved();
  approved.set_run(run);
  approved.set_person("people/qian");
}

void PaidWriter::Move(std::uint32_t run, bool back) {
  jv1::Entry& entry = *Add(absl::StrCat(back ? "returned " : "paid ", run)).mutable_entry();
  const std::int64_t points = last_payment_.points();
  Post(entry, jv1::ACCOUNT_KIND_PAYABLE, kPaidMerchant, back ? points : -points);
  Post(entry, jv1::ACCOUNT_KIND_PAYOUT, kPaidMerchant, back ? -points : points);
  const auto describe = [&](auto& cause) {
    cause.set_merchant(kPaidMerchant);
    cause.set_day(last_payment_.day());
    cause.set_run(run);
    cause.set_payment(1);
    cause.set_points(points);
  };
  back ? describe(*entry.mutable_payout_returned()) : describe(*entry.mutable_payout_paid());
}

// As the town's first sale.
void PaidWriter::Sell(absl::string_view name) {
  jv1::Record& record = Add(name);
  jv1::Entry& entry = *record.mutable_entry();
  entry = records[TownRecord("purchase") - 1].entry();
  entry.mutable_lots(0)->clear_day();
  if (third_day_.merchant() != 0) {
    entry.clear_opened_day();
    return;
  }
  third_day_ = entry.opened_day();
  const std::int64_t days = (record.time_micros() - third_day_.start_micros()) / kDay;
  third_day_.set_day(third_day_.day() + static_cast<std::int32_t>(days));
  third_day_.set_start_micros(third_day_.start_micros() + days * kDay);
  third_day_.set_end_micros(third_day_.start_micros() + kDay);
  *entry.mutable_opened_day() = third_day_;
}

jv1::DayCut PaidWriter::CutThirdDay() {
  ledger::Sha256 sha256;
  ledger::Hash digest{};
  for (const absl::string_view name : {"sale", "second sale"}) {
    const jv1::Record& record = records[named.find(name)->second - 1];
    const std::string line =
        absl::StrCat(record.sequence(), ",1,", record.time_micros(), ",t-1,1,400,0,400,6,4\n");
    digest = sha256.Digest(ledger::AsBytes(digest), line);
  }
  jv1::DayCut& cut = *Add("cut", kDay).mutable_day_cut();
  cut.set_merchant(kPaidMerchant);
  *cut.mutable_day() = third_day_;
  cut.set_first_line(named["sale"]);
  cut.set_last_line(named["second sale"]);
  cut.set_purchase_lines(2);
  cut.mutable_figures()->set_purchases(800);
  cut.mutable_figures()->set_fees(12);
  cut.mutable_figures()->set_discounts(8);
  cut.set_payable_before(-390);
  cut.set_digest(std::string(ledger::AsBytes(digest)));
  return cut;
}

void PaidWriter::Write() {
  const jv1::DayCut second = records[TownRecord("second cut") - 1].day_cut();
  const jv1::DayCut adjusted = records.back().day_cut();
  Agree(1, second);
  CreateRun(2, second, 1, 195);
  Add("cancel 2").mutable_payout_run_cancelled()->set_run(2);
  CreateRun(3, second, 2, 195);
  ApproveRun(3);
  Move(3, /*back=*/false);
  Move(3, /*back=*/true);
  CreateRun(4, second, 3, 195);
  ApproveRun(4);
  Move(4, /*back=*/false);
  Agree(2, adjusted);
  CreateRun(5, adjusted, 1, 0);
  jv1::PayoutSum& carried =
      *records.back().mutable_payout_run_created()->mutable_payments(0)->add_carried();
  carried.set_origin(1);
  carried.set_points(-390);
  Sell("sale");
  Sell("second sale");
  const jv1::DayCut third = CutThirdDay();
  Agree(3, third);
  CreateRun(6, third, 1, 390);
  ApproveRun(6);
  Move(6, /*back=*/false);
}

const PaidWriter& Paid() {
  static const PaidWriter* const paid = [] {
    auto* writer = new PaidWriter;
    writer->Write();
    return writer;
  }();
  return *paid;
}

}  // namespace

std::vector<jv1::Record> PaidTown() { return Paid().records; }

Sequence PaidRecord(absl::string_view name) {
  const auto found = Paid().named.find(name);
  PUHUI_CHECK(found != Paid().named.end());
  return found->second;
}

std::vector<jv1::Record> PaidLie(absl::string_view name,
                                 const std::function<void(jv1::Record&)>& tell) {
  std::vector<jv1::Record> records = PaidTown();
  tell(records[PaidRecord(name) - 1]);
  return records;
}

}  // namespace puhui::audit
