// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/applier.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/entries.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::merchant {

namespace jv1 = journal::v1;

namespace {

absl::Status CheckRate(std::uint32_t basis_points) {
  if (BasisPoints::FromRequest(basis_points, "fee").ok()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("a fee of ", basis_points, " basis points"));
}

}  // namespace

absl::Status MerchantApplier::Apply(const jv1::Record& record) {
  if (record.has_entry()) return ApplyEntry(record);
  if (record.has_merchant_registered()) return ApplyMerchant(record);
  if (record.has_store_created()) {
    const jv1::StoreCreated& created = record.store_created();
    tables_.stores.Put(
        {MerchantNumber{created.merchant()}, created.id()},
        StoreRow{.display_name = created.display_name(), .region = created.region()});
  }
  if (record.has_terminal_enrolled()) ApplyTerminal(record.terminal_enrolled());
  if (record.has_terminal_blocked()) {
    tables_.terminals.Edit(TerminalNumber{record.terminal_blocked().terminal()}).state =
        TerminalState::kBlocked;
  }
  if (record.has_declined()) {
    NoteCall(record.declined().till(), TillOutcome::kDeclined, record.sequence());
  }
  if (record.has_tombstone()) ApplyTombstone(record);
  return absl::OkStatus();
}

absl::Status MerchantApplier::ApplyEntry(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  switch (entry.cause_case()) {
    case jv1::Entry::kPurchase:
      PUHUI_RETURN_IF_ERROR(OpenPurchase(record, entry.purchase()));
      NoteCall(entry.purchase().till(), TillOutcome::kPurchase, record.sequence());
      return absl::OkStatus();
    case jv1::Entry::kRefund: {
      const jv1::Refund& refund = entry.refund();
      PUHUI_RETURN_IF_ERROR(GiveBack(refund.purchase(), refund.points(), refund.fee(), false));
      NoteCall(refund.till(), TillOutcome::kRefund, record.sequence());
      return absl::OkStatus();
    }
    case jv1::Entry::kReversal:
      PUHUI_RETURN_IF_ERROR(Reverse(record));
      NoteCall(entry.reversal().till(), TillOutcome::kReversal, record.sequence());
      return absl::OkStatus();
    case jv1::Entry::kAuthorization:
      PUHUI_RETURN_IF_ERROR(OpenAuthorization(record));
      NoteCall(entry.authorization().till(), TillOutcome::kAuthorization, record.sequence());
      return absl::OkStatus();
    case jv1::Entry::kCapture:
      PUHUI_RETURN_IF_ERROR(Capture(record));
      NoteCall(entry.capture().till(), TillOutcome::kCapture, record.sequence());
      return absl::OkStatus();
    case jv1::Entry::kVoided:
      PUHUI_RETURN_IF_ERROR(
          EndAuthorization(record, entry.voided().authorization(), AuthorizationState::kVoided));
      NoteCall(entry.voided().till(), TillOutcome::kVoid, record.sequence());
      return absl::OkStatus();
    case jv1::Entry::kAuthorizationExpiry:
      return EndAuthorization(record, entry.authorization_expiry().authorization(),
                              AuthorizationState::kExpired);
    case jv1::Entry::kFunding:  // The issuing side's.
    case jv1::Entry::kApproval:
    case jv1::Entry::kGrant:
    case jv1::Entry::kExpiry:
    case jv1::Entry::kReturned:
    case jv1::Entry::kLotReturned:
    case jv1::Entry::kClawedBack:
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
                  .card_last_four = purchase.card_last_four()};
  PUHUI_ASSIGN_OR_RETURN(row.day, CountedDayOf(entry));
  row.taken.reserve(static_cast<std::size_t>(entry.lots_size()));
  for (const jv1::LotChange& change : entry.lots()) {
    if (change.points() != 0) row.taken.push_back(SliceOf(change, -change.points()));
  }
  const Sequence key = entry.has_capture() ? purchase.authorization() : record.sequence();
  tables_.purchases.Put(key, std::move(row));
  return absl::OkStatus();
}

// Invariant 6: refunds never exceed what was captured.
absl::Status MerchantApplier::GiveBack(Sequence purchase, std::int64_t points, std::int64_t fee,
                                       bool reversed) {
  PurchaseRow& row = tables_.purchases.Edit(purchase);
  row.refunded += points;
  row.fee -= fee;
  if (row.refunded > row.points || row.state == PurchaseState::kReversed) {
    return absl::DataLossError(absl::StrCat("gives back ", row.refunded, " of ", row.points,
                                            " points of purchase ", purchase));
  }
  if (reversed) {
    row.state = PurchaseState::kReversed;
  } else {
    row.state =
        row.refunded == row.points ? PurchaseState::kRefunded : PurchaseState::kPartlyRefunded;
  }
  return absl::OkStatus();
}

absl::Status MerchantApplier::ApplyMerchant(const jv1::Record& record) {
  const jv1::MerchantRegistered& registered = record.merchant_registered();
  PUHUI_RETURN_IF_ERROR(CheckRate(registered.fee_basis_points()));
  const MerchantNumber number{registered.number()};
  tables_.merchants.Put(
      number, MerchantRow{.id = registered.id(),
                          .display_name = registered.display_name(),
                          .category = registered.category(),
                          .fee_rate = BasisPoints::FromStored(registered.fee_basis_points()),
                          .create_time = absl::FromUnixMicros(record.time_micros())});
  tables_.merchant_ids.Put(registered.id(), number);
  tables_.counts.Put(kMerchantCount, registered.number());
  return absl::OkStatus();
}

void MerchantApplier::ApplyTerminal(const jv1::TerminalEnrolled& enrolled) {
  const TerminalNumber number{enrolled.number()};
  const MerchantNumber merchant{enrolled.merchant()};
  tables_.terminals.Put(
      number, TerminalRow{.merchant = merchant, .store = enrolled.store(), .id = enrolled.id()});
  tables_.terminal_ids.Put({merchant, enrolled.id()}, number);
  tables_.counts.Put(kTerminalCount, enrolled.number());
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
    NoteCall(original, TillOutcome::kTombstone, record.sequence());
  }
  // After the original: tills may reverse under the original's own trace number.
  NoteCall(tombstone.till(), TillOutcome::kReversal, record.sequence());
}

// The first outcome stays: a call declined because its trace number was used must not hide the one
// that used it.
void MerchantApplier::NoteCall(const jv1::Till& till, TillOutcome outcome, Sequence sequence) {
  const TillKey key{TerminalNumber{till.terminal()}, till.batch_number(), till.trace_number()};
  if (tables_.till_calls.Find(key) == nullptr) tables_.till_calls.Put(key, {outcome, sequence});
}

}  // namespace puhui::merchant
