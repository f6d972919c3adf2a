// SPDX-License-Identifier: Apache-2.0
// The verbs of campaigns.
#include "issuing/app/approval_commands.h"
#include "issuing/app/plan_commands.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/run_commands.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "tests/unit/issuing/app/issuing_ledger.h"

#include <utility>

namespace puhui::issuing {
Result IssuingLedger::CreateCampaign(absl::string_view id, absl::string_view union_id,
                                     absl::Duration expires_in, bool expire_to_union,
                                     absl::string_view origin) {
  CreateCampaignCommand::Wish wish{.id = Named<CampaignId>(id),
                                   .union_id = Named<UnionId>(union_id),
                                   .display_name = "Holiday",
                                   .occasion = "spring-festival",
                                   .terms = {.expiry = ledger.clock().Now() + expires_in,
                                             .categories = {5411, 1000, 5411},
                                             .expire_to_union = expire_to_union},
                                   .person = "cora"};
  if (!origin.empty()) wish.origin = Named<UnionId>(origin);
  CreateCampaignCommand command(&tables, std::move(wish));
  return ledger.Run(command);
}

Result IssuingLedger::StartPlan(absl::string_view campaign, absl::string_view person) {
  StartPlanCommand command(
      &tables, {.campaign = Named<CampaignId>(campaign), .person = std::string(person)});
  return ledger.Run(command);
}

Result IssuingLedger::AddRows(absl::string_view campaign, std::uint64_t first_row,
                              const std::string& rows) {
  const CampaignRef at = Campaign(campaign);
  AddPlanRowsCommand command(&tables, {.campaign = at.number,
                                       .version = at.row->plan_versions,
                                       .first_row = first_row,
                                       .rows = rows});
  return ledger.Run(command);
}

Result IssuingLedger::CompletePlan(absl::string_view campaign) {
  const CampaignRef at = Campaign(campaign);
  CompletePlanCommand command(&tables, at.number, at.row->plan_versions);
  return ledger.Run(command);
}

Result IssuingLedger::UploadPlan(absl::string_view campaign, const NamedRows& rows,
                                 absl::string_view person) {
  PUHUI_RETURN_IF_ERROR(StartPlan(campaign, person).status());
  const std::string packed = Packed(rows);
  constexpr std::size_t kPieceBytes = kPlanChunkRows * kPlanRowBytes;
  for (std::size_t at = 0; at < packed.size(); at += kPieceBytes) {
    PUHUI_RETURN_IF_ERROR(
        AddRows(campaign, at / kPlanRowBytes, packed.substr(at, kPieceBytes)).status());
  }
  return CompletePlan(campaign);
}

Result IssuingLedger::Submit(absl::string_view campaign, absl::string_view person) {
  SubmitCampaignCommand command(&tables, &ledger.views(),
                                {.campaign = Named<CampaignId>(campaign),
                                 .plan_hash = HashOf(campaign),
                                 .person = std::string(person)});
  return ledger.Run(command);
}

Result IssuingLedger::Approve(absl::string_view campaign, absl::string_view person,
                              absl::string_view etag) {
  ApproveCampaignCommand command(&tables, &ledger.views(),
                                 {.campaign = Named<CampaignId>(campaign),
                                  .plan_hash = HashOf(campaign),
                                  .etag = std::string(etag),
                                  .person = std::string(person)});
  return ledger.Run(command);
}

Result IssuingLedger::Reject(absl::string_view campaign, absl::string_view etag) {
  RejectCampaignCommand command(&tables, {.campaign = Named<CampaignId>(campaign),
                                          .etag = std::string(etag),
                                          .reason = "too much",
                                          .person = "ann"});
  return ledger.Run(command);
}

Result IssuingLedger::UpdateCampaign(UpdateCampaignCommand::Wish wish) {
  UpdateCampaignCommand command(&tables, &ledger.views(), std::move(wish));
  return ledger.Run(command);
}

Result IssuingLedger::StartIssue(absl::string_view campaign, absl::Duration in,
                                 bool all_or_nothing) {
  StartIssueCommand command(&tables, &ledger.views(),
                            {.campaign = Named<CampaignId>(campaign),
                             .start = ledger.clock().Now() + in,
                             .person = "sam",
                             .all_or_nothing = all_or_nothing});
  return ledger.Run(command);
}

Result IssuingLedger::Pause(absl::string_view campaign) {
  PauseIssueCommand command(&tables, {.campaign = Named<CampaignId>(campaign), .person = "sam"});
  return ledger.Run(command);
}

Result IssuingLedger::Resume(absl::string_view campaign, bool without_all_or_nothing) {
  ResumeIssueCommand command(&tables, {.campaign = Named<CampaignId>(campaign),
                                       .person = "sam",
                                       .without_all_or_nothing = without_all_or_nothing});
  return ledger.Run(command);
}

Result IssuingLedger::Cancel(absl::string_view campaign) {
  CancelCampaignCommand command(
      &tables, {.campaign = Named<CampaignId>(campaign), .reason = "no festival", .person = "sam"});
  return ledger.Run(command);
}

Result IssuingLedger::CloseCampaign(absl::string_view campaign) {
  CloseCampaignCommand command(&tables, &ledger.views(),
                               {.campaign = Named<CampaignId>(campaign), .person = "sam"});
  return ledger.Run(command);
}

std::string IssuingLedger::CampaignEtagOf(absl::string_view campaign) {
  const CampaignRef found = Campaign(campaign);
  return CampaignEtag(found.number, found.row->changed);
}

}  // namespace puhui::issuing
