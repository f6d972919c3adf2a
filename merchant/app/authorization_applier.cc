// SPDX-License-Identifier: Apache-2.0
// The applier's second half: authorisations and what they end in.
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "merchant/app/applier.h"
#include "merchant/app/entries.h"

#include "absl/strings/str_cat.h"

#include <utility>
#include <vector>

namespace puhui::merchant {

namespace jv1 = journal::v1;
using ledger::TimeOf;

namespace {

ledger::TimerKey ExpiryTimer(absl::Time expiry) {
  return {expiry, ledger::kTimerAuthorizations, 0};
}

// An authorisation ends in one entry, which lets go of all that it held and takes no more than
// that.
absl::Status CheckLetGo(const AuthorizationRow& row, const jv1::Entry& entry) {
  bool whole = static_cast<std::size_t>(entry.lots_size()) == row.taken.size();
  for (std::size_t i = 0; whole && i < row.taken.size(); ++i) {
    const ledger::LotSlice& held = row.taken[i];
    const jv1::LotChange& change = entry.lots(static_cast<int>(i));
    whole = LotNumber{change.lot()} == held.lot && change.held() == -held.points &&
            change.points() <= 0 && change.points() >= -held.points;
  }
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<absl::CivilDay> day, CountedDayOf(entry));
  whole = whole && day == row.day;
  if (whole && entry.member() == row.member.ToBytes()) return absl::OkStatus();
  return absl::DataLossError("lets go of other points than an authorisation held");
}

// A capture has the lines of its authorisation, none with more than was held for it.
absl::Status CheckCaptured(const std::vector<PaidLine>& held,
                           const google::protobuf::RepeatedPtrField<jv1::BasketLine>& stored) {
  const std::vector<PaidLine> captured = PaidLinesOf(stored);
  bool same = captured.size() == held.size();
  for (std::size_t i = 0; same && i < held.size(); ++i) {
    same = captured[i].category == held[i].category && captured[i].region == held[i].region &&
           captured[i].points == held[i].points && captured[i].Paid() <= held[i].Paid();
  }
  if (same) return absl::OkStatus();
  return absl::DataLossError("captures other lines than were authorised");
}

}  // namespace

absl::Status MerchantApplier::OpenAuthorization(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  const jv1::Authorization& authorization = entry.authorization();
  if (entry.member().empty()) return absl::DataLossError("an authorisation without its member");
  AuthorizationRow row{.merchant = MerchantNumber{authorization.till().merchant()},
                       .terminal = TerminalNumber{authorization.till().terminal()},
                       .batch_number = authorization.till().batch_number(),
                       .trace_number = authorization.till().trace_number(),
                       .member = MemberId::FromBytes(entry.member()),
                       .points = authorization.points(),
                       .time = TimeOf(record),
                       .expiry = absl::FromUnixMicros(authorization.expire_time_micros()),
                       .authorization_code = authorization.authorization_code(),
                       .card_last_four = authorization.card_last_four(),
                       .asked = authorization.asked_points()};
  PUHUI_ASSIGN_OR_RETURN(row.day, CountedDayOf(entry));
  row.taken.reserve(static_cast<std::size_t>(entry.lots_size()));
  for (const jv1::LotChange& change : entry.lots()) {
    row.taken.push_back(SliceOf(change, change.held()));
  }
  row.lines = PaidLinesOf(authorization.lines());
  PUHUI_RETURN_IF_ERROR(CheckLines(row.lines, row.taken));
  ++tables_.held.Edit(row.merchant);
  tables_.expiring.Put({row.expiry, record.sequence()}, true);
  if (++tables_.expiring_counts.Edit(row.expiry) == 1) {
    views_.timers.Put(ExpiryTimer(row.expiry), true);
  }
  tables_.authorizations.Put(record.sequence(), std::move(row));
  return absl::OkStatus();
}

absl::Status MerchantApplier::Capture(const jv1::Record& record) {
  const jv1::Purchase& capture = record.entry().capture();
  PUHUI_RETURN_IF_ERROR(
      EndAuthorization(record, capture.authorization(), AuthorizationState::kCaptured));
  AuthorizationRow& row = tables_.authorizations.Edit(capture.authorization());
  PUHUI_RETURN_IF_ERROR(CheckCaptured(row.lines, capture.lines()));
  row.lines = {};  // They are the purchase's.
  tables_.captures.Put(record.sequence(), capture.authorization());
  return OpenPurchase(record, capture);
}

// Invariant 6: an authorisation ends exactly once, and is captured in its time or not at all.
absl::Status MerchantApplier::EndAuthorization(const jv1::Record& record, Sequence authorization,
                                               AuthorizationState end) {
  const AuthorizationRow* known = tables_.authorizations.Find(authorization);
  const bool held = known != nullptr && known->state == AuthorizationState::kHeld;
  const bool over = held && known->StateAt(TimeOf(record)) == AuthorizationState::kExpired;
  if (!held || (over && end == AuthorizationState::kCaptured) ||
      (!over && end == AuthorizationState::kExpired)) {
    return absl::DataLossError(
        absl::StrCat("ends authorisation ", authorization, ", which cannot end so"));
  }
  AuthorizationRow& row = tables_.authorizations.Edit(authorization);
  PUHUI_RETURN_IF_ERROR(CheckLetGo(row, record.entry()));
  row.state = end;
  row.taken = {};
  if (--tables_.held.Edit(row.merchant) == 0) tables_.held.Erase(row.merchant);
  tables_.expiring.Erase({row.expiry, authorization});
  if (--tables_.expiring_counts.Edit(row.expiry) == 0) {
    tables_.expiring_counts.Erase(row.expiry);
    views_.timers.Erase(ExpiryTimer(row.expiry));
  }
  return absl::OkStatus();
}

absl::Status MerchantApplier::Reverse(const jv1::Record& record) {
  const jv1::Reversal& reversal = record.entry().reversal();
  const AuthorizationRow* known = tables_.authorizations.Find(reversal.purchase());
  if (known != nullptr && known->state == AuthorizationState::kHeld) {
    return EndAuthorization(record, reversal.purchase(), AuthorizationState::kVoided);
  }
  PUHUI_RETURN_IF_ERROR(GiveBack(reversal.purchase(), reversal.points(), reversal.fee(), true));
  tables_.purchases.Edit(reversal.purchase()).fee_adjustments =
      AdjustmentsOf(reversal.fee_adjustments());
  return absl::OkStatus();
}

}  // namespace puhui::merchant
