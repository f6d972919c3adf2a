// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/plan_upload.h"

#include "issuing/app/plan_ahead.h"
#include "issuing/app/plan_check.h"
#include "issuing/app/plan_commands.h"
#include "issuing/app/queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "services/issuing/campaign_convert.h"
#include "services/issuing/campaign_scope.h"
#include "services/ledger/bulk_run.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <utility>

namespace puhui::services {

absl::Status PlanUpload::Receive(v1::UploadPlanRequest&& message) {
  switch (message.part_case()) {
    case v1::UploadPlanRequest::kStart:
      return ReceiveStart(message.start());
    case v1::UploadPlanRequest::kRows:
      break;
    case v1::UploadPlanRequest::PART_NOT_SET:
      return InvalidField("part", "want start, then rows");
  }
  return ReceiveRows(message.rows());
}

absl::Status PlanUpload::ReceiveStart(const v1::UploadPlanRequest::Start& start) {
  if (target_.has_value()) return InvalidField("start", "want it once, in the first message");
  PUHUI_ASSIGN_OR_RETURN(const RequestId id,
                         ParseRequestId(start.request_id(), "start.request_id"));
  PUHUI_ASSIGN_OR_RETURN(CampaignId campaign,
                         ParseCampaignName(start.campaign(), "start.campaign"));
  if (start.rows() == 0) return InvalidField("start.rows", "want how many rows follow, got 0");
  PUHUI_ASSIGN_OR_RETURN(
      const issuing::FoundCampaign found,
      FindCampaignFor(call_.principal(), campaign, parts_.ledger.engine->Latest(), *parts_.tree));
  if (start.rows() > kPlanRowsMax) {
    return ledger::ToStatus({.reason = ledger::Reason::kPlanRowsLimit,
                             .field = "start.rows",
                             .message = absl::StrCat("a plan has at most ", kPlanRowsMax,
                                                     " rows, got ", start.rows())});
  }
  request_id_.assign(id.begin(), id.end());
  target_ = Target{.id = std::move(campaign),
                   .number = found.number,
                   .union_number = found.row.union_number,
                   .rows = start.rows()};
  return absl::OkStatus();
}

absl::Status PlanUpload::ReceiveRows(const v1::UploadPlanRequest::Rows& rows) {
  if (!target_.has_value()) return InvalidField("start", "want it in the first message");
  const auto count = static_cast<std::size_t>(rows.rows_size());
  if (count > kRowsPerImportCallMax) {
    return InvalidField(
        "rows", absl::StrCat("want at most ", kRowsPerImportCallMax, " in a message, got ", count));
  }
  if (rows_.size() + count > target_->rows) {
    return InvalidField("start.rows", absl::StrCat("want ", target_->rows, " rows as it says, got ",
                                                   rows_.size() + count, " and perhaps more"));
  }
  rows_.Add(rows);
  return absl::OkStatus();
}

absl::StatusOr<v1::UploadPlanResponse> PlanUpload::Finish() {
  if (!target_.has_value()) return InvalidField("start", "want it in the first message");
  if (rows_.size() != target_->rows) {
    return InvalidField(
        "start.rows", absl::StrCat("want ", target_->rows, " rows as it says, got ", rows_.size()));
  }
  SetDigest();
  std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const bool answered, KnowsOutcome(*store));
  // The engine answers it again, or says that the id was used with other rows.
  if (answered) return Complete(/*version=*/0);
  PUHUI_RETURN_IF_ERROR(Check(*store));
  store.reset();
  PUHUI_ASSIGN_OR_RETURN(const std::uint32_t version, Begin());
  PUHUI_RETURN_IF_ERROR(SendRows(version));
  return Complete(version);
}

// Keyed, because rows hold a union's own numbers for people.
void PlanUpload::SetDigest() {
  const ledger::Hash rows = rows_.Sha256Of();
  const ledger::Hash digest =
      parts_.ledger.request_key->Digest(absl::StrCat("body/", RuleOf(Rpc::kUploadPlan).name),
                                        absl::StrCat(ledger::AsBytes(rows), target_->id.text()));
  digest_ = ledger::TagFromBytes(ledger::AsBytes(digest).substr(0, 16));
}

absl::StatusOr<bool> PlanUpload::KnowsOutcome(const ledger::Readable& store) const {
  ledger::Sha256 sha256;
  const ledger::Tag key = ledger::RequestKeyOf(call_.principal().caller, request_id_, sha256);
  PUHUI_ASSIGN_OR_RETURN(const auto known, ledger::Find(store, ledger::kRequestTable, key));
  return known.has_value();
}

// The shape of the rows, what the campaign is, who the members are, and what it comes to.
absl::Status PlanUpload::Check(const ledger::Readable& store) {
  PUHUI_RETURN_IF_ERROR(rows_.Parse());
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         issuing::CampaignByNumber(store, target_->number));
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(store, target_->union_number));
  if (const auto refusal = issuing::RefuseNewPlan(found.row, of)) return ledger::ToStatus(*refusal);
  PUHUI_RETURN_IF_ERROR(rows_.Resolve(store, *parts_.vault, target_->union_number));
  issuing::PlanCheck check(
      &store, {.of = target_->union_number,
               .rows = rows_.size(),
               .field_of = [this](std::uint64_t row) { return rows_.MemberField(row); }});
  for (std::size_t first = 0; first < rows_.size(); first += kPlanChunkRows) {
    if (call_.Cancelled()) return absl::CancelledError();
    const std::string piece = rows_.Packed(first, kPlanChunkRows);
    PUHUI_RETURN_IF_ERROR(check.Add(issuing::PlanRowsView(piece)));
  }
  return check.Finish();
}

absl::StatusOr<std::uint32_t> PlanUpload::Begin() const {
  auto command = std::make_unique<issuing::StartPlanCommand>(
      parts_.tables,
      issuing::StartPlanCommand::Wish{.campaign = target_->id, .person = call_.principal().person});
  IdentifyStep(0, *command);
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      parts_.ledger.engine->Run(std::move(command), ledger::Priority::kInteractive));
  return outcome.first().plan_started().version();
}

absl::Status PlanUpload::SendRows(std::uint32_t version) const {
  BulkRun run(parts_.ledger.engine);
  std::uint64_t step = 0;
  for (std::size_t first = 0; first < rows_.size(); first += kPlanChunkRows) {
    if (call_.Cancelled()) return absl::CancelledError();
    issuing::AddPlanRowsCommand::Wish wish{.campaign = target_->number,
                                           .version = version,
                                           .first_row = first,
                                           .rows = rows_.Packed(first, kPlanChunkRows),
                                           .reasons = rows_.Reasons(first, kPlanChunkRows)};
    wish.ahead =
        issuing::ReadForUpload(*parts_.tables, target_->number, issuing::PlanRowsView(wish.rows));
    auto command = std::make_unique<issuing::AddPlanRowsCommand>(parts_.tables, std::move(wish));
    IdentifyStep(++step, *command);
    PUHUI_RETURN_IF_ERROR(run.Give(std::move(command)));
    if (run.full()) PUHUI_RETURN_IF_ERROR(run.Take().status());
  }
  while (!run.empty()) PUHUI_RETURN_IF_ERROR(run.Take().status());
  return absl::OkStatus();
}

absl::StatusOr<v1::UploadPlanResponse> PlanUpload::Complete(std::uint32_t version) const {
  auto command =
      std::make_unique<issuing::CompletePlanCommand>(parts_.tables, target_->number, version);
  command->request = ledger::RequestIdentity{
      .caller = call_.principal().caller, .request_id = request_id_, .digest = digest_};
  command->deadline = call_.deadline();
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome outcome,
      parts_.ledger.engine->Run(std::move(command), ledger::Priority::kInteractive));
  v1::UploadPlanResponse response;
  *response.mutable_plan() = PlanOf(outcome.first().plan_completed());
  return response;
}

void PlanUpload::IdentifyStep(std::uint64_t step, ledger::Command& command) const {
  command.request = StepIdentity(call_.principal().caller, request_id_, step, digest_);
  command.deadline = call_.deadline();
}

}  // namespace puhui::services
