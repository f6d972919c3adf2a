// SPDX-License-Identifier: Apache-2.0
// MerchantService: what becomes of terminals.
#include "ledger/base/status_macros.h"
#include "merchant/app/queries.h"
#include "merchant/app/terminal_life_commands.h"
#include "services/merchant/merchant_convert.h"
#include "services/merchant/merchant_wire.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <utility>

namespace puhui::services {
namespace {

using merchant::TerminalState;

// The terminal, and where the record says that it stands now.
absl::Status AnswerTerminal(const ledger::Readable& store, const journal::v1::Record& record,
                            v1::Terminal* out) {
  const bool blocked = record.has_terminal_blocked();
  const TerminalNumber number{blocked ? record.terminal_blocked().terminal()
                                      : record.terminal_state_changed().terminal()};
  PUHUI_ASSIGN_OR_RETURN(merchant::TerminalRow row, merchant::TerminalByNumber(store, number));
  row.state = blocked ? TerminalState::kBlocked
                      : static_cast<TerminalState>(record.terminal_state_changed().state());
  PUHUI_ASSIGN_OR_RETURN(const merchant::MerchantRow of,
                         merchant::MerchantByNumber(store, row.merchant));
  *out = TerminalOf(absl::StrCat("merchants/", of.id), row);
  return absl::OkStatus();
}

}  // namespace

template <class Request, class Response, class Method>
void MerchantService::ServeTerminalChange(Calls& calls, Rpc rpc, Method method,
                                          TerminalState state) {
  calls.UnaryLater(rpc, wire_.get(), method,
                   [this, state](const CallContext& call, const Request& asked, Response* answer,
                                 Completion done) {
                     RunForCall(parts_.ledger, call, asked, ReadTerminalChange(call, asked, state),
                                answer, std::move(done),
                                [this](const ledger::Outcome& outcome, Response* out) {
                                  return AnswerTerminal(parts_.ledger.engine->Latest(),
                                                        outcome.first(), out->mutable_terminal());
                                });
                   });
}

void MerchantService::ServeTerminalLife(Calls& calls) {
  using enum TerminalState;
  ServeTerminalChange<v1::BlockTerminalRequest, v1::BlockTerminalResponse>(
      calls, Rpc::kBlockTerminal, &Wire::RequestBlockTerminal, kBlocked);
  ServeTerminalChange<v1::UnblockTerminalRequest, v1::UnblockTerminalResponse>(
      calls, Rpc::kUnblockTerminal, &Wire::RequestUnblockTerminal, kActive);
  ServeTerminalChange<v1::RetireTerminalRequest, v1::RetireTerminalResponse>(
      calls, Rpc::kRetireTerminal, &Wire::RequestRetireTerminal, kRetired);
  calls.UnaryLater(
      Rpc::kRenewTerminal, wire_.get(), &Wire::RequestRenewTerminal,
      [this](const CallContext& call, const v1::RenewTerminalRequest& asked,
             v1::RenewTerminalResponse* answer, Completion done) {
        RunForCall(parts_.ledger, call, asked, ReadRenew(call, asked), answer, std::move(done),
                   [](const ledger::Outcome& outcome, v1::RenewTerminalResponse* out) {
                     out->set_certificate_pem(outcome.first().terminal_renewed().certificate_pem());
                     return absl::OkStatus();
                   });
      });
}

template <class Request>
MerchantService::MaybeCommand MerchantService::ReadTerminalChange(const CallContext& call,
                                                                  const Request& request,
                                                                  TerminalState state) const {
  PUHUI_ASSIGN_OR_RETURN(TerminalName name, ParseTerminalName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), name.merchant_id));
  return std::make_unique<merchant::ChangeTerminalStateCommand>(
      parts_.tables, std::move(name.merchant_id), std::move(name.terminal_id), state);
}

MerchantService::MaybeCommand MerchantService::ReadRenew(
    const CallContext& call, const v1::RenewTerminalRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(TerminalName name, ParseTerminalName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowTerminal(call.principal(), name.merchant_id, name.terminal_id));
  merchant::RenewTerminalCommand::Wish wish{.merchant = std::move(name.merchant_id),
                                            .id = std::move(name.terminal_id)};
  PUHUI_ASSIGN_OR_RETURN(wish.certificate_pem, Certify(request.csr_pem(), wish.merchant, wish.id));
  return std::make_unique<merchant::RenewTerminalCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<std::string> MerchantService::Certify(absl::string_view csr_pem,
                                                     const MerchantId& merchant,
                                                     const TerminalId& terminal) const {
  const std::string uri = absl::StrCat("spiffe://", parts_.trust_domain, "/terminal/merchants/",
                                       merchant.text(), "/terminals/", terminal.text());
  return parts_.authority->SignTerminal(csr_pem, uri, parts_.clock->Now(), parts_.terminal_validity,
                                        *parts_.random);
}

}  // namespace puhui::services
