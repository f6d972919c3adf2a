// SPDX-License-Identifier: Apache-2.0
// MerchantService: how terminals come to be enrolled.
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/enrolment_commands.h"
#include "merchant/app/enrolment_queries.h"
#include "merchant/app/merchant_commands.h"
#include "merchant/app/queries.h"
#include "merchant/core/enrolment_code.h"
#include "services/merchant/merchant_convert.h"
#include "services/merchant/merchant_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr char kCodeLabel[] = "enrolment_code";

std::string DrawCode(RandomSource& random) {
  std::array<std::uint8_t, merchant::kEnrolmentCodeDrawn> drawn{};
  random.Fill(absl::MakeSpan(drawn));
  return merchant::EnrolmentCodeOf(drawn);
}

// The terminal as the record made it awaited.
v1::Terminal AwaitedBy(const journal::v1::Record& record, const MerchantId& of) {
  const journal::v1::EnrolmentCodeMade& made = record.enrolment_code_made();
  const absl::Time now = absl::FromUnixMicros(record.time_micros());
  return TerminalOf(
      FormatMerchantName(of),
      {.id = made.id(),
       .code = merchant::EnrolmentCodeRow{.store = made.store(),
                                          .create_time = now,
                                          .expiry = absl::FromUnixMicros(made.expire_micros())}},
      now);
}

// One answer for whatever is wrong with a code.
absl::Status CodeRefused() {
  return ledger::ToStatus({.reason = ledger::Reason::kEnrolmentCodeRefused,
                           .field = "enrolment_code",
                           .message = "the code does not enrol this terminal at this store; ask "
                                      "whoever gave it for another"});
}

}  // namespace

void MerchantService::ServeEnrolment(Calls& calls) {
  ServeCreateEnrolmentCode(calls);
  ServeEnrollTerminal(calls);
  calls.UnaryOnWorker(Rpc::kGetTerminal, wire_.get(), &Wire::RequestGetTerminal,
                      [this](const CallContext& call, const v1::GetTerminalRequest& asked) {
                        return DoGetTerminal(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListTerminals, wire_.get(), &Wire::RequestListTerminals,
                      [this](const CallContext& call, const v1::ListTerminalsRequest& asked) {
                        return DoListTerminals(call, asked);
                      });
}

// A repeated call is answered from the record, which has no code: it is shown once.
void MerchantService::ServeCreateEnrolmentCode(Calls& calls) {
  calls.UnaryLater(
      Rpc::kCreateEnrolmentCode, wire_.get(), &Wire::RequestCreateEnrolmentCode,
      [this](const CallContext& call, const v1::CreateEnrolmentCodeRequest& asked,
             v1::CreateEnrolmentCodeResponse* answer, Completion done) {
        const std::string code = DrawCode(*parts_.random);
        RunForCall(
            parts_.ledger, call, asked, ReadCreateCode(call, asked, code), answer, std::move(done),
            [this, code, &asked](const ledger::Outcome& outcome,
                                 v1::CreateEnrolmentCodeResponse* out) -> absl::Status {
              PUHUI_ASSIGN_OR_RETURN(const StoreName store, ParseStoreName(asked.store(), "store"));
              *out->mutable_terminal() = AwaitedBy(outcome.first(), store.merchant_id);
              const bool first = outcome.first().enrolment_code_made().code_hash() ==
                                 ledger::TagBytes(HashOf(code));
              if (first) out->set_code(merchant::FormatEnrolmentCode(code));
              return absl::OkStatus();
            });
      });
}

// The certificate is made before the decision, which stays pure, and is in the record.
void MerchantService::ServeEnrollTerminal(Calls& calls) {
  calls.UnaryLater(
      Rpc::kEnrollTerminal, wire_.get(), &Wire::RequestEnrollTerminal,
      [this](const CallContext& call, const v1::EnrollTerminalRequest& asked,
             v1::EnrollTerminalResponse* answer, Completion done) {
        RunForCall(
            parts_.ledger, call, asked, ReadEnroll(call, asked), answer, std::move(done),
            [&asked](const ledger::Outcome& outcome,
                     v1::EnrollTerminalResponse* out) -> absl::Status {
              if (outcome.first().has_enrolment_code_refused()) return CodeRefused();
              const journal::v1::TerminalEnrolled& enrolled = outcome.first().terminal_enrolled();
              PUHUI_ASSIGN_OR_RETURN(const StoreName store, ParseStoreName(asked.store(), "store"));
              *out->mutable_terminal() =
                  TerminalOf(FormatMerchantName(store.merchant_id),
                             merchant::TerminalRow{.store = enrolled.store(), .id = enrolled.id()});
              out->set_certificate_pem(enrolled.certificate_pem());
              return absl::OkStatus();
            });
      });
}

ledger::Tag MerchantService::HashOf(absl::string_view code) const {
  return ledger::TagFromBytes(parts_.code_key->Tag16(kCodeLabel, code));
}

MerchantService::MaybeCommand MerchantService::ReadCreateCode(
    const CallContext& call, const v1::CreateEnrolmentCodeRequest& request,
    absl::string_view code) const {
  PUHUI_ASSIGN_OR_RETURN(StoreName store, ParseStoreName(request.store(), "store"));
  merchant::CreateEnrolmentCodeCommand::Wish wish{.merchant = std::move(store.merchant_id),
                                                  .store = std::move(store.store_id),
                                                  .code = HashOf(code),
                                                  .lifetime = parts_.enrolment_code_lifetime,
                                                  .person = call.principal().person};
  PUHUI_ASSIGN_OR_RETURN(wish.id, TerminalId::Parse(request.terminal_id(), "terminal_id"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  return std::make_unique<merchant::CreateEnrolmentCodeCommand>(parts_.tables, std::move(wish));
}

// What an installer names does not exist for it: whether the code is good is all that it learns.
MerchantService::MaybeCommand MerchantService::ReadEnroll(
    const CallContext& call, const v1::EnrollTerminalRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(StoreName store, ParseStoreName(request.store(), "store"));
  merchant::EnrollTerminalCommand::Wish wish;
  wish.merchant = std::move(store.merchant_id);
  wish.store = std::move(store.store_id);
  PUHUI_ASSIGN_OR_RETURN(wish.id, TerminalId::Parse(request.terminal_id(), "terminal_id"));
  const bool installer = call.principal().role == Role::kInstaller;
  absl::optional<std::string> code;
  if (installer || !request.enrolment_code().empty()) {
    code = merchant::ReadEnrolmentCode(request.enrolment_code());
    if (!code.has_value()) {
      return InvalidField("enrolment_code",
                          "want the sixteen characters of a code as it was given");
    }
  }
  if (!installer) PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), wish.merchant));
  PUHUI_ASSIGN_OR_RETURN(wish.certificate_pem, Certify(request.csr_pem(), wish.merchant, wish.id));
  if (code.has_value()) {
    return std::make_unique<merchant::EnrollWithCodeCommand>(parts_.tables, std::move(wish),
                                                             HashOf(*code));
  }
  return std::make_unique<merchant::EnrollTerminalCommand>(parts_.tables, std::move(wish));
}

absl::StatusOr<v1::GetTerminalResponse> MerchantService::DoGetTerminal(
    const CallContext& call, const v1::GetTerminalRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const TerminalName name, ParseTerminalName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowTerminal(call.principal(), name.merchant_id, name.terminal_id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, merchant::FindMerchant(*store, name.merchant_id.text()));
  if (!of.has_value()) return NotFound("terminal");
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         merchant::FindTerminalOrCode(*store, of->number, name.terminal_id.text()));
  if (!found.has_value()) return NotFound("terminal");
  v1::GetTerminalResponse response;
  *response.mutable_terminal() =
      TerminalOf(FormatMerchantName(name.merchant_id), *found, parts_.ledger.engine->Now());
  return response;
}

absl::StatusOr<v1::ListTerminalsResponse> MerchantService::DoListTerminals(
    const CallContext& call, const v1::ListTerminalsRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(request.parent(), "parent"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string after,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(call.principal(), id));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto of, merchant::FindMerchant(*store, id.text()));
  if (!of.has_value()) return NotFound("merchant");
  PUHUI_ASSIGN_OR_RETURN(const std::vector<merchant::FoundTerminal> found,
                         merchant::ListTerminalsAndCodes(*store, of->number, after, page_size + 1));
  v1::ListTerminalsResponse response;
  const absl::Time now = parts_.ledger.engine->Now();
  for (const merchant::FoundTerminal& terminal : found) {
    if (static_cast<std::size_t>(response.terminals_size()) == page_size) {
      response.set_next_page_token(parts_.tokens->Seal(filter, found[page_size - 1].id));
      break;
    }
    *response.add_terminals() = TerminalOf(request.parent(), terminal, now);
  }
  return response;
}

}  // namespace puhui::services
