// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_import.h"

#include "issuing/app/member_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/core/refusal.h"
#include "services/issuing/member_convert.h"
#include "services/rpc/error.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace puhui::services {

absl::Status MemberImport::Receive(v1::ImportMembersRequest&& message) {
  switch (message.part_case()) {
    case v1::ImportMembersRequest::kStart:
      return ReceiveStart(message.start());
    case v1::ImportMembersRequest::kChunk:
      break;
    case v1::ImportMembersRequest::PART_NOT_SET:
      return InvalidField("part", "want start, then chunks");
  }
  return ReceiveChunk(message.chunk());
}

absl::Status MemberImport::ReceiveStart(const v1::ImportMembersRequest::Start& start) {
  if (union_.has_value()) return InvalidField("start", "want it once, in the first message");
  PUHUI_ASSIGN_OR_RETURN(UnionId id, ParseUnionName(start.union_(), "start.union"));
  if (start.size_bytes() == 0 || start.size_bytes() > kImportFileBytesMax) {
    return InvalidField("start.size_bytes",
                        absl::StrCat("want a file of 1 to ", kImportFileBytesMax, " bytes, got ",
                                     start.size_bytes()));
  }
  if (!start.hr_system().empty() && !ValidateTextId(start.hr_system(), "hr_system").ok()) {
    return InvalidField("start.hr_system", "want 1 to 40 of a-z, 0-9 and '-'");
  }
  PUHUI_ASSIGN_OR_RETURN(union_, FindJoinedUnion(parts_, call_.principal(), std::move(id)));
  size_bytes_ = start.size_bytes();
  validate_only_ = start.validate_only();
  ignore_unknown_columns_ = start.ignore_unknown_columns();
  hr_system_ = start.hr_system();
  return absl::OkStatus();
}

absl::Status MemberImport::ReceiveChunk(absl::string_view chunk) {
  if (!union_.has_value()) return InvalidField("start", "want it in the first message");
  if (chunk.size() > kChunkBytesMax) {
    return InvalidField(
        "chunk", absl::StrCat("want at most ", kChunkBytesMax, " bytes, got ", chunk.size()));
  }
  if (file_.size() + chunk.size() > size_bytes_) {
    return InvalidField("start.size_bytes",
                        absl::StrCat("want ", size_bytes_, " bytes as it says, got ",
                                     file_.size() + chunk.size(), " and perhaps more"));
  }
  file_.append(chunk.data(), chunk.size());
  return absl::OkStatus();
}

absl::StatusOr<v1::ImportMembersResponse> MemberImport::Finish() {
  if (!union_.has_value()) return InvalidField("start", "want it in the first message");
  if (file_.size() != size_bytes_) {
    return InvalidField("start.size_bytes", absl::StrCat("want ", size_bytes_,
                                                         " bytes as it says, got ", file_.size()));
  }
  now_ = parts_.ledger.engine->Now();
  sha256_ = ledger::Sha256().Digest(file_);
  absl::StatusOr<issuing::Roster> roster = issuing::ParseRoster(
      file_,
      {.today = absl::ToCivilDay(now_, union_->zone), .ignore_unknown = ignore_unknown_columns_});
  // Its texts name lines and columns, never what a cell holds.
  if (!roster.ok()) return InvalidField("chunk", roster.status().message());
  file_ = std::string();
  response_.set_sha256(ledger::ToHex(sha256_));
  response_.set_encoding(std::string(issuing::TextEncodingName(roster->encoding)));
  response_.set_refused(roster->refused_rows);
  PUHUI_RETURN_IF_ERROR(validate_only_ ? Foresee(*roster) : Enrol(*roster));
  ShowProblems(*roster);
  return std::move(response_);
}

absl::Status MemberImport::Enrol(const issuing::Roster& roster) {
  for (std::size_t first = 0; first < roster.rows.size(); first += kChunkRows) {
    if (call_.Cancelled()) return absl::CancelledError();
    PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<ledger::Command> command,
                           CommandFor(ChunkAt(roster, first)));
    PUHUI_RETURN_IF_ERROR(run_.Give(std::move(command)));
    first_rows_.push_back(first);
    if (run_.full()) PUHUI_RETURN_IF_ERROR(TakeOutcome(roster));
  }
  while (!run_.empty()) PUHUI_RETURN_IF_ERROR(TakeOutcome(roster));
  return absl::OkStatus();
}

absl::Status MemberImport::Foresee(const issuing::Roster& roster) {
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(*store, union_->number));
  if (!of.open()) {
    return ledger::ToStatus({.reason = ledger::Reason::kUnionClosed,
                             .field = "start.union",
                             .message = "the union is closed"});
  }
  for (std::size_t first = 0; first < roster.rows.size(); first += kChunkRows) {
    if (call_.Cancelled()) return absl::CancelledError();
    PUHUI_ASSIGN_OR_RETURN(
        std::vector<v1::MemberRowResult> results,
        ForeseeMembers(*store, *parts_.vault, *union_, ChunkAt(roster, first).request));
    for (v1::MemberRowResult& result : results) Count(roster, first, std::move(result));
  }
  return absl::OkStatus();
}

MemberImport::Chunk MemberImport::ChunkAt(const issuing::Roster& roster, std::size_t first) const {
  Chunk chunk{.first = first};
  chunk.request.set_union_(FormatUnionName(union_->id));
  const std::size_t end = std::min(first + kChunkRows, roster.rows.size());
  for (std::size_t i = first; i < end; ++i) {
    v1::NewMember& row = *chunk.request.add_members();
    row = NewMemberOf(roster.rows[i]);
    row.set_hr_system(hr_system_);
  }
  return chunk;
}

absl::StatusOr<std::unique_ptr<ledger::Command>> MemberImport::CommandFor(
    const Chunk& chunk) const {
  PUHUI_ASSIGN_OR_RETURN(auto rows, SealMembers(parts_.ledger.engine->Latest(), *parts_.vault,
                                                *union_, chunk.request.members(), now_));
  auto command = std::make_unique<issuing::CreateMembersCommand>(
      parts_.tables, parts_.views,
      issuing::CreateMembersCommand::Wish{.union_id = union_->id, .rows = std::move(rows)});
  const ledger::Hash digest =
      BodyDigest(*parts_.ledger.request_key, Rpc::kImportMembers, chunk.request);
  const std::string system = hr_system_.empty() ? "" : absl::StrCat("/", hr_system_);
  command->request = StepIdentity(
      call_.principal().caller, absl::StrCat(ledger::AsBytes(sha256_), union_->id.text(), system),
      chunk.first / kChunkRows, ledger::TagFromBytes(ledger::AsBytes(digest).substr(0, 16)));
  command->deadline = call_.deadline();
  return command;
}

absl::Status MemberImport::TakeOutcome(const issuing::Roster& roster) {
  const std::size_t first = first_rows_.front();
  first_rows_.pop_front();
  PUHUI_ASSIGN_OR_RETURN(const ledger::Outcome outcome, run_.Take());
  const journal::v1::MemberBatch& batch = outcome.first().member_batch();
  for (const journal::v1::Record* record : outcome.records()) {
    if (record->has_member_joined()) response_.set_created(response_.created() + 1);
    if (record->has_member_changed()) response_.set_came_back(response_.came_back() + 1);
  }
  for (const journal::v1::MemberBatchRow& other : batch.others()) {
    Count(roster, first, ResultOf(other));
  }
  return absl::OkStatus();
}

void MemberImport::Count(const issuing::Roster& roster, std::size_t first,
                         v1::MemberRowResult result) {
  if (result.outcome() == v1::MemberRowResult::OUTCOME_CREATED) {
    return response_.set_created(response_.created() + 1);
  }
  if (result.outcome() == v1::MemberRowResult::OUTCOME_CAME_BACK) {
    return response_.set_came_back(response_.came_back() + 1);
  }
  if (result.outcome() == v1::MemberRowResult::OUTCOME_UNCHANGED) {
    return response_.set_unchanged(response_.unchanged() + 1);
  }
  response_.set_refused(response_.refused() + 1);
  if (refused_.size() == kProblemsShownMax) return;
  result.set_row(roster.rows[first + result.row()].line);
  refused_.push_back(std::move(result));
}

// What the file got wrong and what the ledger refused, in the order of the file.
void MemberImport::ShowProblems(const issuing::Roster& roster) {
  std::vector<v1::MemberRowResult> problems = std::move(refused_);
  const std::size_t in_file = std::min(roster.problems.size(), kProblemsShownMax);
  for (std::size_t i = 0; i < in_file; ++i) problems.push_back(ResultOf(roster.problems[i]));
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.row() < b.row(); });
  if (problems.size() > kProblemsShownMax) problems.resize(kProblemsShownMax);
  for (v1::MemberRowResult& problem : problems) *response_.add_problems() = std::move(problem);
}

}  // namespace puhui::services
