// SPDX-License-Identifier: Apache-2.0
#include "puhui/v1/member_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/input_file.h"
#include "services/cli/member_text.h"
#include "services/cli/money.h"
#include "services/cli/noun.h"

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include <algorithm>

namespace puhui::services {
namespace {

using Stub = v1::MemberService::Stub;

constexpr std::size_t kChunkBytes = std::size_t{256} << 10;

const std::vector<Table::Column>& ResultColumns() {
  static const auto* const columns = new std::vector<Table::Column>{
      {"ROW", Table::Align::kRight},   {"OUTCOME", Table::Align::kLeft},
      {"MEMBER", Table::Align::kLeft}, {"REASON", Table::Align::kLeft},
      {"FIELD", Table::Align::kLeft},  {"WHAT CAME", Table::Align::kLeft}};
  return *columns;
}

void PrintResults(Output& output,
                  const google::protobuf::RepeatedPtrField<v1::MemberRowResult>& results) {
  if (results.empty()) return;
  Table table(ResultColumns());
  for (const v1::MemberRowResult& result : results) {
    table.AddRow({absl::StrCat(result.row()), EnumText(result.outcome()), result.member(),
                  result.reason(), result.field(), result.shape()});
  }
  output.Flush(table);
}

struct Import {
  std::string path;
  v1::ImportMembersRequest::Start start;
};

ExitCode RunImport(const Import& import, Invocation& invocation) {
  const absl::StatusOr<std::string> file = ReadInputFile(import.path, kImportFileBytesMax);
  if (!file.ok()) return invocation.Fail(file.status(), ExitCode::kInvalidArgument);
  Client* const service = invocation.service();
  if (service == nullptr) return ExitCode::kUsage;
  v1::ImportMembersResponse response;
  grpc::Status status;
  {
    Progress progress(invocation.screen(), "sending", "bytes");
    // Message 0 says what the import is, message n carries the n-th chunk.
    const auto fill = [&](std::size_t index, v1::ImportMembersRequest& message) {
      if (index == 0) {
        *message.mutable_start() = import.start;
        message.mutable_start()->set_size_bytes(file->size());
        return true;
      }
      const std::size_t from = (index - 1) * kChunkBytes;
      if (from >= file->size()) return false;
      message.set_chunk(file->substr(from, kChunkBytes));
      progress.Show(std::min(from + kChunkBytes, file->size()), file->size());
      return true;
    };
    status = service->WriteStream(&Stub::ImportMembers, fill, &response);
  }
  const ExitCode code =
      invocation.Settle(status, "import the same file again: that changes nothing twice");
  if (code != ExitCode::kOk) return code;
  invocation.output().Show(response, [](Output& output, const v1::ImportMembersResponse& answer) {
    output.Fields({{"created", FormatCount(answer.created())},
                   {"came back", FormatCount(answer.came_back())},
                   {"unchanged", FormatCount(answer.unchanged())},
                   {"refused", FormatCount(answer.refused())},
                   {"encoding", answer.encoding()},
                   {"sha256", answer.sha256()}});
    PrintResults(output, answer.problems());
  });
  return response.refused() == 0 ? ExitCode::kOk : ExitCode::kRefused;
}

void AddImport(Noun& noun) {
  CLI::App& app = noun.AddVerb({"import", "Enrol everybody of a roster file (CSV)"});
  const auto import = std::make_shared<Import>();
  app.add_option("file", import->path, "UTF-8 or GB18030, Chinese or English headings")->required();
  AddName(app, "--union", import->start.mutable_union_(), "unions")->required();
  app.add_flag_callback(
      "--validate-only", [import] { import->start.set_validate_only(true); },
      "Only say what would happen");
  app.add_option("--hr-system", *import->start.mutable_hr_system(),
                 "The HR system that the numbers are of");
  app.add_flag_callback(
      "--ignore-unknown-columns", [import] { import->start.set_ignore_unknown_columns(true); },
      "Skip columns that are not known");
  noun.OnVerb(app, [import](Invocation& invocation) { return RunImport(*import, invocation); });
}

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
  const ExitCode code = invocation.Call(&Stub::BatchCreateMembers, request, &response,
                                        RepeatAdvice(request.request_id()));
  if (code != ExitCode::kOk) return code;
  invocation.output().Show(response,
                           [](Output& output, const v1::BatchCreateMembersResponse& answer) {
                             PrintResults(output, answer.results());
                           });
  const bool refused = std::any_of(
      response.results().begin(), response.results().end(), [](const v1::MemberRowResult& result) {
        return result.outcome() == v1::MemberRowResult::OUTCOME_REFUSED;
      });
  return refused ? ExitCode::kRefused : ExitCode::kOk;
}

void AddCreate(Noun& noun) {
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
  AddImport(noun);
  AddCreate(noun);
  noun.Reads(
      {"get", "Show a member, by name or by the union's own number"}, &Stub::GetMember,
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
