// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/applier.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/entries.h"
#include "merchant/app/store_location_commands.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;

namespace {

TillKey KeyOf(const jv1::Till& till) {
  return {TerminalNumber{till.terminal()}, till.batch_number(), till.trace_number()};
}

}  // namespace

absl::Status MerchantApplier::Apply(const jv1::Record& record) {
  PUHUI_RETURN_IF_ERROR(bills_.Apply(record));
  PUHUI_RETURN_IF_ERROR(codes_.Apply(record));
  PUHUI_RETURN_IF_ERROR(devices_.Apply(record));
  PUHUI_RETURN_IF_ERROR(enrolment_.Apply(record));
  PUHUI_RETURN_IF_ERROR(limits_.Apply(record));
  PUHUI_RETURN_IF_ERROR(offers_.Apply(record));
  PUHUI_RETURN_IF_ERROR(statements_.Apply(record));
  PUHUI_RETURN_IF_ERROR(disputes_.Apply(record));
  PUHUI_RETURN_IF_ERROR(orders_.Apply(record));
  PUHUI_RETURN_IF_ERROR(bank_accounts_.Apply(record));
  PUHUI_RETURN_IF_ERROR(payouts_.Apply(record));  // After the statements that are paid.
  PUHUI_RETURN_IF_ERROR(malls_.Apply(record));    // Likewise, and before the till's calls.
  PUHUI_RETURN_IF_ERROR(offer_figures_.Apply(record));
  if (record.has_entry()) return ApplyEntry(record);
  // A question for a balance is no call that a till repeats or reverses.
  if (record.declined().till().trace_number() != 0) {
    NoteCall(record.declined().till(), {TillOutcome::kDeclined, record.sequence()});
  }
  if (record.has_tombstone()) ApplyTombstone(record);
  if (record.has_bill_cancelled()) {
    NoteCall(record.bill_cancelled().till(), {TillOutcome::kReversal, record.sequence()});
  }
  if (record.has_voucher_redeemed()) {
    NoteCall(record.voucher_redeemed().till(), {TillOutcome::kVoucher, record.sequence()});
  }
  if (record.has_batch_closed()) PUHUI_RETURN_IF_ERROR(CloseBatch(record));
  if (record.has_store_located()) {
    PUHUI_RETURN_IF_ERROR(ApplyStoreLocated(tables_, record.store_located()));
  }
  return directory_.Apply(record);
}

absl::Status MerchantApplier::ApplyEntry(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  switch (entry.cause_case()) {
    case jv1::Entry::kPurchase:
      PUHUI_RETURN_IF_ERROR(OpenPurchase(record, entry.purchase()));
      Count(entry.purchase().till(),
            {TillOutcome::kPurchase, record.sequence(), entry.purchase().points()});
      return absl::OkStatus();
    case jv1::Entry::kRefund: {
      const jv1::Refund& refund = entry.refund();
      PUHUI_RETURN_IF_ERROR(GiveBack(refund.purchase(), refund.points(), refund.fee(), false));
      PUHUI_RETURN_IF_ERROR(GiveBackLines(refund));
      tables_.purchases.Edit(refund.purchase()).fee_adjustments =
          AdjustmentsOf(refund.fee_adjustments());
      Count(refund.till(), {TillOutcome::kRefund, record.sequence(), refund.points()});
      return absl::OkStatus();
    }
    case jv1::Entry::kReversal:
      PUHUI_RETURN_IF_ERROR(Reverse(record));
      Count(entry.reversal().till(),
            {TillOutcome::kReversal, record.sequence(), entry.reversal().points()});
      return absl::OkStatus();
    case jv1::Entry::kAuthorization:
      PUHUI_RETURN_IF_ERROR(OpenAuthorization(record));
      Count(entry.authorization().till(),
            {TillOutcome::kAuthorization, record.sequence(), entry.authorization().points()});
      return absl::OkStatus();
    case jv1::Entry::kCapture:
      PUHUI_RETURN_IF_ERROR(Capture(record));
      Count(entry.capture().till(),
            {TillOutcome::kCapture, record.sequence(), entry.capture().points()});
      return absl::OkStatus();
    case jv1::Entry::kVoided:
      PUHUI_RETURN_IF_ERROR(
          EndAuthorization(record, entry.voided().authorization(), AuthorizationState::kVoided));
      Count(entry.voided().till(),
            {TillOutcome::kVoid, record.sequence(), entry.voided().points()});
      return absl::OkStatus();
    case jv1::Entry::kAuthorizationExpiry:
      return EndAuthorization(record, entry.authorization_expiry().authorization(),
                              AuthorizationState::kExpired);
    case jv1::Entry::kAdjustment:
      return AdjustFee(entry);
    case jv1::Entry::kFunding:  // The issuing side's.
    case jv1::Entry::kApproval:
    case jv1::Entry::kGrant:
    case jv1::Entry::kExpiry:
    case jv1::Entry::kReturned:
    case jv1::Entry::kLotReturned:
    case jv1::Entry::kClawedBack:
    case jv1::Entry::kPayoutPaid:  // Applied with what merchants are paid.
    case jv1::Entry::kPayoutReturned:
    case jv1::Entry::CAUSE_NOT_SET:
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

// The lot changes say how much of which lot; what else a refund needs is copied from the purchase,
// because the lots may be gone by then.
absl::Status MerchantApplier::OpenPurchase(const jv1::Record& record,
                                           const jv1::Purchase& purchase) {
  const jv1::Entry& entry = record.entry();
  if (entry.member().empty()) return absl::DataLossError("a purchase without its member");
  PUHUI_RETURN_IF_ERROR(CheckRate(purchase.fee_basis_points()));
  PUHUI_RETURN_IF_ERROR(CheckRate(purchase.discount_basis_points()));
  PurchaseRow row{.merchant = MerchantNumber{purchase.till().merchant()},
                  .terminal = TerminalNumber{purchase.till().terminal()},
                  .batch_number = purchase.till().batch_number(),
                  .trace_number = purchase.till().trace_number(),
                  .member = MemberId::FromBytes(entry.member()),
                  .points = purchase.points(),
                  .fee = purchase.fee(),
                  .fee_rate = BasisPoints::FromStored(purchase.fee_basis_points()),
                  .time = absl::FromUnixMicros(record.time_micros()),
                  .authorization_code = purchase.authorization_code(),
                  .card_last_four = purchase.card_last_four(),
                  .asked = purchase.asked_points(),
                  .discount = BasisPoints::FromStored(purchase.discount_basis_points()),
                  .offer = OfferNumber{purchase.offer()},
                  .offer_discount = purchase.offer_discount_points()};
  PUHUI_ASSIGN_OR_RETURN(row.day, CountedDayOf(entry));
  row.taken.reserve(static_cast<std::size_t>(entry.lots_size()));
  for (const jv1::LotChange& change : entry.lots()) {
    if (change.points() != 0) row.taken.push_back(SliceOf(change, -change.points()));
  }
  row.lines = PaidLinesOf(purchase.lines());
  PUHUI_RETURN_IF_ERROR(CheckLines(row.lines, row.taken));
  tables_.purchases.Put(PurchaseKeyOf(record), std::move(row));
  return absl::OkStatus();
}

// Invariant 6: refunds never exceed what was captured.
absl::Status MerchantApplier::GiveBack(Sequence purchase, std::int64_t points, std::int64_t fee,
                                       bool reversed) {
  PurchaseRow& row = tables_.purchases.Edit(purchase);
  row.refunded += points;
  row.fee -= fee;
  if (row.refunded > row.points || row.fee < 0 || row.state == PurchaseState::kReversed) {
    return absl::DataLossError(absl::StrCat("gives back ", row.refunded, " of ", row.points,
                                            " points of purchase ", purchase));
  }
  if (reversed) {
    row.state = PurchaseState::kReversed;
    for (PaidLine& line : row.lines) line.refunded = line.Paid();
  } else {
    row.state =
        row.refunded == row.points ? PurchaseState::kRefunded : PurchaseState::kPartlyRefunded;
  }
  if (row.state != PurchaseState::kPartlyRefunded) return offers_.GiveBackUse(row);
  return absl::OkStatus();
}

absl::Status MerchantApplier::GiveBackLines(const jv1::Refund& refund) {
  PurchaseRow& row = tables_.purchases.Edit(refund.purchase());
  std::int64_t sum = 0;
  for (const jv1::LineRefund& back : refund.lines()) {
    if (back.line() >= row.lines.size()) return absl::DataLossError("a refund of no line");
    PaidLine& line = row.lines[back.line()];
    line.refunded += back.points();
    sum += back.points();
    if (line.refunded > line.Paid()) return absl::DataLossError("a line is given back twice");
  }
  if (sum == (row.lines.empty() ? 0 : refund.points())) return absl::OkStatus();
  return absl::DataLossError("the lines of a refund do not add up");
}

// Of the purchase, that no refund gives back once more what was adjusted.
absl::Status MerchantApplier::AdjustFee(const jv1::Entry& entry) {
  const jv1::Adjustment& adjustment = entry.adjustment();
  if (adjustment.purchase() == 0) return absl::OkStatus();
  const PurchaseRow* known = tables_.purchases.Find(adjustment.purchase());
  if (known == nullptr || entry.postings().empty()) {
    return absl::DataLossError("an adjustment of no purchase");
  }
  PurchaseRow& row = tables_.purchases.Edit(adjustment.purchase());
  row.fee -= adjustment.points();
  AddAdjustment({UnionNumber{entry.postings(0).origin()}, adjustment.points()},
                &row.fee_adjustments);
  if (row.fee >= 0 && row.fee <= row.points - row.refunded) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a fee of ", row.fee, " points on what is kept of ",
                                          "purchase ", adjustment.purchase()));
}

void MerchantApplier::ApplyTombstone(const jv1::Record& record) {
  const jv1::Tombstone& tombstone = record.tombstone();
  const bool missing = tombstone.purchase() == 0;  // Else nothing has to be kept out.
  if (missing && !tombstone.request_id().empty()) {
    tables_.tombstones.Put(views_.RequestKey(record.request().caller(), tombstone.request_id()),
                           record.sequence());
  } else if (missing) {
    jv1::Till original = tombstone.till();
    original.set_batch_number(tombstone.batch_number());
    original.set_trace_number(tombstone.trace_number());
    NoteCall(original, {TillOutcome::kTombstone, record.sequence()});
  }
  // After the original: tills may reverse under the original's own trace number.
  NoteCall(tombstone.till(), {TillOutcome::kReversal, record.sequence()});
}

// The first outcome stays: a call declined because its trace number was used must not hide the one
// that used it.
void MerchantApplier::NoteCall(const jv1::Till& till, const TillRow& call) {
  const TillKey key = KeyOf(till);
  if (tables_.FindCall(key) == nullptr) tables_.OpenCall(key, call);
}

}  // namespace puhui::merchant
