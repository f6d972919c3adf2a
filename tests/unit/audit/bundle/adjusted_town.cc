// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/bundle/adjusted_town.h"

#include "ledger/crypto/hash.h"
#include "tests/unit/audit/bundle/bundle_town.h"
#include "tests/unit/audit/bundle/record_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::uint32_t kAdjustedMerchant = 3;

// Adds a day of adjustments to the records of the town.
class AdjustedDay : public RecordWriter {
 public:
  AdjustedDay() : RecordWriter(TownRecords()) {}

  void Write();

 private:
  jv1::Entry EntryOf(absl::string_view name) const { return records[TownRecord(name) - 1].entry(); }
  static void Post(jv1::Entry& entry, jv1::AccountKind kind, std::int64_t points) {
    jv1::Posting& posting = *entry.add_postings();
    posting.set_kind(kind);
    if (kind == jv1::ACCOUNT_KIND_WALLET) {
      posting.set_member(entry.member());
    } else {
      posting.set_owner(kAdjustedMerchant);
    }
    posting.set_origin(1);
    posting.set_points(points);
  }
  // The fee of the sale becomes `points` less.
  void Adjust(absl::string_view line, absl::string_view sale, std::int64_t points);
  // 200 points go back to whoever spent them at `line`, and `fee` to the merchant.
  jv1::Entry& GiveBack(absl::string_view line, std::int64_t fee);
  template <class Cause>
  static void Tell(Cause& cause, absl::string_view sale, std::int64_t fee) {
    cause.mutable_till()->set_merchant(kAdjustedMerchant);
    cause.mutable_till()->set_terminal(5);
    cause.mutable_till()->set_batch_number(1);
    cause.mutable_till()->set_trace_number(200);
    cause.set_purchase(TownRecord(sale));
    cause.set_points(200);
    cause.set_fee(fee);
    cause.set_fee_basis_points(250);
    cause.set_discount_basis_points(100);
    cause.set_of_earlier_day(true);
  }
  void Open(jv1::Entry& entry);
  void Cut();

  jv1::BusinessDay day_;
};

void AdjustedDay::Open(jv1::Entry& entry) {
  // The one after the capture's.
  day_ = EntryOf("capture").opened_day();
  const std::int64_t days = (records.back().time_micros() - day_.start_micros()) / kDay;
  day_.set_day(day_.day() + static_cast<std::int32_t>(days));
  day_.set_start_micros(day_.start_micros() + days * kDay);
  day_.set_end_micros(day_.start_micros() + kDay);
  *entry.mutable_opened_day() = day_;
}

void AdjustedDay::Adjust(absl::string_view line, absl::string_view sale, std::int64_t points) {
  jv1::Entry& entry = *Add().mutable_entry();
  Post(entry, jv1::ACCOUNT_KIND_FEE, -points);
  Post(entry, jv1::ACCOUNT_KIND_PAYABLE, points);
  jv1::Adjustment& adjustment = *entry.mutable_adjustment();
  adjustment.set_merchant(kAdjustedMerchant);
  adjustment.set_day(EntryOf(line).opened_day().day());
  adjustment.set_line(TownRecord(line));
  adjustment.set_points(points);
  adjustment.set_person("王芳");
  adjustment.set_purchase(TownRecord(sale));
  if (day_.merchant() == 0) Open(entry);
}

jv1::Entry& AdjustedDay::GiveBack(absl::string_view line, std::int64_t fee) {
  jv1::Record& record = Add();
  jv1::Entry& entry = *record.mutable_entry();
  entry.set_member(EntryOf(line).member());
  Post(entry, jv1::ACCOUNT_KIND_WALLET, 200);
  Post(entry, jv1::ACCOUNT_KIND_PAYABLE, fee - 200);
  Post(entry, jv1::ACCOUNT_KIND_FEE, -fee);
  jv1::LotChange& change = *entry.add_lots();
  change = EntryOf(line).lots(0);
  change.set_points(200);
  change.set_held(0);
  change.set_day(static_cast<std::int32_t>(record.time_micros() / kDay));
  return entry;
}

// The lines and what they come to are written out.
void AdjustedDay::Cut() {
  const std::size_t first = TownRecords().size();
  const auto line = [&](std::size_t at, absl::string_view kind, absl::string_view rest) {
    const jv1::Record& record = records[first + at];
    return absl::StrCat(record.sequence(), ",", kind, ",", record.time_micros(), ",", rest, "\n");
  };
  const std::vector<std::string> lines = {
      line(0, "5", absl::StrCat(",0,0,", TownRecord("purchase"), ",2,0,0")),
      line(1, "3", absl::StrCat("t-1,1,200,", TownRecord("purchase"), ",-200,-2,-1")),
      line(2, "5", absl::StrCat(",0,0,", TownRecord("capture"), ",1,0,0")),
      line(3, "4", absl::StrCat("t-1,1,200,", TownRecord("authorisation"), ",-200,-3,-1"))};
  ledger::Sha256 sha256;
  ledger::Hash digest{};
  for (const std::string& each : lines) digest = sha256.Digest(ledger::AsBytes(digest), each);
  jv1::DayCut& cut = *Add(kDay).mutable_day_cut();
  cut.set_merchant(kAdjustedMerchant);
  *cut.mutable_day() = day_;
  cut.set_first_line(first + 1);
  cut.set_last_line(first + 4);
  cut.set_refund_lines(1);
  cut.set_reversal_lines(1);
  cut.set_adjustment_lines(2);
  cut.mutable_figures()->set_earlier_refunds(200);
  cut.mutable_figures()->set_reversals(200);
  cut.mutable_figures()->set_fees(-5);
  cut.mutable_figures()->set_discounts(-2);
  cut.mutable_figures()->set_adjustments(3);
  cut.set_payable_before(195);
  cut.set_digest(std::string(ledger::AsBytes(digest)));
}

// Of the purchase's fee of 10 points 5 went back with the first refund; of the capture's 5 none. Of
// what nothing is kept no adjustment is left.
void AdjustedDay::Write() {
  Adjust("purchase", "purchase", 2);
  jv1::Refund& refund = *GiveBack("purchase", 3).mutable_refund();
  Tell(refund, "purchase", 3);
  refund.set_refunded(400);
  Adjust("capture", "authorisation", 1);
  Tell(*GiveBack("capture", 4).mutable_reversal(), "authorisation", 4);
  Cut();
}

}  // namespace

std::vector<jv1::Record> AdjustedTown() {
  AdjustedDay day;
  day.Write();
  return day.records;
}

}  // namespace puhui::audit
