// SPDX-License-Identifier: Apache-2.0
#include "services/cli/campaign_command.h"

#include "ledger/base/status_macros.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/cli/claw_back_command.h"
#include "services/cli/commands.h"
#include "services/cli/money.h"
#include "services/cli/report_command.h"
#include "services/cli/rule_pack_command.h"
#include "services/cli/terms_flags.h"
#include "services/yaml/yaml_message.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using CampaignStub = v1::CampaignService::Stub;

// The file's fields, where `request` has none.
absl::Status FillFrom(const std::string& path, v1::CreateCampaignRequest* request) {
  v1::CreateCampaignRequest file;
  PUHUI_RETURN_IF_ERROR(ReadYamlFile(path, &file).status());
  const auto fill = [](const std::string& from, std::string* field) {
    if (field->empty()) *field = from;
  };
  fill(file.request_id(), request->mutable_request_id());
  fill(file.campaign_id(), request->mutable_campaign_id());
  fill(file.union_(), request->mutable_union_());
  fill(file.display_name(), request->mutable_display_name());
  fill(file.occasion(), request->mutable_occasion());
  fill(file.origin(), request->mutable_origin());
  *request->mutable_terms() = std::move(*file.mutable_terms());
  return absl::OkStatus();
}

void AddCampaignCreate(Noun& noun) {
  noun.Changes(
      {"create", "Create a campaign, in DRAFT"}, &CampaignStub::CreateCampaign,
      [](CLI::App& app, v1::CreateCampaignRequest& request) -> Prepare {
        const auto file = std::make_shared<std::string>();
        app.add_option("--file", *file,
                       "A YAML file with the fields of puhui.v1.CreateCampaignRequest; what flags "
                       "say stands over it");
        app.add_option("id", *request.mutable_campaign_id(), "1 to 40 of a-z, 0-9 and '-'");
        AddName(app, "--union", request.mutable_union_(), "unions");
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read");
        app.add_option("--occasion", *request.mutable_occasion(), "For example spring-festival");
        AddName(app, "--origin", request.mutable_origin(), "unions")
            ->description("Whose money it issues; default: the union's own");
        const Prepare fill_terms = AddTermsFlags(app, TermsUse::kRequired, request.mutable_terms());
        return [file, fill_terms, &request](const Invocation& invocation) {
          if (!file->empty()) PUHUI_RETURN_IF_ERROR(FillFrom(*file, &request));
          return fill_terms(invocation);
        };
      },
      [](Output& output, const v1::CreateCampaignResponse& response) {
        PrintCampaign(output, response.campaign());
      });
}

void AddCampaignList(Noun& noun) {
  noun.Lists(
      {"list", "List campaigns of a union and of all below it, the newest first"},
      &CampaignStub::ListCampaigns,
      [](CLI::App& app, v1::ListCampaignsRequest& request) {
        AddName(app, "--union", request.mutable_parent(), "unions")
            ->description("Default: all that you may see");
        AddEnum<v1::CampaignState>(
            app, "--state", [&request](v1::CampaignState state) { request.set_state(state); },
            "Only those that stand here");
      },
      {{"CAMPAIGN", Table::Align::kLeft},
       {"UNION", Table::Align::kLeft},
       {"STATE", Table::Align::kLeft},
       {"ROWS", Table::Align::kRight},
       {"POINTS", Table::Align::kRight},
       {"NAME", Table::Align::kLeft}},
      [](Output& output, Table& table, const v1::ListCampaignsResponse& response) {
        for (const v1::Campaign& campaign : response.campaigns()) {
          table.AddRow({campaign.name(), campaign.union_(), EnumText(campaign.state()),
                        FormatCount(campaign.plan().rows()),
                        output.Points(campaign.plan().points()), campaign.display_name()});
        }
      });
}

void AddRows(Noun& noun) {
  noun.Lists(
      {"rows", "List the rows of the plan with what became of each"}, &CampaignStub::ListRows,
      [](CLI::App& app, v1::ListRowsRequest& request) {
        AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
        app.add_flag_callback(
            "--refused-only", [&request] { request.set_refused_only(true); },
            "Only rows that were refused");
      },
      VerdictColumns(),
      [](Output& output, Table& table, const v1::ListRowsResponse& response) {
        AddVerdicts(output, table, response.rows());
      });
}

}  // namespace

void PrintPlan(Output& output, const v1::Plan& plan) {
  output.Fields({{"plan hash", plan.hash()},
                 {"plan rows", FormatCount(plan.rows())},
                 {"plan points", output.Points(plan.points())}});
}

namespace {

void PrintApprovals(Output& output, const v1::Campaign& campaign) {
  if (campaign.approvers_needed() > 0) {
    output.Fields({{"approvals",
                    absl::StrCat(campaign.approvals_size(), " of ", campaign.approvers_needed())}});
  }
  if (campaign.has_approvals_expire_time()) {
    output.Fields({{"approvals until", output.Time(campaign.approvals_expire_time())}});
  }
  for (const v1::Approval& approval : campaign.approvals()) {
    output.Fields({{"approved by",
                    absl::StrCat(approval.person(), ", ", output.Time(approval.approve_time()))}});
  }
  if (campaign.void_reason() != v1::VOID_REASON_UNSPECIFIED) {
    output.Fields({{"approvals void", EnumText(campaign.void_reason())}});
  }
  if (!campaign.end_reason().empty()) output.Fields({{"why", campaign.end_reason()}});
}

}  // namespace

void PrintCampaign(Output& output, const v1::Campaign& campaign) {
  output.Fields({{"name", campaign.name()},
                 {"display name", campaign.display_name()},
                 {"union", campaign.union_()},
                 {"whose money", campaign.origin()},
                 {"occasion", campaign.occasion()},
                 {"state", EnumText(campaign.state())},
                 {"created", output.Time(campaign.create_time())},
                 {"etag", campaign.etag()}});
  // The answer to a change may say nothing of the terms, and of the plan the hash alone.
  if (campaign.has_terms()) PrintTerms(output, campaign.terms());
  PrintApprovals(output, campaign);
  const v1::Plan& plan = campaign.plan();
  output.Fields({{"plan hash", plan.hash()},
                 {"plan rows", plan.rows() == 0 ? "" : FormatCount(plan.rows())},
                 {"plan points", plan.points() == 0 ? "" : output.Points(plan.points())}});
  const v1::IssueProgress& progress = campaign.progress();
  if (progress.has_start_time()) {
    output.Fields(
        {{"run from", output.Time(progress.start_time())},
         {"all or nothing", progress.all_or_nothing() ? "yes" : ""},
         {"paused", progress.paused() ? "yes" : ""},
         {"paused by", progress.has_stopped_by() ? StopText(progress.stopped_by()) : ""}});
  }
  if (progress.rows_done() > 0) PrintIssueProgress(output, progress);
}

std::string StopText(const v1::RunStop& stop) {
  return absl::StrCat(
      "row ", stop.row(), " would be refused: ", stop.reason(),
      stop.rows() > 1 ? absl::StrCat("; ", FormatCount(stop.rows()), " in all") : std::string());
}

void PrintIssueProgress(Output& output, const v1::IssueProgress& progress) {
  output.Fields({{"rows done", absl::StrCat(FormatCount(progress.rows_done()), "/",
                                            FormatCount(progress.rows()))},
                 {"rows granted", FormatCount(progress.rows_granted())},
                 {"rows refused", FormatCount(progress.rows_refused())},
                 {"points granted", output.Points(progress.points_granted())}});
}

std::vector<Table::Column> VerdictColumns() {
  return {{"ROW", Table::Align::kRight},
          {"MEMBER", Table::Align::kLeft},
          {"POINTS", Table::Align::kRight},
          {"OUTCOME", Table::Align::kLeft},
          {"REASON", Table::Align::kLeft}};
}

namespace {

std::string ReasonText(const Output& output, const v1::RowVerdict& verdict) {
  return verdict.rule().empty()
             ? verdict.reason()
             : absl::StrCat(verdict.reason(), ": ", BrokenRuleText(output, verdict));
}

}  // namespace

void AddVerdicts(Output& output, Table& table,
                 const google::protobuf::RepeatedPtrField<v1::RowVerdict>& verdicts) {
  for (const v1::RowVerdict& verdict : verdicts) {
    table.AddRow({absl::StrCat(verdict.row()), verdict.member(), output.Points(verdict.points()),
                  EnumText(verdict.outcome()), ReasonText(output, verdict)});
  }
}

void AddCampaignCommands(CommandLine& line) {
  Noun noun(line, "campaign", "Preparing a holiday, having it approved, and issuing it");
  AddCampaignCreate(noun);
  noun.Reads(
      {"get", "Show a campaign"}, &CampaignStub::GetCampaign,
      [](CLI::App& app, v1::GetCampaignRequest& request) {
        AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
      },
      [](Output& output, const v1::GetCampaignResponse& response) {
        PrintCampaign(output, response.campaign());
      });
  AddCampaignList(noun);
  AddPlanVerbs(noun);
  AddLifeVerbs(noun);
  AddIssueVerbs(noun);
  AddRows(noun);
  AddCampaignReportVerbs(noun);
  AddClawBackVerbs(noun);
}

}  // namespace puhui::services
