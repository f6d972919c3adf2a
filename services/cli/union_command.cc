// SPDX-License-Identifier: Apache-2.0
#include "services/cli/union_command.h"

#include "puhui/v1/union_service.grpc.pb.h"
#include "services/cli/commands.h"
#include "services/cli/report_command.h"

#include "absl/algorithm/container.h"

namespace puhui::services {
namespace {

using UnionStub = v1::UnionService::Stub;

// A setting, and whether it is the union's own. Answers to changes do not say what it inherits.
std::string SettingText(const std::string& own, const std::string& effective) {
  if (!own.empty()) return own;
  return effective.empty() ? "inherited" : effective + ", inherited";
}

std::string ApprovalText(const Output& output, const v1::UnionSettings& settings) {
  if (!settings.has_approval_policy()) return "";
  const v1::ApprovalPolicy& policy = settings.approval_policy();
  std::string text = absl::StrCat(policy.approvers());
  if (policy.two_above_points() != 0) {
    absl::StrAppend(&text, ", 2 at least above ", output.Points(policy.two_above_points()));
  }
  return text;
}

std::string LeaveText(const v1::UnionSettings& settings) {
  return settings.leave_policy() == v1::LEAVE_POLICY_UNSPECIFIED
             ? ""
             : EnumText(settings.leave_policy());
}

std::string IssuerText(const v1::UnionSettings& settings) {
  return settings.issuer_kind() == v1::ISSUER_KIND_UNSPECIFIED ? ""
                                                               : EnumText(settings.issuer_kind());
}

void PrintUnion(Output& output, const v1::Union& node) {
  const v1::UnionSettings& own = node.settings();
  const v1::UnionSettings& effective = node.effective_settings();
  output.Fields(
      {{"name", node.name()},
       {"display name", node.display_name()},
       {"kind", EnumText(node.kind())},
       {"parent", node.parent()},
       {"state", EnumText(node.state())},
       {"time zone", SettingText(own.time_zone(), effective.time_zone())},
       {"locale", SettingText(own.locale(), effective.locale())},
       {"approvers", SettingText(ApprovalText(output, own), ApprovalText(output, effective))},
       {"on leave", SettingText(LeaveText(own), LeaveText(effective))},
       {"rule pack", SettingText(own.rule_pack(), effective.rule_pack())},
       {"issuer kind", SettingText(IssuerText(own), IssuerText(effective))},
       {"created", output.Time(node.create_time())},
       {"closed", node.has_close_time() ? output.Time(node.close_time()) : ""},
       {"etag", node.etag()}});
  if (node.budgets().empty()) return;
  Table table({{"BUDGET OF", Table::Align::kLeft}, {"IN BUDGET", Table::Align::kRight}});
  for (const v1::Budget& budget : node.budgets()) {
    table.AddRow({budget.origin(), output.Points(budget.points())});
  }
  output.Flush(table);
}

void AddUnionCreate(Noun& noun) {
  noun.Changes(
      {"create", "Create a union"}, &UnionStub::CreateUnion,
      [](CLI::App& app, v1::CreateUnionRequest& request) {
        app.add_option("id", *request.mutable_union_id(), "1 to 40 of a-z, 0-9 and '-'")
            ->required();
        app.add_option("--display-name", *request.mutable_display_name(), "The name people read")
            ->required();
        AddName(app, "--parent", request.mutable_parent(), "unions");
        AddEnum<v1::UnionKind>(
            app, "--kind", [&request](v1::UnionKind kind) { request.set_kind(kind); },
            "What it is in the tree")
            ->required();
        app.add_option("--time-zone", *request.mutable_time_zone(),
                       "The zone of its civil days. Default: as above it, of a root Asia/Shanghai");
      },
      [](Output& output, const v1::CreateUnionResponse& response) {
        PrintUnion(output, response.union_());
      });
}

void AddUnionReads(Noun& noun) {
  noun.Reads(
      {"get", "Show a union, its settings and its budgets"}, &UnionStub::GetUnion,
      [](CLI::App& app, v1::GetUnionRequest& request) {
        AddName(app, "union", request.mutable_name(), "unions")->required();
      },
      [](Output& output, const v1::GetUnionResponse& response) {
        PrintUnion(output, response.union_());
      });
  noun.Lists(
      {"list", "Show a union and what is below it, as a tree"}, &UnionStub::ListUnions,
      [](CLI::App& app, v1::ListUnionsRequest& request) {
        AddName(app, "union", request.mutable_parent(), "unions")
            ->description("The top. Default: all that you may see");
        app.add_option_function<int>(
               "--levels", [&request](const int& levels) { request.set_levels(levels); },
               "How far down. Default: to the bottom")
            ->check(CLI::Range(1, static_cast<int>(kUnionDepthMax)));
      },
      {{"UNION", Table::Align::kLeft},
       {"KIND", Table::Align::kLeft},
       {"STATE", Table::Align::kLeft},
       {"DISPLAY NAME", Table::Align::kLeft}},
      [](Output& /*output*/, Table& table, const v1::ListUnionsResponse& response) {
        for (const v1::UnionNode& node : response.nodes()) {
          const std::string indent(2 * static_cast<std::size_t>(node.level()), ' ');
          table.AddRow({indent + node.union_().name(), EnumText(node.union_().kind()),
                        EnumText(node.union_().state()), node.union_().display_name()});
        }
      });
}

void AddPath(v1::UpdateUnionRequest& request, const std::string& path) {
  request.mutable_update_mask()->add_paths(path);
}

// The path of a setting by the name of its flag; empty when there is no such setting.
std::string SettingPath(const std::string& name) {
  if (name == "time-zone") return "settings.time_zone";
  if (name == "locale") return "settings.locale";
  if (name == "approvers") return "settings.approval_policy";
  if (name == "on-leave") return "settings.leave_policy";
  if (name == "rule-pack") return "settings.rule_pack";
  if (name == "issuer-kind") return "settings.issuer_kind";
  return "";
}

// An option whose use names a field of the union.
CLI::Option* AddField(CLI::App& app, const std::string& flag, v1::UpdateUnionRequest& request,
                      const std::string& path, std::function<void(const std::string&)> set,
                      const std::string& help) {
  return app.add_option_function<std::string>(
      flag,
      [&request, path, set = std::move(set)](const std::string& text) {
        set(text);
        AddPath(request, path);
      },
      help);
}

void AddSettings(CLI::App& app, v1::UpdateUnionRequest& request) {
  v1::UnionSettings& settings = *request.mutable_union_()->mutable_settings();
  AddField(
      app, "--time-zone", request, SettingPath("time-zone"),
      [&settings](const std::string& text) { settings.set_time_zone(text); },
      "The zone of its civil days");
  AddField(
      app, "--locale", request, SettingPath("locale"),
      [&settings](const std::string& text) { settings.set_locale(text); }, "zh-CN or en");
  CLI::Option* const approvers = app.add_option_function<int>(
      "--approvers",
      [&request, &settings](const int& count) {
        settings.mutable_approval_policy()->set_approvers(count);
        AddPath(request, SettingPath("approvers"));
      },
      "How many have to approve a plan");
  app.add_option_function<std::int64_t>(
         "--two-above",
         [&settings](const std::int64_t& points) {
           settings.mutable_approval_policy()->set_two_above_points(points);
         },
         "Plans of more points need two at least")
      ->needs(approvers);
  AddEnum<v1::LeavePolicy>(
      app, "--on-leave",
      [&request, &settings](v1::LeavePolicy policy) {
        settings.set_leave_policy(policy);
        AddPath(request, SettingPath("on-leave"));
      },
      "What becomes of the points of a member who leaves");
  AddField(
      app, "--rule-pack", request, SettingPath("rule-pack"),
      [&settings](const std::string& text) { settings.set_rule_pack(text); },
      "The id of the rule pack that binds whoever issues (operators only)");
  AddEnum<v1::IssuerKind>(
      app, "--issuer-kind",
      [&request, &settings](v1::IssuerKind kind) {
        settings.set_issuer_kind(kind);
        AddPath(request, SettingPath("issuer-kind"));
      },
      "What kind of issuer it is to the rule pack (operators only)");
}

void AddUnionUpdate(Noun& noun) {
  noun.Changes(
      {"update", "Change a union or what it decides for itself"}, &UnionStub::UpdateUnion,
      [](CLI::App& app, v1::UpdateUnionRequest& request) -> Prepare {
        v1::Union& node = *request.mutable_union_();
        AddName(app, "union", node.mutable_name(), "unions")->required();
        AddField(
            app, "--display-name", request, "display_name",
            [&node](const std::string& text) { node.set_display_name(text); },
            "The name people read");
        AddEnum<v1::UnionKind>(
            app, "--kind",
            [&request, &node](v1::UnionKind kind) {
              node.set_kind(kind);
              AddPath(request, "kind");
            },
            "What it is in the tree");
        AddSettings(app, request);
        const auto inherited = std::make_shared<std::vector<std::string>>();
        app.add_option("--inherit", *inherited,
                       "Take a setting from above again: time-zone, locale, approvers, on-leave, "
                       "rule-pack, issuer-kind; may be repeated")
            ->check([](const std::string& name) {
              return SettingPath(name).empty() ? "no such setting: " + name : std::string();
            });
        app.add_option("--etag", *node.mutable_etag(),
                       "Of `union get`: fail when it was changed since");
        return [inherited, &request](const Invocation&) {
          for (const std::string& name : *inherited) {
            if (absl::c_linear_search(request.update_mask().paths(), SettingPath(name))) {
              return absl::InvalidArgumentError(
                  absl::StrCat("--", name, ": either set it or inherit it"));
            }
            AddPath(request, SettingPath(name));
          }
          return request.update_mask().paths().empty()
                     ? absl::InvalidArgumentError("wanted something to change")
                     : absl::OkStatus();
        };
      },
      [](Output& output, const v1::UpdateUnionResponse& response) {
        PrintUnion(output, response.union_());
      });
}

void AddMove(Noun& noun) {
  noun.Changes(
      {"move", "Hang a union, and what is below it, under another"}, &UnionStub::MoveUnion,
      [](CLI::App& app, v1::MoveUnionRequest& request) -> Prepare {
        AddName(app, "union", request.mutable_name(), "unions")->required();
        CLI::Option* const parent = AddName(app, "--parent", request.mutable_parent(), "unions");
        const auto root = std::make_shared<bool>(false);
        app.add_flag("--root", *root, "Make a root of it")->excludes(parent);
        app.add_option("--etag", *request.mutable_etag(),
                       "Of `union get`: fail when it was changed since");
        return [root, &request](const Invocation&) {
          return request.parent().empty() && !*root
                     ? absl::InvalidArgumentError("wanted --parent, or --root")
                     : absl::OkStatus();
        };
      },
      [](Output& output, const v1::MoveUnionResponse& response) {
        const auto place = [](const std::string& parent) {
          return parent.empty() ? std::string("none: a root") : parent;
        };
        output.Fields({{"name", response.name()},
                       {"parent", place(response.parent())},
                       {"former parent", place(response.former_parent())},
                       {"moved", output.Time(response.move_time())},
                       {"etag", response.etag()}});
      });
}

void AddClose(Noun& noun) {
  noun.Changes(
      {"close", "Close a union that has nothing left, for good"}, &UnionStub::CloseUnion,
      [](CLI::App& app, v1::CloseUnionRequest& request) {
        AddName(app, "union", request.mutable_name(), "unions")->required();
        app.add_option("--etag", *request.mutable_etag(),
                       "Of `union get`: fail when it was changed since");
      },
      [](Output& output, const v1::CloseUnionResponse& response) {
        output.Fields({{"name", response.name()},
                       {"closed", output.Time(response.close_time())},
                       {"etag", response.etag()}});
      });
}

}  // namespace

void AddUnionCommands(CommandLine& line) {
  Noun noun(line, "union", "The tree of unions, their settings and their budgets");
  AddUnionCreate(noun);
  AddUnionReads(noun);
  AddUnionUpdate(noun);
  AddMove(noun);
  AddClose(noun);
  AddUnionBudgetVerbs(noun);
  AddUnionReportVerb(noun);
}

}  // namespace puhui::services
