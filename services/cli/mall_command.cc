// SPDX-License-Identifier: Apache-2.0
// Outside malls: `puhui mall`.
#include "services/cli/mall_command.h"

#include "puhui/v1/mall_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/enum_text.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::services {
namespace {

using MallStub = v1::MallService::Stub;

// The flag names the merchant, whose mall it is.
Prepare BindMall(CLI::App& app, std::string* name) {
  AddName(app, "merchant", name, "merchants")->required();
  return [name](const Invocation&) {
    constexpr char kSuffix[] = "/mall";
    if (!absl::EndsWith(*name, kSuffix)) name->append(kSuffix);
    return absl::OkStatus();
  };
}

// Both are given: a limit that is not named would be taken for none.
void AddLimits(CLI::App& app, v1::MallLimits* limits) {
  app.add_option_function<std::int64_t>(
         "--per-payment",
         [limits](const std::int64_t& points) { limits->set_points_per_payment_max(points); },
         "Points of one payment at most")
      ->required();
  app.add_option_function<std::int64_t>(
         "--per-day",
         [limits](const std::int64_t& points) { limits->set_points_per_day_max(points); },
         "Points of all payments of a day at most")
      ->required();
}

void AddEnable(Noun& mall) {
  mall.Changes(
      {"enable", "Make a merchant's outside shop a mall"}, &MallStub::EnableMall,
      [](CLI::App& app, v1::EnableMallRequest& request) {
        AddName(app, "merchant", request.mutable_parent(), "merchants")->required();
        app.add_option("--store", *request.mutable_store(),
                       "Whose region and time zone hold. Format: merchants/…/stores/…")
            ->required();
        app.add_option("--terminal-id", *request.mutable_terminal_id(),
                       "Of the terminal that is made for it")
            ->required();
        AddLimits(app, request.mutable_limits());
      },
      [](Output& output, const v1::EnableMallResponse& response) { output.Line(response.name()); });
}

void AddChanges(Noun& mall) {
  mall.Changes(
      {"limits", "Set what a mall may take"}, &MallStub::UpdateMall,
      [](CLI::App& app, v1::UpdateMallRequest& request) {
        AddLimits(app, request.mutable_limits());
        return BindMall(app, request.mutable_name());
      },
      [](Output& output, const v1::UpdateMallResponse&) { output.Line("set"); });
  mall.Changes(
      {"block", "Let a mall take nothing any more"}, &MallStub::BlockMall,
      [](CLI::App& app, v1::BlockMallRequest& request) {
        app.add_option("--reason", *request.mutable_reason(), "Why, without personal data")
            ->required();
        return BindMall(app, request.mutable_name());
      },
      [](Output& output, const v1::BlockMallResponse&) { output.Line("blocked"); });
  mall.Changes(
      {"unblock", "Let a blocked mall go on"}, &MallStub::UnblockMall,
      [](CLI::App& app, v1::UnblockMallRequest& request) {
        return BindMall(app, request.mutable_name());
      },
      [](Output& output, const v1::UnblockMallResponse&) { output.Line("unblocked"); });
  mall.Reads(
      {"get", "Show a mall and its limits"}, &MallStub::GetMall,
      [](CLI::App& app, v1::GetMallRequest& request) {
        return BindMall(app, request.mutable_name());
      },
      [](Output& output, const v1::GetMallResponse& response) {
        const v1::Mall& shown = response.mall();
        output.Fields({{"name", shown.name()},
                       {"state", EnumText(shown.state())},
                       {"terminal", shown.terminal()},
                       {"per payment", output.Points(shown.limits().points_per_payment_max())},
                       {"per day", output.Points(shown.limits().points_per_day_max())},
                       {"links", absl::StrCat(shown.links())},
                       {"enabled", output.Time(shown.enable_time())}});
      });
}

void AddLinks(Noun& mall) {
  mall.Reads(
      {"links", "List the malls that a member has linked"}, &MallStub::ListMallLinks,
      [](CLI::App& app, v1::ListMallLinksRequest& request) {
        AddName(app, "member", request.mutable_parent(), "members")->required();
      },
      [](Output& output, const v1::ListMallLinksResponse& response) {
        Table table({{"LINK"}, {"CALLED"}, {"LINKED"}});
        for (const v1::MallLink& link : response.links()) {
          table.AddRow({link.name(), link.display_name(), output.Time(link.link_time())});
        }
        output.Flush(table);
      });
  mall.Changes(
      {"unlink", "Take a link back: the mall's token names nobody any more"}, &MallStub::UnlinkMall,
      [](CLI::App& app, v1::UnlinkMallRequest& request) {
        app.add_option("link", *request.mutable_name(), "Format: members/…/malls/…")->required();
      },
      [](Output& output, const v1::UnlinkMallResponse&) { output.Line("unlinked"); });
}

}  // namespace

void AddMallCommands(CommandLine& line) {
  Noun mall(line, "mall", "Outside malls that use points as an account");
  mall.AlsoCalled("malls");
  AddEnable(mall);
  AddChanges(mall);
  AddLinks(mall);
  AddMallCallVerbs(mall);
}

}  // namespace puhui::services
