// SPDX-License-Identifier: Apache-2.0
#include "services/cli/campaign_command.h"

#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/money.h"
#include "services/cli/times.h"

#include "absl/strings/str_join.h"

namespace puhui::services {
namespace {

using Stub = v1::CampaignService::Stub;

void AddCreate(Noun& noun) {
  noun.Changes(
      {"create", "Create a campaign, in DRAFT"}, &Stub::CreateCampaign,
      [](CLI::App& app, v1::CreateCampaignRequest& request) -> Prepare {
        app.add_option("id", *request.mutable_campaign_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        AddName(app, "--union", request.mutable_union_(), "unions")->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        app.add_option("--occasion", *request.mutable_occasion(), "For example spring-festival")
            ->required();
        v1::Terms& terms = *request.mutable_terms();
        app.add_option_function<std::vector<std::string>>(
            "--category",
            [&terms](const std::vector<std::string>& categories) {
              for (const std::string& category : categories) {
                terms.add_merchant_categories(category);
              }
            },
            "A merchant category that may be paid; may be repeated. Default: all");
        AddEnum<v1::ExpiryPolicy>(
            app, "--expiry-policy",
            [&terms](v1::ExpiryPolicy policy) { terms.set_expiry_policy(policy); },
            "What unspent points become");
        const auto expires = std::make_shared<std::string>();
        app.add_option("--expires", *expires,
                       "The last day to spend, such as 2027-03-01, in --zone; or a moment")
            ->required();
        return [expires, &terms](const Invocation& invocation) {
          const absl::StatusOr<absl::Time> end = ParseEndOfDay(*expires, invocation.zone());
          if (end.ok()) *terms.mutable_expire_time() = ToTimestamp(*end);
          return end.status();
        };
      },
      [](Output& output, const v1::CreateCampaignResponse& response) {
        PrintCampaign(output, response.campaign());
      });
}

// submit and approve: both name the plan they mean.
template <class Request, class Response>
void AddDecision(Noun& noun, const Verb& verb, UnaryMethod<Stub, Request, Response> method) {
  noun.Changes(
      verb, method,
      [](CLI::App& app, Request& request) {
        AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
        app.add_option("--plan-hash", *request.mutable_plan_hash(),
                       "The hash of the plan that is meant; `campaign get` shows it")
            ->required();
      },
      [](Output& output, const Response& response) { PrintCampaign(output, response.campaign()); });
}

void AddRows(Noun& noun) {
  noun.Lists(
      {"rows", "List the rows of the plan with what became of each"}, &Stub::ListRows,
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

void PrintCampaign(Output& output, const v1::Campaign& campaign) {
  output.Fields({{"name", campaign.name()},
                 {"display name", campaign.display_name()},
                 {"union", campaign.union_()},
                 {"occasion", campaign.occasion()},
                 {"state", EnumText(campaign.state())},
                 {"spend by", output.End(campaign.terms().expire_time())},
                 {"categories", absl::StrJoin(campaign.terms().merchant_categories(), " ")},
                 {"created", output.Time(campaign.create_time())}});
  if (campaign.has_plan() && campaign.plan().rows() > 0) PrintPlan(output, campaign.plan());
  if (campaign.has_progress() && campaign.progress().rows_done() > 0) {
    PrintIssueProgress(output, campaign.progress());
  }
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

void AddVerdicts(Output& output, Table& table,
                 const google::protobuf::RepeatedPtrField<v1::RowVerdict>& verdicts) {
  for (const v1::RowVerdict& verdict : verdicts) {
    table.AddRow({absl::StrCat(verdict.row()), verdict.member(), output.Points(verdict.points()),
                  EnumText(verdict.outcome()), verdict.reason()});
  }
}

void AddCampaignCommands(CommandLine& line) {
  Noun noun(line, "campaign", "Preparing a holiday, having it approved, and issuing it");
  AddCreate(noun);
  noun.Reads(
      {"get", "Show a campaign"}, &Stub::GetCampaign,
      [](CLI::App& app, v1::GetCampaignRequest& request) {
        AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
      },
      [](Output& output, const v1::GetCampaignResponse& response) {
        PrintCampaign(output, response.campaign());
      });
  AddPlanVerbs(noun);
  AddDecision(noun, {"submit", "Freeze the plan and ask for approval"}, &Stub::SubmitCampaign);
  AddDecision(noun, {"approve", "Approve exactly one plan and reserve its total"},
              &Stub::ApproveCampaign);
  AddIssueVerbs(noun);
  AddRows(noun);
}

}  // namespace puhui::services
