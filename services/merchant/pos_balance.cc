// SPDX-License-Identifier: Apache-2.0
// The service's fourth part: what a member could spend at a till.
#include "issuing/app/vault.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/inquire_card_command.h"
#include "merchant/app/queries.h"
#include "merchant/app/spending.h"
#include "services/ledger/counter.h"
#include "services/ledger/declined.h"
#include "services/merchant/pos_convert.h"
#include "services/merchant/pos_service.h"
#include "services/merchant/pos_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <cstdint>
#include <memory>

namespace puhui::services {
namespace {

using ledger::Reason;

// Refuses: kUnknownTerminal, as CounterOf.
absl::StatusOr<Counter> FindCounter(const ledger::Readable& store, const TerminalName& name) {
  PUHUI_ASSIGN_OR_RETURN(const auto number, merchant::FindTerminal(store, name.merchant_id.text(),
                                                                   name.terminal_id.text()));
  if (!number.has_value()) {
    return ledger::ToStatus({.reason = Reason::kUnknownTerminal, .field = "terminal"});
  }
  return CounterOf(store, *number);
}

}  // namespace

void PosService::ServeInquireBalance(Calls& calls) {
  calls.UnaryLater(
      Rpc::kInquireBalance, wire_.get(), &Wire::RequestInquireBalance,
      [this](const CallContext& call, const v1::InquireBalanceRequest& asked,
             v1::InquireBalanceResponse* answer, Completion done) {
        MaybeCommand command = ReadInquireBalance(call, asked);
        if (!command.ok()) return done(command.status());
        RunCommand(parts_.ledger, *std::move(command), answer, std::move(done),
                   [this, &asked](const ledger::Outcome& outcome, v1::InquireBalanceResponse* out) {
                     if (!outcome.empty()) return DeclinedStatus(outcome.first().declined());
                     return BuildBalance(asked, out);
                   });
      });
}

ledger::Tag PosService::CardTag(absl::string_view card_number) const {
  return ledger::TagFromBytes(parts_.card_key->Tag16("card", card_number));
}

PosService::MaybeCommand PosService::ReadInquireBalance(
    const CallContext& call, const v1::InquireBalanceRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name,
                         ParseTerminalName(request.terminal(), "terminal"));
  PUHUI_RETURN_IF_ERROR(CheckCardNumber(request.card_number()));
  PUHUI_RETURN_IF_ERROR(AllowTerminal(call.principal(), name.merchant_id, name.terminal_id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const Counter counter, FindCounter(*store, name));
  auto command = std::make_unique<merchant::InquireCardCommand>(
      parts_.state, counter.number,
      merchant::ShownCard{.hash = CardTag(request.card_number()),
                          .foreign = !issuing::IsOwnCardNumber(request.card_number())});
  command->deadline = call.deadline();
  return command;
}

// Of a card that there is.
absl::Status PosService::BuildBalance(const v1::InquireBalanceRequest& request,
                                      v1::InquireBalanceResponse* response) const {
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name,
                         ParseTerminalName(request.terminal(), "terminal"));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const Counter counter, FindCounter(*store, name));
  const ledger::Tag tag = CardTag(request.card_number());
  PUHUI_ASSIGN_OR_RETURN(const auto card, ledger::Find(*store, ledger::kCardTable, tag));
  if (!card.has_value()) return absl::DataLossError("a card that was found is missing");
  PUHUI_ASSIGN_OR_RETURN(const auto wallet,
                         ledger::Find(*store, ledger::kWalletTable, card->member));
  if (!wallet.has_value()) return absl::DataLossError("a member's wallet is missing");
  if (const auto refusal = merchant::RefuseSpender(wallet->state, card->state)) {
    return ledger::ToStatus(*refusal);
  }
  PUHUI_ASSIGN_OR_RETURN(
      const std::int64_t available,
      AvailableAt(*store, counter, card->member, tag, parts_.ledger.engine->Now()));
  response->set_available_points(available);
  response->set_masked_card(MaskedCard(wallet->card_last_four));
  return absl::OkStatus();
}

}  // namespace puhui::services
