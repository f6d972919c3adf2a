// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/spending.h"

#include "ledger/base/limits.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <utility>

namespace puhui::merchant {

using ledger::LotSlice;
using ledger::Reason;
using ledger::Refusal;

absl::CivilDay DayAtStore(absl::Time now, absl::string_view time_zone) {
  static const auto* const china = new absl::TimeZone(absl::FixedTimeZone(8 * 60 * 60));
  absl::TimeZone zone;  // Kept by the library once it was read.
  const bool known = !time_zone.empty() && absl::LoadTimeZone(time_zone, &zone);
  return absl::ToCivilDay(now, known ? zone : *china);
}

ledger::Line LineAt(const SellingPlace& place, const ledger::Wallet& wallet, absl::Time now) {
  absl::CivilDay day = DayAtStore(now, place.time_zone);
  for (const ledger::DaySpending& spent : wallet.day_spending) day = std::max(day, spent.day - 1);
  return {.now = now,
          .day = day,
          .merchant = place.merchant,
          .category = place.category,
          .region = place.region};
}

Charge MerchantRow::ChargeAt(absl::Time now) const {
  const Agreement* agreement = AgreementAt(agreements, now);
  if (agreement == nullptr) return {.rate = fee_rate};
  return {.rate = BasisPoints::FromStored(agreement->fee.value() + agreement->discount.value()),
          .discount = agreement->discount,
          .agreement = agreement->number};
}

bool MerchantRow::GoodsNamedAt(absl::Time now) const {
  const Agreement* agreement = AgreementAt(agreements, now);
  return agreement == nullptr ? goods_named : agreement->goods_named;
}

absl::optional<Refusal> RefuseMerchant(MerchantState state) {
  if (state == MerchantState::kActive) return absl::nullopt;
  return Refusal{.reason = Reason::kMerchantNotActive,
                 .message = "the merchant is suspended or was closed"};
}

absl::optional<Refusal> RefuseSpender(ledger::WalletState wallet, ledger::CardState card) {
  if (wallet != ledger::WalletState::kActive) {
    return Refusal{.reason = Reason::kMemberNotActive, .message = "the member is not active"};
  }
  if (card == ledger::CardState::kActive) return absl::nullopt;
  return Refusal{
      .reason = Reason::kCardBlocked, .field = "card_number", .message = "the card is blocked"};
}

absl::optional<Refusal> RefuseLines(const std::vector<ledger::BasketLine>& lines,
                                    const MerchantRow& merchant, std::uint32_t region,
                                    absl::Time now) {
  if (lines.empty() || merchant.GoodsNamedAt(now)) return absl::nullopt;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const ledger::BasketLine& line = lines[i];
    const bool is_of_category = line.category == 0 || line.category == merchant.category;
    if (is_of_category && (line.region == 0 || line.region == region)) continue;
    return Refusal{.reason = Reason::kLineNotAllowed,
                   .field = absl::StrCat("lines[", i, "]"),
                   .message = "the merchant's tills may name no category or region but its own",
                   .metadata = {{"line", absl::StrCat(i)}}};
  }
  return absl::nullopt;
}

std::vector<ledger::BasketLine> LinesAt(const ledger::Line& place,
                                        std::vector<ledger::BasketLine> lines) {
  for (ledger::BasketLine& line : lines) {
    if (line.category == 0) line.category = place.category;
    if (line.region == 0) line.region = place.region;
  }
  return lines;
}

namespace {

absl::variant<Reserved, Refusal> ChooseForLines(const ledger::Wallet& wallet,
                                                const ledger::BasketSpend& spend,
                                                ledger::TermsReader& terms) {
  auto chosen = ledger::ChooseForBasket(wallet, spend, terms);
  if (Refusal* refusal = absl::get_if<Refusal>(&chosen)) return std::move(*refusal);
  auto& basket = absl::get<ledger::BasketPayment>(chosen);
  Reserved reserved{.slices = std::move(basket.slices)};
  if (OriginsOf(reserved.slices) > kOriginsPerBasketMax) {
    return Refusal{.reason = Reason::kLotsPerPurchaseLimit,
                   .message = absl::StrCat("the points come from more than ", kOriginsPerBasketMax,
                                           " unions")};
  }
  for (std::size_t i = 0; i < spend.lines.size(); ++i) {
    const ledger::BasketLine& line = spend.lines[i];
    reserved.lines.push_back({.category = line.category,
                              .region = line.region,
                              .points = line.points,
                              .parts = std::move(basket.parts[i])});
  }
  return reserved;
}

}  // namespace

absl::variant<Reserved, Refusal> ChooseReserved(const ledger::Wallet& wallet,
                                                const ledger::Spend& spend,
                                                const std::vector<ledger::BasketLine>& lines,
                                                ledger::TermsReader& terms) {
  if (!lines.empty()) {
    return ChooseForLines(
        wallet, {.asked = spend.asked, .lines = lines, .accept_partial = spend.accept_partial},
        terms);
  }
  auto chosen = ledger::ChooseLots(wallet, spend, terms);
  if (Refusal* refusal = absl::get_if<Refusal>(&chosen)) return std::move(*refusal);
  return Reserved{.slices = absl::get<std::vector<LotSlice>>(std::move(chosen))};
}

absl::variant<Payment, Refusal> ChoosePayment(const ledger::Wallet& wallet,
                                              const ledger::Spend& spend,
                                              const std::vector<ledger::BasketLine>& lines,
                                              const Parties& parties, ledger::TermsReader& terms) {
  auto chosen = ChooseReserved(wallet, spend, lines, terms);
  if (Refusal* refusal = absl::get_if<Refusal>(&chosen)) return std::move(*refusal);
  Payment payment{absl::get<Reserved>(std::move(chosen))};
  payment.postings = PurchasePostings(parties, payment.slices);
  if (payment.postings.size() <= kPostingsPerEntryMax) return payment;
  return Refusal{.reason = Reason::kLotsPerPurchaseLimit,
                 .message = absl::StrCat("the points come from too many unions: want ",
                                         payment.postings.size(),
                                         " postings, an entry has at most ", kPostingsPerEntryMax)};
}

}  // namespace puhui::merchant
