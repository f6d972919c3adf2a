// SPDX-License-Identifier: Apache-2.0
// Points that are taken back: `puhui campaign claw-back` and the verbs around it.
#include "services/cli/claw_back_command.h"

#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/cli/money.h"
#include "services/cli/output.h"

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using CampaignStub = v1::CampaignService::Stub;

constexpr absl::Duration kClawBackLookEvery = absl::Milliseconds(500);

void PrintClawBack(Output& output, const v1::ClawBack& claw_back) {
  output.Fields(
      {{"name", claw_back.name()},
       {"state", EnumText(claw_back.state())},
       {"reason", claw_back.reason()},
       {"rows", FormatCount(claw_back.rows())},
       {"most of a row",
        claw_back.points_per_row_max() == 0 ? "" : output.Points(claw_back.points_per_row_max())},
       {"most in all", output.Points(claw_back.points_max())},
       {"second person", claw_back.needs_confirmation() ? "needed" : "not needed"},
       {"proposed", claw_back.has_create_time() ? output.Time(claw_back.create_time()) : ""},
       {"decided", claw_back.has_decide_time() ? output.Time(claw_back.decide_time()) : ""},
       {"rejected because", claw_back.decision_reason()},
       {"finished", claw_back.has_finish_time() ? output.Time(claw_back.finish_time()) : ""}});
  if (!claw_back.has_progress() || claw_back.progress().rows_done() == 0) return;
  const v1::ClawBackProgress& progress = claw_back.progress();
  Table table({{"VERDICT", Table::Align::kLeft}, {"ROWS", Table::Align::kRight}});
  table.AddRow({"taken", FormatCount(progress.rows_taken())});
  table.AddRow({"nothing left", FormatCount(progress.rows_nothing_left())});
  table.AddRow({"held", FormatCount(progress.rows_held())});
  table.AddRow({"not granted", FormatCount(progress.rows_not_granted())});
  table.AddRow({"expired", FormatCount(progress.rows_expired())});
  output.Flush(table);
  output.Fields({{"points taken", output.Points(progress.points_taken())}});
}

// Follows a claw-back to its end, or until somebody has to decide.
ExitCode WatchClawBack(const std::string& name, Invocation& invocation) {
  v1::GetClawBackRequest request;
  request.set_name(name);
  v1::GetClawBackResponse response;
  {
    Progress progress(invocation.screen(), "taking back", "rows");
    while (true) {
      const ExitCode code = invocation.Call(&CampaignStub::GetClawBack, request, &response);
      if (code != ExitCode::kOk) return code;
      const v1::ClawBack& claw_back = response.claw_back();
      if (claw_back.state() != v1::CLAW_BACK_STATE_RUNNING) break;
      if (!invocation.output().json()) {
        progress.Show(claw_back.progress().rows_done(), claw_back.rows());
      }
      invocation.environment().sleep(kClawBackLookEvery);
    }
  }
  invocation.output().Show(response, [](Output& output, const v1::GetClawBackResponse& shown) {
    PrintClawBack(output, shown.claw_back());
  });
  return ExitCode::kOk;
}

struct Proposal {
  v1::ClawBackRequest request;
  bool all = false;
  std::vector<std::uint64_t> rows;
  std::vector<std::string> members;
  std::vector<std::string> external_ids;
  bool watch = false;
};

absl::Status Select(Proposal& proposal) {
  v1::ClawBackRequest& request = proposal.request;
  const bool members = !proposal.members.empty() || !proposal.external_ids.empty();
  if (int{proposal.all} + int{!proposal.rows.empty()} + int{members} != 1) {
    return absl::InvalidArgumentError("wanted --all, or --row, or --member and --external-id");
  }
  if (proposal.all) request.mutable_all();
  for (const std::uint64_t row : proposal.rows) request.mutable_rows()->add_rows(row);
  for (const std::string& member : proposal.members) {
    request.mutable_members()->add_members()->set_member(member);
  }
  for (const std::string& external_id : proposal.external_ids) {
    request.mutable_members()->add_members()->set_external_id(external_id);
  }
  return absl::OkStatus();
}

ExitCode Propose(Proposal& proposal, Invocation& invocation) {
  if (const absl::Status selected = Select(proposal); !selected.ok()) {
    return invocation.Fail(selected, ExitCode::kUsage);
  }
  v1::ClawBackRequest& request = proposal.request;
  invocation.SettleRequestId(request.mutable_request_id());
  v1::ClawBackResponse response;
  const ExitCode code = invocation.Call(&CampaignStub::ClawBack, request, &response,
                                        RepeatAdvice(request.request_id()));
  if (code != ExitCode::kOk) return code;
  if (proposal.watch && !request.validate_only()) {
    return WatchClawBack(response.claw_back().name(), invocation);
  }
  invocation.output().Show(response, [](Output& output, const v1::ClawBackResponse& shown) {
    PrintClawBack(output, shown.claw_back());
  });
  return ExitCode::kOk;
}

void AddPropose(Noun& noun) {
  CLI::App& app = noun.AddVerb({"claw-back", "Take unspent points of a campaign back"});
  const auto proposal = std::make_shared<Proposal>();
  v1::ClawBackRequest& request = proposal->request;
  AddName(app, "campaign", request.mutable_campaign(), "campaigns")->required();
  app.add_flag("--all", proposal->all, "Of everybody");
  app.add_option("--row", proposal->rows, "Of a row of the plan, from 0; may be repeated");
  app.add_option("--member", proposal->members, "Of a member, members/…; may be repeated")
      ->transform([](const std::string& text) {
        return text.find('/') == std::string::npos ? "members/" + text : text;
      });
  app.add_option("--external-id", proposal->external_ids,
                 "Of a member by the union's own number; may be repeated");
  AddPointsOf(
      app, "--most", [&request](std::int64_t points) { request.set_points_per_row_max(points); },
      "Points of one row at most. Default: whatever is unspent");
  app.add_option("--reason", *request.mutable_reason(),
                 "Why, for auditors to read; without personal data")
      ->required();
  app.add_flag_callback(
      "--validate-only", [&request] { request.set_validate_only(true); },
      "Only show what it would come to");
  app.add_flag("--watch", proposal->watch, "Follow it to its end");
  AddRequestId(app, request.mutable_request_id());
  noun.OnVerb(app, [proposal](Invocation& invocation) { return Propose(*proposal, invocation); });
}

CLI::Option* AddClawBackName(CLI::App& app, std::string* field) {
  return app.add_option("claw-back", *field, "Format: campaigns/…/clawBacks/…")->required();
}

void AddClawBackDecisions(Noun& noun) {
  noun.Changes(
      {"confirm-claw-back", "Confirm a claw-back, which then runs"}, &CampaignStub::ConfirmClawBack,
      [](CLI::App& app, v1::ConfirmClawBackRequest& request) {
        AddClawBackName(app, request.mutable_name());
      },
      [](Output& output, const v1::ConfirmClawBackResponse& response) {
        PrintClawBack(output, response.claw_back());
      });
  noun.Changes(
      {"reject-claw-back", "Reject a claw-back that waits to be confirmed"},
      &CampaignStub::RejectClawBack,
      [](CLI::App& app, v1::RejectClawBackRequest& request) {
        AddClawBackName(app, request.mutable_name());
        app.add_option("--reason", *request.mutable_reason(),
                       "Why not, for auditors to read; without personal data")
            ->required();
      },
      [](Output& output, const v1::RejectClawBackResponse& response) {
        PrintClawBack(output, response.claw_back());
      });
}

void AddLooks(Noun& noun) {
  CLI::App& app = noun.AddVerb({"show-claw-back", "Show a claw-back and how far it is"});
  const auto name = std::make_shared<std::string>();
  const auto watch = std::make_shared<bool>(false);
  AddClawBackName(app, name.get());
  app.add_flag("--watch", *watch, "Follow it to its end");
  noun.OnVerb(app, [name, watch](Invocation& invocation) {
    if (*watch) return WatchClawBack(*name, invocation);
    v1::GetClawBackRequest request;
    request.set_name(*name);
    v1::GetClawBackResponse response;
    const ExitCode code = invocation.Call(&CampaignStub::GetClawBack, request, &response);
    if (code != ExitCode::kOk) return code;
    invocation.output().Show(response, [](Output& output, const v1::GetClawBackResponse& shown) {
      PrintClawBack(output, shown.claw_back());
    });
    return ExitCode::kOk;
  });
  noun.Lists(
      {"claw-back-rows", "List what became of each row of a claw-back"},
      &CampaignStub::ListClawBackRows,
      [](CLI::App& rows, v1::ListClawBackRowsRequest& request) {
        AddClawBackName(rows, request.mutable_name());
      },
      {{"ROW", Table::Align::kRight},
       {"MEMBER", Table::Align::kLeft},
       {"TAKEN", Table::Align::kRight},
       {"VERDICT", Table::Align::kLeft}},
      [](Output& output, Table& table, const v1::ListClawBackRowsResponse& response) {
        for (const v1::ClawBackRowVerdict& row : response.rows()) {
          table.AddRow({absl::StrCat(row.row()), row.member(), output.Points(row.points()),
                        EnumText(row.outcome())});
        }
      });
}

}  // namespace

void AddClawBackVerbs(Noun& noun) {
  AddPropose(noun);
  AddClawBackDecisions(noun);
  AddLooks(noun);
}

}  // namespace puhui::services
