// SPDX-License-Identifier: Apache-2.0
#include "services/audit/mandate_calls.h"

#include "issuing/app/mandate_commands.h"
#include "issuing/app/mandate_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/journal/v1/record.pb.h"
#include "services/auth/policy.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

absl::Status CheckAuditor(absl::string_view auditor, absl::string_view field) {
  const bool is_person = absl::ConsumePrefix(&auditor, "people/");
  if (is_person && ValidateTextId(auditor, field).ok()) return absl::OkStatus();
  return InvalidField(field, "want people/{person}");
}

absl::StatusOr<absl::Time> RequiredMoment(bool given, const google::protobuf::Timestamp& time,
                                          absl::string_view field) {
  if (!given) return InvalidField(field, "want a moment");
  return ParseMoment(time, field);
}

absl::StatusOr<issuing::GrantMandateCommand::Wish> ReadMandate(const v1::Mandate& asked) {
  issuing::GrantMandateCommand::Wish wish{.auditor = asked.auditor()};
  PUHUI_RETURN_IF_ERROR(CheckAuditor(asked.auditor(), "mandate.auditor"));
  if (!asked.in_union().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.in_union, ParseUnionName(asked.in_union(), "mandate.in_union"));
  }
  PUHUI_ASSIGN_OR_RETURN(
      wish.start, RequiredMoment(asked.has_from_time(), asked.from_time(), "mandate.from_time"));
  PUHUI_ASSIGN_OR_RETURN(
      wish.end, RequiredMoment(asked.has_until_time(), asked.until_time(), "mandate.until_time"));
  if (wish.end <= wish.start) return InvalidField("mandate.until_time", "want a later moment");
  PUHUI_ASSIGN_OR_RETURN(wish.valid_until,
                         RequiredMoment(asked.has_valid_until_time(), asked.valid_until_time(),
                                        "mandate.valid_until_time"));
  if (static_cast<std::size_t>(asked.purposes_size()) > kMandatePurposesMax) {
    return InvalidField("mandate.purposes", absl::StrCat("want at most ", kMandatePurposesMax));
  }
  for (const std::string& purpose : asked.purposes()) {
    PUHUI_RETURN_IF_ERROR(CheckReason(purpose, "mandate.purposes"));
    wish.purposes.push_back(purpose);
  }
  return wish;
}

absl::StatusOr<v1::Mandate> MessageOf(const issuing::AuditorMandate& mandate, Names& names) {
  v1::Mandate message;
  const issuing::MandateRow& row = mandate.row;
  message.set_auditor(mandate.auditor);
  if (row.union_number != UnionNumber{}) {
    PUHUI_ASSIGN_OR_RETURN(*message.mutable_in_union(), names.OfUnion(row.union_number));
  }
  *message.mutable_from_time() = ToTimestamp(row.start);
  *message.mutable_until_time() = ToTimestamp(row.end);
  for (const std::string& purpose : row.purposes) message.add_purposes(purpose);
  *message.mutable_valid_until_time() = ToTimestamp(row.valid_until);
  *message.mutable_grant_time() = ToTimestamp(row.grant_time);
  message.set_granted_by(row.grantor);
  if (row.revoke_time.has_value()) {
    *message.mutable_revoke_time() = ToTimestamp(*row.revoke_time);
    message.set_revoked_by(row.revoker);
  }
  return message;
}

// From the record alone, so that a copy of the call is answered alike.
absl::StatusOr<v1::Mandate> GrantedBy(const journal::v1::Record& record,
                                      const ledger::Readable& store) {
  const journal::v1::MandateGranted& granted = record.mandate_granted();
  const issuing::AuditorMandate mandate{
      .auditor = granted.auditor(),
      .row = {.union_number = UnionNumber{granted.union_number()},
              .start = absl::FromUnixMicros(granted.start_micros()),
              .end = absl::FromUnixMicros(granted.end_micros()),
              .purposes = {granted.purposes().begin(), granted.purposes().end()},
              .valid_until = absl::FromUnixMicros(granted.valid_until_micros()),
              .grant_time = absl::FromUnixMicros(record.time_micros()),
              .grantor = granted.person()}};
  Names names(&store);
  return MessageOf(mandate, names);
}

}  // namespace

void MandateCalls::Grant(const CallContext& call, const v1::GrantMandateRequest& request,
                         v1::GrantMandateResponse* response, Completion done) const {
  absl::StatusOr<issuing::GrantMandateCommand::Wish> wish = ReadMandate(request.mandate());
  if (!wish.ok()) return done(wish.status());
  if (const absl::Status allowed = AllowWholeLedger(call.principal()); !allowed.ok()) {
    return done(allowed);
  }
  wish->person = call.principal().person;
  std::unique_ptr<ledger::Command> command =
      std::make_unique<issuing::GrantMandateCommand>(parts_.tables, *std::move(wish));
  RunForCall(parts_.ledger, call, request, std::move(command), response, std::move(done),
             [engine = parts_.ledger.engine](const ledger::Outcome& outcome,
                                             v1::GrantMandateResponse* out) -> absl::Status {
               PUHUI_ASSIGN_OR_RETURN(*out->mutable_mandate(),
                                      GrantedBy(outcome.first(), engine->Latest()));
               return absl::OkStatus();
             });
}

void MandateCalls::Revoke(const CallContext& call, const v1::RevokeMandateRequest& request,
                          v1::RevokeMandateResponse* response, Completion done) const {
  absl::Status status = CheckAuditor(request.auditor(), "auditor");
  if (status.ok()) status = AllowWholeLedger(call.principal());
  if (!status.ok()) return done(status);
  std::unique_ptr<ledger::Command> command = std::make_unique<issuing::RevokeMandateCommand>(
      parts_.tables, issuing::RevokeMandateCommand::Wish{.auditor = request.auditor(),
                                                         .person = call.principal().person});
  RunForCall(parts_.ledger, call, request, std::move(command), response, std::move(done),
             [](const ledger::Outcome& outcome, v1::RevokeMandateResponse* out) {
               const journal::v1::Record& record = outcome.first();
               out->set_auditor(record.mandate_revoked().auditor());
               *out->mutable_revoke_time() =
                   ToTimestamp(absl::FromUnixMicros(record.time_micros()));
               return absl::OkStatus();
             });
}

absl::StatusOr<v1::ListMandatesResponse> MandateCalls::List(
    const CallContext& call, const v1::ListMandatesRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(call.principal()));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(std::vector<issuing::AuditorMandate> mandates,
                         issuing::ListMandates(*store, cursor, page_size + 1));
  v1::ListMandatesResponse response;
  if (mandates.size() > page_size) {
    mandates.pop_back();
    response.set_next_page_token(parts_.tokens->Seal(bound, mandates.back().auditor));
  }
  Names names(store.get());
  for (const issuing::AuditorMandate& mandate : mandates) {
    PUHUI_ASSIGN_OR_RETURN(*response.add_mandates(), MessageOf(mandate, names));
  }
  return response;
}

}  // namespace puhui::services
