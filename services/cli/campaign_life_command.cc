// SPDX-License-Identifier: Apache-2.0
// The verbs that change where a campaign stands.
#include "ledger/base/status_macros.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/cli/campaign_command.h"
#include "services/cli/terms_flags.h"

namespace puhui::services {
namespace {

using CampaignStub = v1::CampaignService::Stub;

template <class Response>
void PrintCampaignOf(Output& output, const Response& response) {
  PrintCampaign(output, response.campaign());
}

template <class Request>
void NameAndPlan(CLI::App& app, Request& request) {
  AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
  app.add_option("--plan-hash", *request.mutable_plan_hash(),
                 "The hash of the plan that is meant; `campaign get` shows it")
      ->required();
}

template <class Request>
void NameAlone(CLI::App& app, Request& request) {
  AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
}

template <class Request>
void NameAndReason(CLI::App& app, Request& request) {
  NameAlone(app, request);
  app.add_option("--reason", *request.mutable_reason(),
                 "Why, without personal data; it stands in the journal for ever")
      ->required();
}

void AddCampaignUpdate(Noun& noun) {
  noun.Changes(
      {"update",
       "Change a campaign; terms are given whole, and whatever was approved of it is void"},
      &CampaignStub::UpdateCampaign,
      [](CLI::App& app, v1::UpdateCampaignRequest& request) -> Prepare {
        v1::Campaign& campaign = *request.mutable_campaign();
        AddName(app, "campaign", campaign.mutable_name(), "campaigns")->required();
        app.add_option("--etag", *campaign.mutable_etag(),
                       "As it was read: refused when the campaign has changed since");
        CLI::Option* const name = app.add_option("--display-name", *campaign.mutable_display_name(),
                                                 "The name people read");
        CLI::Option* const occasion = app.add_option("--occasion", *campaign.mutable_occasion(),
                                                     "For example spring-festival");
        const Prepare fill_terms =
            AddTermsFlags(app, TermsUse::kOptional, campaign.mutable_terms());
        return [name, occasion, fill_terms, &request](const Invocation& invocation) {
          PUHUI_RETURN_IF_ERROR(fill_terms(invocation));
          if (name->count() > 0) request.mutable_update_mask()->add_paths("display_name");
          if (occasion->count() > 0) request.mutable_update_mask()->add_paths("occasion");
          if (request.campaign().terms().ByteSizeLong() > 0) {
            request.mutable_update_mask()->add_paths("terms");
          }
          return absl::OkStatus();
        };
      },
      PrintCampaignOf<v1::UpdateCampaignResponse>);
}

}  // namespace

void AddLifeVerbs(Noun& noun) {
  AddCampaignUpdate(noun);
  noun.Changes({"submit", "Freeze the plan and ask for approval"}, &CampaignStub::SubmitCampaign,
               NameAndPlan<v1::SubmitCampaignRequest>, PrintCampaignOf<v1::SubmitCampaignResponse>);
  noun.Changes(
      {"approve", "Approve exactly one plan under exactly these terms"},
      &CampaignStub::ApproveCampaign,
      [](CLI::App& app, v1::ApproveCampaignRequest& request) {
        NameAndPlan(app, request);
        app.add_option("--etag", *request.mutable_etag(),
                       "Of the campaign as it was looked at; `campaign get` shows it")
            ->required();
      },
      PrintCampaignOf<v1::ApproveCampaignResponse>);
  noun.Changes(
      {"reject", "Send a campaign back, with the reason"}, &CampaignStub::RejectCampaign,
      [](CLI::App& app, v1::RejectCampaignRequest& request) {
        NameAndReason(app, request);
        app.add_option("--etag", *request.mutable_etag(),
                       "As it was read: refused when the campaign has changed since");
      },
      PrintCampaignOf<v1::RejectCampaignResponse>);
  noun.Changes({"pause", "Stop an issue run between two rows"}, &CampaignStub::PauseIssueRun,
               NameAlone<v1::PauseIssueRunRequest>, PrintCampaignOf<v1::PauseIssueRunResponse>);
  noun.Changes(
      {"resume", "Go on with a paused issue run"}, &CampaignStub::ResumeIssueRun,
      [](CLI::App& app, v1::ResumeIssueRunRequest& request) {
        NameAlone(app, request);
        app.add_flag_callback(
            "--without-all-or-nothing", [&request] { request.set_without_all_or_nothing(true); },
            "From here on rows that are refused do not stop it");
      },
      PrintCampaignOf<v1::ResumeIssueRunResponse>);
  noun.Changes({"close", "End a campaign of which nothing is left"}, &CampaignStub::CloseCampaign,
               NameAlone<v1::CloseCampaignRequest>, PrintCampaignOf<v1::CloseCampaignResponse>);
  noun.Changes({"cancel", "End a campaign before its run does; what was granted stays"},
               &CampaignStub::CancelCampaign, NameAndReason<v1::CancelCampaignRequest>,
               PrintCampaignOf<v1::CancelCampaignResponse>);
}

}  // namespace puhui::services
