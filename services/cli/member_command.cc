// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/member_text.h"
#include "services/cli/noun.h"

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include <algorithm>

namespace puhui::services {
namespace {

using MemberStub = v1::MemberService::Stub;

// Fills `member` from "external_id=E1,full_name=…"; says what is wrong, or nothing.
std::string ParseRow(const std::string& text, v1::NewMember* member) {
  for (const absl::string_view pair : absl::StrSplit(text, ',')) {
    const std::vector<absl::string_view> parts = absl::StrSplit(pair, absl::MaxSplits('=', 1));
    std::string* const field = parts.size() == 2 ? MemberField(*member, parts[0]) : nullptr;
    if (field == nullptr) {
      return "wanted KEY=VALUE with the keys external_id, full_name, id_number, mobile, "
             "department, employment, hr_system, separated by commas";
    }
    field->assign(parts[1].data(), parts[1].size());
  }
  return "";
}

ExitCode RunCreate(v1::BatchCreateMembersRequest& request, Invocation& invocation) {
  invocation.SettleRequestId(request.mutable_request_id());
  v1::BatchCreateMembersResponse response;
  const ExitCode code = invocation.Call(&MemberStub::BatchCreateMembers, request, &response,
                                        RepeatAdvice(request.request_id()));
  if (code != ExitCode::kOk) return code;
  invocation.output().Show(
      response, [](Output& output, const v1::BatchCreateMembersResponse& answer) {
        PrintResults(output, {answer.results().begin(), answer.results().end()});
      });
  const bool refused = std::any_of(
      response.results().begin(), response.results().end(), [](const v1::MemberRowResult& result) {
        return result.outcome() == v1::MemberRowResult::OUTCOME_REFUSED;
      });
  return refused ? ExitCode::kRefused : ExitCode::kOk;
}

void AddMemberCreate(Noun& noun) {
  CLI::App& app = noun.AddVerb({"create", "Enrol people given on the command line"});
  const auto request = std::make_shared<v1::BatchCreateMembersRequest>();
  AddName(app, "--union", request->mutable_union_(), "unions")->required();
  app.add_option_function<std::vector<std::string>>(
         "--row",
         [request](const std::vector<std::string>& rows) {
           for (const std::string& row : rows) ParseRow(row, request->add_members());
         },
         "external_id=…,full_name=…,id_number=…,mobile=…[,department=…][,employment=…]; may be "
         "repeated")
      ->required()
      ->check([](const std::string& text) {
        v1::NewMember scratch;
        return ParseRow(text, &scratch);
      });
  app.add_flag_callback(
      "--all-or-nothing", [request] { request->set_all_or_nothing(true); },
      "One refused row refuses all");
  AddRequestId(app, request->mutable_request_id());
  noun.OnVerb(app, [request](Invocation& invocation) { return RunCreate(*request, invocation); });
}

}  // namespace

void AddMemberCommands(CommandLine& line) {
  Noun noun(line, "member", "The people of a union");
  noun.AlsoCalled("members");
  AddMemberImport(noun);
  AddMemberExport(noun);
  AddMemberCreate(noun);
  noun.Reads(
      {"get", "Show a member, by name or by the union's own number"}, &MemberStub::GetMember,
      [](CLI::App& app, v1::GetMemberRequest& request) -> Prepare {
        // Both sides of a oneof cannot be bound at once: settled when it is known which was meant.
        const auto name = std::make_shared<std::string>();
        const auto external = std::make_shared<v1::ExternalKey>();
        CLI::Option* const by_name = AddName(app, "member", name.get(), "members");
        CLI::Option* const in_union =
            AddName(app, "--union", external->mutable_union_(), "unions")->excludes(by_name);
        app.add_option("--external-id", *external->mutable_external_id(),
                       "The union's own number for the person")
            ->needs(in_union)
            ->excludes(by_name);
        return [name, external, &request](const Invocation&) {
          if (name->empty() && external->external_id().empty()) {
            return absl::InvalidArgumentError("wanted a member, or --union and --external-id");
          }
          if (name->empty()) {
            *request.mutable_external() = *external;
          } else {
            request.set_name(*name);
          }
          return absl::OkStatus();
        };
      },
      [](Output& output, const v1::GetMemberResponse& response) {
        PrintMember(output, response.member());
      });
  AddMemberLife(noun);
  AddApplications(noun);
}

}  // namespace puhui::services
