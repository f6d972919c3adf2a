// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/cli/campaign_command.h"
#include "services/cli/money.h"
#include "services/cli/times.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

using CampaignStub = v1::CampaignService::Stub;

// What a run waits for, or when it will have ended.
std::string Outlook(const Output& output, const v1::IssueProgress& progress) {
  if (progress.has_stopped_by()) return StopText(progress.stopped_by());
  if (progress.paused()) return "paused";
  if (!progress.has_estimated_end_time()) return "";
  return absl::StrCat(FormatCount(static_cast<std::uint64_t>(progress.rows_per_second())),
                      " a second, until ", output.Time(progress.estimated_end_time()));
}

// Follows an issue run to its end. A broken stream is taken up again: progress is absolute.
ExitCode WatchIssue(const std::string& campaign, Invocation& invocation) {
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  v1::WatchIssueRunRequest request;
  request.set_name(campaign);
  Output& output = invocation.output();
  v1::IssueProgress last;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "issuing", "rows");
    status =
        service->ReadStream(&CampaignStub::WatchIssueRun, request, Client::Restart::kAlways,
                            [&](const v1::WatchIssueRunResponse& message) {
                              last = message.progress();
                              if (output.json()) return output.Json(message, false);
                              progress.Show(last.rows_done(), last.rows(), Outlook(output, last));
                            });
  }
  const ExitCode code = invocation.Settle(status);
  if (code != ExitCode::kOk || output.json()) return code;
  output.Fields({{"state", EnumText(last.state())}});
  PrintIssueProgress(output, last);
  return code;
}

struct Issue {
  v1::IssueCampaignRequest request;
  std::string start;
  bool watch = false;
};

ExitCode RunIssue(Issue& issue, Invocation& invocation) {
  if (!issue.start.empty()) {
    const absl::StatusOr<absl::Time> start = ParseMoment(issue.start);
    if (!start.ok()) return invocation.Fail(start.status(), ExitCode::kUsage);
    *issue.request.mutable_start_time() = ToTimestamp(*start);
  }
  invocation.SettleRequestId(issue.request.mutable_request_id());
  v1::IssueCampaignResponse response;
  const std::string advice = RepeatAdvice(issue.request.request_id());
  const ExitCode code =
      issue.request.all_or_nothing()
          ? invocation.CallLong(&CampaignStub::IssueCampaign, issue.request, &response, advice)
          : invocation.Call(&CampaignStub::IssueCampaign, issue.request, &response, advice);
  if (code != ExitCode::kOk) return code;
  if (invocation.output().json()) {
    invocation.output().Json(response, !issue.watch);
  } else if (!issue.watch) {
    PrintCampaign(invocation.output(), response.campaign());
  }
  return issue.watch ? WatchIssue(issue.request.name(), invocation) : ExitCode::kOk;
}

}  // namespace

void AddIssueVerbs(Noun& noun) {
  CLI::App& issue_app = noun.AddVerb({"issue", "Start the issue run of an approved campaign"});
  const auto issue = std::make_shared<Issue>();
  AddName(issue_app, "campaign", issue->request.mutable_name(), "campaigns")->required();
  issue_app.add_option("--at", issue->start,
                       "When to begin, such as 2027-02-01T09:00:00+08:00; default: at once");
  issue_app.add_flag_callback(
      "--all-or-nothing", [issue] { issue->request.set_all_or_nothing(true); },
      "Issue nothing when a row would be refused; seconds for a large plan");
  issue_app.add_flag("--watch", issue->watch, "Follow the run to its end");
  AddRequestId(issue_app, issue->request.mutable_request_id());
  noun.OnVerb(issue_app, [issue](Invocation& invocation) { return RunIssue(*issue, invocation); });

  CLI::App& watch_app = noun.AddVerb({"watch", "Follow an issue run to its end"});
  const auto campaign = std::make_shared<std::string>();
  AddName(watch_app, "campaign", campaign.get(), "campaigns")->required();
  noun.OnVerb(watch_app,
              [campaign](Invocation& invocation) { return WatchIssue(*campaign, invocation); });
}

}  // namespace puhui::services
