// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_replacement.h"

#include "issuing/app/member_queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_batch.h"
#include "services/issuing/person_reader.h"
#include "services/rpc/error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

bool Names(const v1::UpdateMemberRequest& request, absl::string_view field) {
  const auto& paths = request.update_mask().paths();
  return std::find(paths.begin(), paths.end(), field) != paths.end();
}

using MaybeData = absl::StatusOr<absl::optional<issuing::PersonalData>>;

MaybeData Open(const IssuingParts& parts, const SeenMember& seen) {
  return issuing::OpenPersonalData(parts.ledger.engine->Latest(), *parts.vault, seen.found);
}

// The data of a member who is to be in the union `of`.
MaybeReplacement Seal(const IssuingParts& parts, const SeenMember& seen, UnionNumber of,
                      const issuing::PersonalData& data) {
  PUHUI_ASSIGN_OR_RETURN(const issuing::Home home,
                         issuing::HomeOf(parts.ledger.engine->Latest(), of));
  return absl::make_optional(
      issuing::Replacement{.revision = seen.found.row.revision,
                           .sealed = parts.vault->Reseal(seen.found.member, home, data),
                           .external_ids = issuing::AllExternalIds(data, of).size()});
}

// Notes that a member, who had the ids of `before`, has `added` now.
void AddExternalIdTo(const IssuingParts& parts, const std::vector<issuing::ExternalId>& before,
                     const issuing::ExternalId& added, issuing::Replacement* replacement) {
  replacement->external_id = parts.vault->ExternalIdTag(added);
  replacement->has_other_external_id =
      std::any_of(before.begin(), before.end(), [&added](const issuing::ExternalId& known) {
        return known.of == added.of && known.hr_system == added.hr_system && known.id != added.id;
      });
}

// Reads the fields of the mask into `data`; in the order of the fields, not of the mask, because
// how a mobile number is judged depends on the document.
absl::Status ReadMasked(const v1::UpdateMemberRequest& request, PersonReader& reader,
                        issuing::PersonalData* data) {
  for (const absl::string_view field : kPersonFields) {
    if (Names(request, field)) reader.Read(field, request.member(), data);
  }
  if (!reader.defect().has_value()) return absl::OkStatus();
  return InvalidField(absl::StrCat("member.", reader.defect()->field), reader.defect()->shape);
}

}  // namespace

absl::Status CheckUpdate(const v1::UpdateMemberRequest& request, absl::Time now) {
  const auto& paths = request.update_mask().paths();
  const bool known = std::all_of(paths.begin(), paths.end(), [](const std::string& path) {
    return std::find(kPersonFields.begin(), kPersonFields.end(), path) != kPersonFields.end();
  });
  if (paths.empty() || !known) {
    return InvalidField("update_mask",
                        absl::StrCat("want some of ", absl::StrJoin(kPersonFields, ", ")));
  }
  PersonReader reader(LatestDayAnywhere(now), UnionNumber{});
  issuing::PersonalData anybody{.document_kind = issuing::DocumentKind::kPassport};
  return ReadMasked(request, reader, &anybody);
}

MaybeReplacement UpdateOf(const IssuingParts& parts, const SeenMember& seen,
                          const v1::UpdateMemberRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const JoinedUnion of, JoinedUnionOf(parts, seen.union_id));
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<issuing::PersonalData> before, Open(parts, seen));
  if (!before.has_value()) return absl::optional<issuing::Replacement>();
  issuing::PersonalData data = *before;
  PersonReader reader(absl::ToCivilDay(parts.ledger.engine->Now(), of.zone), of.number);
  PUHUI_RETURN_IF_ERROR(ReadMasked(request, reader, &data));
  PUHUI_ASSIGN_OR_RETURN(auto replacement, Seal(parts, seen, of.number, data));
  if (Names(request, "id_number")) replacement->document = parts.vault->DocumentTag(data);
  if (reader.external_id().has_value()) {
    AddExternalIdTo(parts, issuing::AllExternalIds(*before, of.number), *reader.external_id(),
                    &*replacement);
  }
  return replacement;
}

absl::Status CheckTransfer(const v1::TransferMemberRequest& request) {
  if (request.external_id().empty() && request.hr_system().empty()) return absl::OkStatus();
  return ParseExternalId(UnionNumber{}, request.hr_system(), request.external_id(), "external_id")
      .status();
}

MaybeReplacement TransferOf(const IssuingParts& parts, const SeenMember& seen, const UnionId& to,
                            const v1::TransferMemberRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const auto found,
                         issuing::FindUnion(parts.ledger.engine->Latest(), to.text()));
  if (!found.has_value()) return absl::optional<issuing::Replacement>();
  PUHUI_ASSIGN_OR_RETURN(absl::optional<issuing::PersonalData> data, Open(parts, seen));
  if (!data.has_value()) return absl::optional<issuing::Replacement>();
  issuing::MoveExternalIds(seen.found.row.union_number, found->number, &*data);
  if (request.external_id().empty()) return Seal(parts, seen, found->number, *data);
  PUHUI_ASSIGN_OR_RETURN(
      const issuing::ExternalId added,
      ParseExternalId(found->number, request.hr_system(), request.external_id(), "external_id"));
  const std::vector<issuing::ExternalId> before = issuing::AllExternalIds(*data, found->number);
  issuing::AddExternalId(found->number, added, &*data);
  PUHUI_ASSIGN_OR_RETURN(auto replacement, Seal(parts, seen, found->number, *data));
  AddExternalIdTo(parts, before, added, &*replacement);
  return replacement;
}

MaybeReplacement WithCard(const IssuingParts& parts, const SeenMember& seen,
                          absl::string_view card_number) {
  PUHUI_ASSIGN_OR_RETURN(absl::optional<issuing::PersonalData> data, Open(parts, seen));
  if (!data.has_value()) return absl::optional<issuing::Replacement>();
  data->card_number = std::string(card_number);
  return Seal(parts, seen, seen.found.row.union_number, *data);
}

}  // namespace puhui::services
