// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/declined.h"

#include "ledger/base/limits.h"
#include "ledger/core/refusal.h"
#include "merchant/app/limits.h"
#include "merchant/app/mall_call_commands.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace puhui::services {

absl::Status DeclinedStatus(const journal::v1::Declined& declined) {
  const ledger::Reason reason = ledger::ReasonFromNumber(declined.reason());
  ledger::Refusal refusal{.reason = reason};
  if (reason == ledger::Reason::kInsufficientPoints ||
      reason == ledger::Reason::kRefundAbovePurchase ||
      reason == ledger::Reason::kCaptureAboveAuthorization) {
    refusal.field = "points";
    refusal.message = absl::StrCat("want ", declined.points(), " points, ", declined.available(),
                                   " are available");
    refusal.metadata = {{"available", absl::StrCat(declined.available())}};
    if (declined.line() > 0) {
      refusal.field = absl::StrCat("lines[", declined.line() - 1, "].points");
    }
  }
  if (reason == ledger::Reason::kCaptureAboveAuthorization) {
    absl::StrAppend(&refusal.message, "; a tip has to be authorised before");
  }
  if (reason == ledger::Reason::kCardNotFound) {
    refusal.field = "card_number";
    refusal.message = "there is no card with this number";
  }
  if (reason == ledger::Reason::kBatchClosed) {
    refusal.field = declined.bill() == 0 ? "till.batch_number" : "qr_text";
    refusal.message = "the batch is closed; want the next one";
  }
  if (reason == ledger::Reason::kBillsPerTerminalLimit) {
    refusal.message = absl::StrCat("a terminal has at most ", kBillsPerTerminalMax, " bills");
    refusal.metadata = {{"bills_max", absl::StrCat(kBillsPerTerminalMax)}};
  }
  if (reason == ledger::Reason::kRefundWindowClosed) {
    refusal.message =
        absl::StrCat("a purchase is refunded within ", kRefundWindow / absl::Hours(24), " days");
  }
  if (reason == ledger::Reason::kLineNotAllowed) {
    refusal.field = absl::StrCat("lines[", declined.line() - 1, "]");
    refusal.message = "the merchant's tills may name no category or region but its own";
    refusal.metadata = {{"line", absl::StrCat(declined.line() - 1)}};
  }
  if (reason == ledger::Reason::kOfferNotFound) {
    refusal.field = "offer";
    refusal.message = "the merchant has no such offer";
  } else if (declined.offer() != 0 && refusal.field.empty()) {
    refusal.field = "offer";
  }
  if (reason == ledger::Reason::kLotsPerPurchaseLimit) {
    refusal.field = "points";
    refusal.message =
        absl::StrCat("one purchase takes from at most ", kLotsPerPurchaseMax,
                     " lots and has at most ", kPostingsPerEntryMax, " postings; ask for less");
    refusal.metadata = {{"lots_max", absl::StrCat(kLotsPerPurchaseMax)},
                        {"postings_max", absl::StrCat(kPostingsPerEntryMax)}};
  }
  if (reason == ledger::Reason::kAuthorizationsPerWalletLimit) {
    refusal.message =
        absl::StrCat("a member has at most ", kAuthorizationsPerWalletMax, " open authorisations");
    refusal.metadata = {{"authorizations_max", absl::StrCat(kAuthorizationsPerWalletMax)}};
  }
  if (const auto subject = merchant::SubjectOf(reason)) {
    refusal = merchant::RefuseLimit(*subject,
                                    static_cast<merchant::LimitWindow>(declined.limit().window()),
                                    declined.limit().of_points());
  }
  if (reason == ledger::Reason::kMallLimit) {
    const bool of_day =
        declined.limit().window() == static_cast<std::uint32_t>(merchant::LimitWindow::kDay);
    refusal = merchant::RefuseMallLimit(of_day ? merchant::MallWindow::kDay
                                               : merchant::MallWindow::kPayment);
  }
  return ledger::ToStatus(refusal);
}

}  // namespace puhui::services
