// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/cli/campaign_command.h"
#include "services/cli/error_text.h"
#include "services/cli/input_file.h"
#include "services/cli/money.h"
#include "services/cli/plan_file.h"
#include "services/yaml/yaml_message.h"

#include <algorithm>
#include <ostream>

namespace puhui::services {
namespace {

using CampaignStub = v1::CampaignService::Stub;

constexpr std::size_t kRowsPerMessage = 2'000;
constexpr std::size_t kPlanProblemsShown = 20;

struct CampaignUpload {
  std::string path;
  bool skip_bad_rows = false;
  std::optional<std::int64_t> points;
  v1::UploadPlanRequest::Start start;
};

void PrintProblems(std::ostream& err, const PlanFile& plan) {
  const std::size_t shown = std::min(plan.problems.size(), kPlanProblemsShown);
  for (std::size_t i = 0; i < shown; ++i) err << plan.problems[i] << '\n';
  if (shown < plan.problems.size()) err << "and " << plan.problems.size() - shown << " more\n";
}

// The rows of the file; says what is wrong with it on the way.
absl::StatusOr<PlanFile> ReadPlan(const CampaignUpload& upload, const Invocation& invocation) {
  PUHUI_ASSIGN_OR_RETURN(const std::string bytes, ReadInputFile(upload.path, kImportFileBytesMax));
  const absl::Time now = invocation.environment().now();
  PUHUI_ASSIGN_OR_RETURN(
      PlanFile plan,
      ParsePlanFile(bytes, PlanFileOptions{.points = upload.points,
                                           .today = absl::ToCivilDay(now, invocation.zone())}));
  PrintProblems(*invocation.environment().err, plan);
  if (!plan.problems.empty() && !upload.skip_bad_rows) {
    return absl::InvalidArgumentError(
        "the plan was not sent: mend the file, or leave its bad rows out with --skip-bad-rows");
  }
  return plan;
}

// Message 0 says what the upload is, message n carries the n-th slice of rows.
bool FillCampaignUpload(const CampaignUpload& upload, const std::vector<v1::PlanRow>& rows,
                        std::size_t index, v1::UploadPlanRequest& message) {
  if (index == 0) {
    *message.mutable_start() = upload.start;
    return true;
  }
  const std::size_t from = (index - 1) * kRowsPerMessage;
  if (from >= rows.size()) return false;
  const std::size_t to = std::min(from + kRowsPerMessage, rows.size());
  auto& slice = *message.mutable_rows()->mutable_rows();
  for (std::size_t i = from; i < to; ++i) *slice.Add() = rows[i];
  return true;
}

ExitCode RunCampaignUpload(CampaignUpload& upload, Invocation& invocation) {
  const absl::StatusOr<PlanFile> plan = ReadPlan(upload, invocation);
  if (!plan.ok()) return invocation.Fail(plan.status(), ExitCode::kInvalidArgument);
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  invocation.SettleRequestId(upload.start.mutable_request_id());
  upload.start.set_rows(plan->rows.size());
  v1::UploadPlanResponse response;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "sending", "rows");
    const auto fill = [&](std::size_t index, v1::UploadPlanRequest& message) {
      progress.Show(std::min(index * kRowsPerMessage, plan->rows.size()), plan->rows.size());
      return FillCampaignUpload(upload, plan->rows, index, message);
    };
    status = service->WriteStream(&CampaignStub::UploadPlan, fill, &response);
  }
  const ExitCode code =
      invocation.Settle(ByLines(status, plan->lines), RepeatAdvice(upload.start.request_id()));
  if (code != ExitCode::kOk) return code;
  invocation.output().Show(response, [](Output& output, const v1::UploadPlanResponse& answer) {
    PrintPlan(output, answer.plan());
  });
  return ExitCode::kOk;
}

void AddCampaignUpload(Noun& noun) {
  CLI::App& app = noun.AddVerb({"upload-plan", "Send who receives how many points (CSV)"});
  const auto upload = std::make_shared<CampaignUpload>();
  AddName(app, "campaign", upload->start.mutable_campaign(), "campaigns")->required();
  app.add_option(
         "file", upload->path,
         "A roster, or a table with a column of members (external_id, member, card_number or "
         "id_number), one of points and, if you like, one of reasons")
      ->required();
  AddPoints(app, [upload](std::int64_t points) {
    upload->points = points;
  })->description("The same points for every row, whatever the file says");
  app.add_flag("--skip-bad-rows", upload->skip_bad_rows,
               "Leave out rows that cannot be read instead of refusing the file");
  AddRequestId(app, upload->start.mutable_request_id());
  noun.OnVerb(app,
              [upload](Invocation& invocation) { return RunCampaignUpload(*upload, invocation); });
}

void PrintSummary(Output& output, const v1::PreviewCampaignResponse::Summary& summary) {
  output.Fields({{"would be granted", FormatCount(summary.rows_granted())},
                 {"would be refused", FormatCount(summary.rows_refused())},
                 {"points", output.Points(summary.points_granted())},
                 {"in budget", output.Points(summary.budget_points())},
                 {"budget covers plan", summary.budget_covers_plan() ? "yes" : "NO"}});
  for (const v1::PreviewCampaignResponse::RefusedCount& refused : summary.refused()) {
    output.Fields({{refused.reason(), FormatCount(refused.rows())}});
  }
  PrintPlan(output, summary.plan());
}

struct Preview {
  v1::PreviewCampaignRequest request;
  bool refused_only = false;
};

google::protobuf::RepeatedPtrField<v1::RowVerdict> Shown(
    const google::protobuf::RepeatedPtrField<v1::RowVerdict>& verdicts, bool refused_only) {
  if (!refused_only) return verdicts;
  google::protobuf::RepeatedPtrField<v1::RowVerdict> refused;
  for (const v1::RowVerdict& verdict : verdicts) {
    if (verdict.outcome() == v1::RowVerdict::OUTCOME_REFUSED) *refused.Add() = verdict;
  }
  return refused;
}

// The rule of a file, in YAML or JSON, or the same points for everybody.
struct Build {
  v1::BuildPlanRequest request;
  std::string path;
  std::optional<std::int64_t> points;
};

absl::Status ReadRule(Build& build) {
  v1::PlanRule& rule = *build.request.mutable_rule();
  if (build.path.empty() == !build.points.has_value()) {
    return absl::InvalidArgumentError("want either --rule or --points");
  }
  if (build.points.has_value()) {
    rule.add_tiers()->set_points(*build.points);
    return absl::OkStatus();
  }
  const bool subtree = rule.subtree();
  PUHUI_RETURN_IF_ERROR(ReadYamlFile(build.path, &rule).status());
  if (subtree) rule.set_subtree(true);
  return absl::OkStatus();
}

ExitCode RunBuild(Build& build, Invocation& invocation) {
  if (const absl::Status ready = ReadRule(build); !ready.ok()) {
    return invocation.Fail(ready, ExitCode::kInvalidArgument);
  }
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  invocation.SettleRequestId(build.request.mutable_request_id());
  Output& output = invocation.output();
  v1::BuildPlanResponse last;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "looking", "members");
    status = service->ReadStream(&CampaignStub::BuildPlan, build.request, Client::Restart::kAlways,
                                 [&](const v1::BuildPlanResponse& message) {
                                   last = message;
                                   if (output.json()) return output.Json(message, false);
                                   progress.Show(message.members(), 0);
                                 });
  }
  const ExitCode code = invocation.Settle(status, RepeatAdvice(build.request.request_id()));
  if (code != ExitCode::kOk || output.json()) return code;
  PrintPlan(output, last.plan());
  return code;
}

void AddBuild(Noun& noun) {
  CLI::App& app = noun.AddVerb({"build-plan", "Make the plan from a rule: who, by tiers"});
  const auto build = std::make_shared<Build>();
  AddName(app, "campaign", build->request.mutable_name(), "campaigns")->required();
  app.add_option(
      "--rule", build->path,
      "A YAML file with tiers: points, employments, departments, joined_from, joined_to");
  AddPoints(app, [build](std::int64_t points) {
    build->points = points;
  })->description("The same points for every active member");
  app.add_flag_callback(
      "--subtree", [build] { build->request.mutable_rule()->set_subtree(true); },
      "Also the members of the unions below");
  AddRequestId(app, build->request.mutable_request_id());
  noun.OnVerb(app, [build](Invocation& invocation) { return RunBuild(*build, invocation); });
}

ExitCode RunPreview(const Preview& preview, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  Output& output = invocation.output();
  Table table(VerdictColumns());
  const grpc::Status status = service->ReadStream(
      &CampaignStub::PreviewCampaign, preview.request, Client::Restart::kOnlyIfNothingCame,
      [&](const v1::PreviewCampaignResponse& message) {
        if (output.json()) return output.Json(message, false);
        if (!message.verdicts().empty()) {
          AddVerdicts(output, table, Shown(message.verdicts(), preview.refused_only));
          output.Flush(table);
        }
        if (message.has_summary()) PrintSummary(output, message.summary());
      });
  return invocation.Settle(status);
}

}  // namespace

void AddPlanVerbs(Noun& noun) {
  AddCampaignUpload(noun);
  AddBuild(noun);
  CLI::App& app = noun.AddVerb({"preview", "Show a verdict per row; nothing is written"});
  const auto preview = std::make_shared<Preview>();
  AddName(app, "campaign", preview->request.mutable_name(), "campaigns")->required();
  app.add_flag("--refused-only", preview->refused_only,
               "Of the rows only those that would be refused; the counts are of all");
  noun.OnVerb(app, [preview](Invocation& invocation) { return RunPreview(*preview, invocation); });
}

}  // namespace puhui::services
