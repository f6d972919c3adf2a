// SPDX-License-Identifier: Apache-2.0
#include "tests/linearizability/till_ledger.h"

#include "ledger/base/check.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/authorization_commands.h"
#include "merchant/app/queries.h"
#include "merchant/app/reverse_command.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include "absl/strings/str_cat.h"

#include <utility>
#include <vector>

namespace puhui::testing {
namespace {

namespace jv1 = journal::v1;

constexpr std::uint32_t kOrigin = 1;

MemberId MemberOf(std::uint64_t wallet) { return MemberId(1, wallet); }
ledger::Tag CardOf(std::uint64_t wallet) { return TagOf(wallet << 8U | 0xCA); }
// Of all wallets, so that no two calls of a ledger share one.
std::uint64_t RequestNumber(std::uint64_t wallet, std::uint32_t request) {
  return wallet << 32U | request;
}

TillOutput OutputOf(const jv1::Record& record) {
  TillOutput output{.record = record.sequence()};
  if (record.has_declined()) {
    output.declined = ledger::ReasonFromNumber(record.declined().reason());
    output.points = record.declined().available();
    return output;
  }
  if (record.has_tombstone()) {
    output.reference = record.tombstone().purchase();
    return output;
  }
  const jv1::Entry& entry = record.entry();
  output.reference = record.sequence();
  if (entry.has_purchase()) {
    output.points = entry.purchase().points();
  } else if (entry.has_authorization()) {
    output.points = entry.authorization().points();
  } else if (entry.has_capture()) {
    output.reference = entry.capture().authorization();
    output.points = entry.capture().points();
  } else if (entry.has_voided()) {
    output.reference = entry.voided().authorization();
    output.points = entry.voided().points();
  } else if (entry.has_refund()) {
    output.reference = entry.refund().purchase();
    output.points = entry.refund().points();
  } else {
    PUHUI_CHECK(entry.has_reversal());
    output.reference = entry.reversal().purchase();
    output.points = entry.reversal().points();
  }
  return output;
}

}  // namespace

std::uint64_t TillLedger::AddWallet(std::int64_t points) {
  const std::uint64_t wallet = ++wallets_;
  const absl::Time expiry = shop_.now() + absl::Hours(24 * 365);
  shop_.Set(Always([&](ledger::Decision& decision) {
    AddMember(MemberOf(wallet), CardOf(wallet), decision);
    AddFunding(kOrigin, points, decision);
    const auto campaign = static_cast<std::uint32_t>(wallet);
    AddCampaign({.number = campaign, .origin = kOrigin, .expiry = expiry}, decision);
    AddApproval(campaign, kOrigin, points, decision);
    const std::int64_t first = points / 3;
    std::uint32_t lot = 0;
    for (const std::int64_t part : {first, points - first}) {
      AddGrant({.campaign = campaign,
                .origin = kOrigin,
                .member = MemberOf(wallet),
                .lot = ++lot,
                .points = part,
                .expiry = expiry},
               decision);
    }
  }));
  return wallet;
}

TillOutput TillLedger::Ask(std::uint64_t wallet, const TillInput& input) {
  if (input.verb == Verb::kLook) return Look(input.reference);
  if (input.verb == Verb::kBalance) return Balance(wallet);
  return Carry(wallet, input);
}

std::unique_ptr<ledger::Command> TillLedger::CommandFor(std::uint64_t wallet,
                                                        const TillInput& input) {
  const merchant::TillState state{&shop_.books().merchant, &shop_.books().views};
  const merchant::TillCall call{.merchant_id = ShopLedger::kMerchant,
                                .terminal_id = absl::StrCat("t-", input.terminal),
                                .batch_number = static_cast<std::uint32_t>(wallet),
                                .trace_number = input.trace,
                                .local_time = shop_.now()};
  const auto points = Points::FromStored(input.points);
  const merchant::SpendCommand::Wish wish{
      .card = CardOf(wallet), .points = points, .authorization_code = "A1B2C3"};
  switch (input.verb) {
    case Verb::kPurchase:
      return std::make_unique<merchant::PurchaseCommand>(state, call, wish);
    case Verb::kAuthorize:
      return std::make_unique<merchant::AuthorizeCommand>(state, call, wish, absl::Hours(24));
    case Verb::kCapture:
      return std::make_unique<merchant::CaptureCommand>(state, call, input.reference, points);
    case Verb::kVoid:
      return std::make_unique<merchant::VoidCommand>(state, call, input.reference);
    case Verb::kRefund:
      return std::make_unique<merchant::RefundCommand>(state, call, input.reference, points);
    case Verb::kReverseByRequest:
      return std::make_unique<merchant::ReverseCommand>(
          state, call,
          merchant::ReverseCommand::Original{
              .request_id = RequestOf(RequestNumber(wallet, input.original)).request_id});
    case Verb::kReverseByKeys:
      return std::make_unique<merchant::ReverseCommand>(
          state, call,
          merchant::ReverseCommand::Original{.batch_number = call.batch_number,
                                             .trace_number = input.original});
    case Verb::kLook:
    case Verb::kBalance:
      break;
  }
  PUHUI_CHECK(false);
  return nullptr;
}

TillOutput TillLedger::Carry(std::uint64_t wallet, const TillInput& input) {
  const absl::StatusOr<ledger::Outcome> outcome =
      shop_.Run(CommandFor(wallet, input), RequestNumber(wallet, input.request),
                /*lend=*/input.request % 2 != 0);
  PUHUI_CHECK_OK(outcome.status());
  return OutputOf(outcome->first());
}

// Two reads and yet one moment: an authorisation that is none, or has been captured, stays so.
TillOutput TillLedger::Look(Sequence reference) const {
  const auto held = merchant::FindAuthorization(shop_.latest(), reference);
  PUHUI_CHECK_OK(held.status());
  if (held->has_value() && (*held)->state != merchant::AuthorizationState::kCaptured) {
    const bool voided = (*held)->state == merchant::AuthorizationState::kVoided;
    return {.reference = reference,
            .points = (*held)->points,
            .standing = voided ? Standing::kVoided : Standing::kHeld};
  }
  const auto purchase = merchant::FindPurchase(shop_.latest(), reference);
  PUHUI_CHECK_OK(purchase.status());
  if (!purchase->has_value()) return {};
  const bool reversed = (*purchase)->state == merchant::PurchaseState::kReversed;
  return {.reference = reference,
          .points = (*purchase)->points,
          .more = (*purchase)->refunded,
          .standing = reversed ? Standing::kReversed : Standing::kPurchase};
}

TillOutput TillLedger::Balance(std::uint64_t wallet) const {
  const auto row = ledger::Find(shop_.latest(), ledger::kWalletTable, MemberOf(wallet));
  PUHUI_CHECK_OK(row.status());
  PUHUI_CHECK(row->has_value());
  const std::int64_t held = (*row)->HeldPoints();
  return {.points = (*row)->TotalPoints() - held, .more = held};
}

}  // namespace puhui::testing
