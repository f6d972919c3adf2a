// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/spending.h"

#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::merchant {

using ledger::LotSlice;
using ledger::Reason;
using ledger::Refusal;

absl::CivilDay DayAtMerchant(absl::Time now) {
  static const auto* const zone = new absl::TimeZone(absl::FixedTimeZone(8 * 60 * 60));
  return absl::ToCivilDay(now, *zone);
}

ledger::Line LineAt(const SellingPlace& place, absl::Time now) {
  return {.now = now,
          .day = DayAtMerchant(now),
          .merchant = place.merchant,
          .category = place.category,
          .region = place.region};
}

absl::optional<Refusal> RefuseMerchant(MerchantState state) {
  if (state == MerchantState::kActive) return absl::nullopt;
  return Refusal{.reason = Reason::kMerchantNotActive, .message = "the merchant is suspended"};
}

absl::optional<Refusal> RefuseSpender(ledger::WalletState wallet, ledger::CardState card) {
  if (wallet != ledger::WalletState::kActive) {
    return Refusal{.reason = Reason::kMemberNotActive, .message = "the member is not active"};
  }
  if (card == ledger::CardState::kActive) return absl::nullopt;
  return Refusal{
      .reason = Reason::kCardBlocked, .field = "card_number", .message = "the card is blocked"};
}

absl::variant<Payment, Refusal> ChoosePayment(const ledger::Wallet& wallet,
                                              const ledger::Spend& spend, const Parties& parties,
                                              ledger::TermsReader& terms) {
  auto chosen = ledger::ChooseLots(wallet, spend, terms);
  if (Refusal* refusal = absl::get_if<Refusal>(&chosen)) return std::move(*refusal);
  Payment payment{.slices = absl::get<std::vector<LotSlice>>(std::move(chosen))};
  payment.postings = PurchasePostings(parties, payment.slices);
  if (payment.postings.size() <= kPostingsPerEntryMax) return payment;
  return Refusal{.reason = Reason::kLotsPerPurchaseLimit,
                 .message = absl::StrCat("the points come from too many unions: want ",
                                         payment.postings.size(),
                                         " postings, an entry has at most ", kPostingsPerEntryMax)};
}

}  // namespace puhui::merchant
