// SPDX-License-Identifier: Apache-2.0
// MemberService: the members of a union as a file.
#include "issuing/app/member_queries.h"
#include "issuing/app/privacy_commands.h"
#include "issuing/app/queries.h"
#include "issuing/app/union_queries.h"
#include "issuing/core/csv_writer.h"
#include "issuing/core/roster_problem.h"
#include "ledger/base/status_macros.h"
#include "services/issuing/member_privacy.h"
#include "services/issuing/member_service.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"

#include <memory>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr std::size_t kMembersPerChunk = 500;

// The file, a page of members at a time. Pages are of the moment when they are read: a file of a
// million people takes a while, and nobody waits for it.
// Threads: none. Borrows: the parts.
class MemberFile {
 public:
  MemberFile(const IssuingParts& parts, UnionNumber of, std::string hr_system)
      : parts_(parts), of_(of), hr_system_(std::move(hr_system)) {
    using issuing::RosterField;
    for (const RosterField field :
         {RosterField::kExternalId, RosterField::kName, RosterField::kIdNumber,
          RosterField::kMobile, RosterField::kDepartment, RosterField::kEmployment}) {
      writer_.Text(issuing::RosterFieldName(field));
    }
    writer_.EndRow();
  }

  absl::StatusOr<Pull> Next(v1::ExportMembersResponse* message) {
    if (ended_) return Pull::kEnd;
    const ledger::Readable& store = parts_.ledger.engine->Latest();
    PUHUI_ASSIGN_OR_RETURN(const std::vector<MemberId> members,
                           issuing::ListMembers(store, of_, after_, kMembersPerChunk));
    std::uint32_t rows = 0;
    for (const MemberId member : members) {
      PUHUI_ASSIGN_OR_RETURN(const bool written, Write(store, member));
      if (written) ++rows;
    }
    if (!members.empty()) after_ = members.back();
    ended_ = members.size() < kMembersPerChunk;
    message->set_rows(rows);
    message->set_chunk(std::exchange(file_, std::string()));
    return Pull::kMessage;
  }

 private:
  // Nothing of somebody who left, was erased, or went elsewhere meanwhile.
  absl::StatusOr<bool> Write(const ledger::Readable& store, MemberId member) {
    PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindMember(store, member));
    if (!found.has_value() || found->row.union_number != of_ ||
        found->row.state == issuing::MemberState::kLeft) {
      return false;
    }
    PUHUI_ASSIGN_OR_RETURN(const auto data,
                           issuing::OpenPersonalData(store, *parts_.vault, *found));
    if (!data.has_value()) return false;
    writer_.Text(ExternalIdOf(*data))
        .Text(data->full_name)
        .Text(data->id_number)
        .Text(data->mobile)
        .Text(data->department)
        .Text(data->employment);
    writer_.EndRow();
    return true;
  }

  std::string ExternalIdOf(const issuing::PersonalData& data) const {
    if (hr_system_.empty()) return data.external_id;
    std::string latest;  // Somebody who left and came back may have two.
    for (issuing::ExternalId& external_id : issuing::AllExternalIds(data, of_)) {
      if (external_id.of == of_ && external_id.hr_system == hr_system_) {
        latest = std::move(external_id.id);
      }
    }
    return latest;
  }

  const IssuingParts parts_;
  const UnionNumber of_;
  const std::string hr_system_;
  absl::optional<MemberId> after_;
  bool ended_ = false;
  std::string file_;
  issuing::CsvWriter writer_{&file_};
};

}  // namespace

// Nothing is shown before the record of it is durable.
absl::StatusOr<MessageSource<v1::ExportMembersResponse>> MemberService::OpenExport(
    const CallContext& call, const v1::ExportMembersRequest& request) const {
  PUHUI_RETURN_IF_ERROR(ParseRequestId(request.request_id()).status());
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
  PUHUI_RETURN_IF_ERROR(CheckReason(request.reason(), "reason"));
  if (!request.hr_system().empty() && !ValidateTextId(request.hr_system(), "hr_system").ok()) {
    return InvalidField("hr_system", "want 1 to 40 of a-z, 0-9 and '-'");
  }
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts_.tree));
  auto command = std::make_unique<issuing::ExportMembersCommand>(
      parts_.tables,
      issuing::ExportMembersCommand::Wish{
          .union_id = id, .reason = request.reason(), .person = call.principal().person});
  PUHUI_RETURN_IF_ERROR(Identify(parts_.ledger, call, request, *command));
  ledger::Engine& engine = *parts_.ledger.engine;
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome,
                         engine.Run(std::move(command), ledger::Priority::kInteractive));
  PUHUI_RETURN_IF_ERROR(CheckLookIsRecent(outcome, engine.Now()));
  const UnionNumber of{outcome.first().members_exported().union_number()};
  auto file = std::make_shared<MemberFile>(parts_, of, request.hr_system());
  return MessageSource<v1::ExportMembersResponse>(
      [file](v1::ExportMembersResponse* message) { return file->Next(message); });
}

}  // namespace puhui::services
