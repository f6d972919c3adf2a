// SPDX-License-Identifier: Apache-2.0
#include "tests/linearizability/offer_ledger.h"

#include "ledger/base/check.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/offer_commands.h"
#include "merchant/app/order_commands.h"
#include "merchant/app/place_order_command.h"
#include "merchant/app/voucher_commands.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::testing {
namespace {

constexpr std::int64_t kPointsEach = 10'000;

MemberId MemberOf(std::uint32_t offer, std::uint32_t buyer) { return MemberId(offer, buyer + 1); }
// The digits that an order's voucher gets.
merchant::FreshVoucher VoucherOf(Sequence order) {
  return {.digits = TagOf(order * 4 + 1), .sealed = "sealed"};
}

OfferOutput OutputOf(const absl::StatusOr<ledger::Outcome>& outcome) {
  OfferOutput output;
  if (!outcome.ok()) {
    const auto refusal = ledger::RefusalOf(outcome.status());
    PUHUI_CHECK(refusal.has_value());
    output.refused = refusal->reason;
    for (const auto& [key, value] : refusal->metadata) {
      if (key == "available") PUHUI_CHECK(absl::SimpleAtoi(value, &output.available));
    }
    return output;
  }
  const journal::v1::Record& record = outcome->first();
  if (record.has_declined()) {
    output.refused = ledger::ReasonFromNumber(record.declined().reason());
  } else if (record.entry().has_authorization()) {
    output.order = record.sequence();
  }
  return output;
}

}  // namespace

std::uint32_t OfferLedger::AddOffer() {
  const auto created = Run(std::make_unique<merchant::CreateOfferCommand>(
      merchant::OfferDesk{.tables = &shop_.books().merchant, .merchant_zone = absl::UTCTimeZone()},
      merchant::CreateOfferCommand::Wish{
          .merchant = *MerchantId::Parse(ShopLedger::kMerchant, "id"),
          .content = {.title = "cake",
                      .kind = merchant::OfferKind::kItem,
                      .price = 1,
                      .window = {.last_day = absl::CivilDay(2099, 1, 1)},
                      .per_member_limit = OfferModel::kLimit,
                      .fulfilments = {merchant::FulfilmentKind::kPickUp}},
          .stock = OfferModel::kStock}));
  PUHUI_CHECK_OK(created.status());
  const std::uint32_t number = created->first().offer_created().offer();
  PUHUI_CHECK_OK(
      Run(std::make_unique<merchant::MoveOfferCommand>(
              &shop_.books().merchant,
              merchant::MoveOfferCommand::Wish{.offer = merchant::OfferNumber{number},
                                               .state = merchant::OfferState::kPublished}))
          .status());
  for (std::uint32_t buyer = 0; buyer < OfferModel::kBuyers; ++buyer) AddBuyer(number, buyer);
  return number;
}

void OfferLedger::AddBuyer(std::uint32_t offer, std::uint32_t buyer) {
  const MemberId member = MemberOf(offer, buyer);
  const auto campaign = static_cast<std::uint32_t>(offer * OfferModel::kBuyers + buyer);
  const absl::Time expiry = shop_.now() + absl::Hours(24 * 365);
  PUHUI_CHECK_OK(Run(Always([&](ledger::Decision& decision) {
                   AddMember(member, TagOf(900'000 + campaign), decision);
                   AddFunding(1, kPointsEach, decision);
                   AddCampaign({.number = campaign, .origin = 1, .expiry = expiry}, decision);
                   AddApproval(campaign, 1, kPointsEach, decision);
                   AddGrant({.campaign = campaign,
                             .origin = 1,
                             .member = member,
                             .lot = 1,
                             .points = kPointsEach,
                             .expiry = expiry},
                            decision);
                 })).status());
}

OfferOutput OfferLedger::Ask(std::uint32_t offer, const OfferInput& input) {
  if (input.verb == OfferVerb::kLook) {
    const auto stock =
        ledger::Find(shop_.latest(), merchant::kOfferStockTable, merchant::OfferNumber{offer});
    PUHUI_CHECK_OK(stock.status());
    return {.available = (*stock)->available};
  }
  return OutputOf(Run(CommandFor(offer, input)));
}

std::unique_ptr<ledger::Command> OfferLedger::CommandFor(std::uint32_t offer,
                                                         const OfferInput& input) {
  const merchant::TillState state{
      .tables = &shop_.books().merchant, .views = &shop_.books().views, .profiles = &everybody_};
  const merchant::OrderCall by_merchant{
      .order = input.order, .merchant_id = ShopLedger::kMerchant, .person = "people/li"};
  switch (input.verb) {
    case OfferVerb::kPlace:
      return std::make_unique<merchant::PlaceOrderCommand>(
          state, merchant::PlaceOrderCommand::Wish{.member = MemberOf(offer, input.buyer),
                                                   .offer = merchant::OfferNumber{offer},
                                                   .version = 2,
                                                   .quantity = input.quantity,
                                                   .fulfilment = merchant::FulfilmentKind::kPickUp,
                                                   .store = "s-1",
                                                   .authorization_code = "A1B2C3"});
    case OfferVerb::kCancel:
      return std::make_unique<merchant::CancelOrderCommand>(
          state, merchant::OrderCall{.order = input.order, .member = MemberOf(offer, input.buyer)},
          "");
    case OfferVerb::kAccept:
      return std::make_unique<merchant::AcceptOrderCommand>(state, by_merchant,
                                                            VoucherOf(input.order));
    case OfferVerb::kGiveUp:
      return std::make_unique<merchant::CancelOrderCommand>(state, by_merchant, "none left");
    case OfferVerb::kRedeem:
      return std::make_unique<merchant::RedeemVoucherCommand>(
          state,
          merchant::TillCall{.merchant_id = ShopLedger::kMerchant,
                             .terminal_id = absl::StrCat("t-", input.buyer % 2 + 1),
                             .batch_number = 1,
                             .trace_number = ++traces_,
                             .local_time = shop_.now()},
          VoucherOf(input.order).digits);
    case OfferVerb::kLook:
      break;
  }
  PUHUI_CHECK(false);
  return nullptr;
}

absl::StatusOr<ledger::Outcome> OfferLedger::Run(std::unique_ptr<ledger::Command> command) {
  const std::uint64_t request = ++requests_;
  return shop_.Run(std::move(command), request, /*lend=*/request % 2 != 0);
}

}  // namespace puhui::testing
