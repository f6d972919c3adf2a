// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/application_convert.h"

#include "issuing/app/application_queries.h"
#include "issuing/app/member_queries.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_privacy.h"
#include "services/issuing/member_scope.h"
#include "services/issuing/person_reader.h"
#include "services/ledger/names.h"
#include "services/rpc/error.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <string>
#include <utility>

namespace puhui::services {
namespace {

std::string ApplicationNameOf(absl::string_view union_name, Sequence application) {
  return absl::StrCat(union_name, "/applications/", application);
}

// The member that an identity document belongs to; nothing when it belongs to none.
absl::StatusOr<absl::optional<issuing::FoundMember>> FindKnown(const IssuingParts& parts,
                                                               const ledger::Readable& store,
                                                               const issuing::PersonalData& data) {
  PUHUI_ASSIGN_OR_RETURN(const auto known,
                         issuing::MembersByDocument(store, {parts.vault->DocumentTag(data)}));
  if (!known.front().has_value()) return absl::optional<issuing::FoundMember>();
  return issuing::FindMember(store, *known.front());
}

// That somebody is a member already, and no more than the caller may know of it.
absl::Status AddKnown(const IssuingParts& parts, const Principal& principal,
                      const issuing::PersonalData& data, const ledger::Readable& store,
                      v1::Application* application) {
  PUHUI_ASSIGN_OR_RETURN(const auto known, FindKnown(parts, store, data));
  if (!known.has_value()) return absl::OkStatus();
  v1::KnownPerson& shown = *application->mutable_known();
  shown.set_state(static_cast<v1::MemberState>(known->row.state));
  const auto seen = FindMemberFor(parts, principal, known->member, store);
  if (!seen.ok()) return absl::OkStatus();
  shown.set_union_(FormatUnionName(seen->union_id));
  shown.set_member(FormatMemberName(known->member));
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckDecision(const v1::DecideApplicationRequest& request) {
  if (request.decision() != v1::DecideApplicationRequest::DECISION_ACCEPT &&
      request.decision() != v1::DecideApplicationRequest::DECISION_REJECT) {
    return InvalidField("decision", "want ACCEPT or REJECT");
  }
  PUHUI_RETURN_IF_ERROR(CheckReason(request.reason(), "reason"));
  if (request.external_id().empty() && request.hr_system().empty()) return absl::OkStatus();
  return ParseExternalId(UnionNumber{}, request.hr_system(), request.external_id(), "external_id")
      .status();
}

absl::Status NumberApplicant(const v1::DecideApplicationRequest& request, UnionNumber of,
                             issuing::PersonalData* data) {
  const bool came_with_one = !issuing::AllExternalIds(*data, of).empty();
  if (came_with_one && request.external_id().empty()) return absl::OkStatus();
  if (came_with_one) {
    return InvalidField("external_id", "want none: the application came with one");
  }
  PUHUI_ASSIGN_OR_RETURN(
      issuing::ExternalId added,
      ParseExternalId(of, request.hr_system(), request.external_id(), "external_id"));
  issuing::AddExternalId(of, std::move(added), data);
  return absl::OkStatus();
}

absl::StatusOr<issuing::NewMember> SealApplicant(const IssuingParts& parts, UnionNumber of,
                                                 MemberId applicant, issuing::PersonalData data) {
  const ledger::Readable& store = parts.ledger.engine->Latest();
  PUHUI_ASSIGN_OR_RETURN(const issuing::Home home, issuing::HomeOf(store, of));
  PUHUI_ASSIGN_OR_RETURN(const auto known, FindKnown(parts, store, data));
  data.card_number.clear();
  if (!known.has_value()) return parts.vault->SealAs(applicant, home, std::move(data));
  PUHUI_ASSIGN_OR_RETURN(const auto returning,
                         issuing::FindReturning(store, *parts.vault, known->member));
  // Who is a member somewhere is refused by the command, whatever the row says.
  if (!returning.has_value()) return parts.vault->SealAs(applicant, home, std::move(data));
  return parts.vault->SealReturning(home, *returning, std::move(data));
}

absl::StatusOr<v1::Application> ShowApplication(const IssuingParts& parts,
                                                const Principal& principal,
                                                const ApplicationName& name,
                                                const issuing::ApplicationRow& row,
                                                const ledger::Readable& store) {
  v1::Application application;
  application.set_name(ApplicationNameOf(FormatUnionName(name.union_id), name.application));
  application.set_state(static_cast<v1::ApplicationState>(row.state));
  *application.mutable_create_time() = ToTimestamp(row.create_time);
  if (row.decide_time.has_value()) {
    *application.mutable_decide_time() = ToTimestamp(*row.decide_time);
    application.set_reason(row.reason);
    if (!row.member.none()) application.set_member(FormatMemberName(row.member));
    return application;
  }
  PUHUI_ASSIGN_OR_RETURN(const auto data, issuing::OpenApplicant(store, *parts.vault, row));
  if (!data.has_value() || !SeesPersonalData(principal)) return application;
  v1::Member& applicant = *application.mutable_applicant();
  PUHUI_RETURN_IF_ERROR(AddPersonalDataFor(parts, principal, *data, store, &applicant));
  applicant.clear_card_number();  // Nobody has it before the decision.
  PUHUI_RETURN_IF_ERROR(AddKnown(parts, principal, *data, store, &application));
  return application;
}

absl::StatusOr<v1::Application> ApplicationAfter(const ledger::Readable& store,
                                                 const journal::v1::Record& record) {
  const bool decided = record.has_application_decided();
  const Sequence sequence =
      decided ? record.application_decided().application() : record.sequence();
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindApplication(store, sequence));
  if (!row.has_value()) return absl::DataLossError("an application is missing");
  PUHUI_ASSIGN_OR_RETURN(const std::string union_name, Names(&store).OfUnion(row->union_number));
  v1::Application application;
  application.set_name(ApplicationNameOf(union_name, sequence));
  *application.mutable_create_time() = ToTimestamp(row->create_time);
  application.set_state(v1::APPLICATION_STATE_SUBMITTED);
  if (!decided) return application;
  const journal::v1::ApplicationDecided& decision = record.application_decided();
  application.set_state(decision.accepted() ? v1::APPLICATION_STATE_ACCEPTED
                                            : v1::APPLICATION_STATE_REJECTED);
  *application.mutable_decide_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  application.set_reason(decision.reason());
  if (!decision.member().empty()) {
    application.set_member(FormatMemberName(MemberId::FromBytes(decision.member())));
  }
  return application;
}

}  // namespace puhui::services
