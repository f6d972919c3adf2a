// SPDX-License-Identifier: Apache-2.0
#include "services/cli/rule_pack_command.h"

#include "puhui/v1/admin_service.grpc.pb.h"
#include "services/cli/money.h"
#include "services/rules/rule_pack_file.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

using AdminStub = v1::AdminService::Stub;

std::string CapText(const Output& output, bool capped, std::int64_t points) {
  return capped ? output.Points(points) : "any";
}

void PrintOccasions(Output& output, const v1::RulePack& pack) {
  Table table({{"FOR"}, {"AT MOST IN A YEAR", Table::Align::kRight}});
  for (const v1::OccasionRule& occasion : pack.occasions()) {
    const bool own = occasion.has_points_max();
    table.AddRow(
        {occasion.name(), CapText(output, own || pack.has_points_per_occasion_max(),
                                  own ? occasion.points_max() : pack.points_per_occasion_max())});
  }
  for (const v1::LifeEventRule& event : pack.life_events()) {
    table.AddRow({event.name(), output.Points(event.points_per_year_max())});
  }
  output.Flush(table);
}

// Where the earmarked part has to be spendable and nowhere else.
std::string EarmarkText(const v1::RulePack& pack) {
  std::string text = absl::StrJoin(pack.earmark_regions(), " ");
  if (pack.earmark_categories().empty()) return text;
  return absl::StrCat(text, text.empty() ? "" : ", ", "categories ",
                      absl::StrJoin(pack.earmark_categories(), " "));
}

void PrintPack(Output& output, const v1::LoadedRulePack& loaded) {
  const v1::RulePack& pack = loaded.pack();
  const std::string kinds =
      pack.issuer_caps_size() == 0 ? "" : absl::StrCat(", others for ", pack.issuer_caps_size());
  output.Fields(
      {{"name", loaded.name()},
       {"display name", pack.display_name()},
       {"basis", pack.basis()},
       {"in force from", pack.effective_from()},
       {"in force to", pack.effective_to()},
       {"a year",
        absl::StrCat(CapText(output, pack.has_points_per_year_max(), pack.points_per_year_max()),
                     kinds)},
       {"holidays a year",
        pack.has_occasions_per_year_max() ? absl::StrCat(pack.occasions_per_year_max()) : "any"},
       {"earmarked at least",
        pack.has_earmark_share_min_basis_points()
            ? absl::StrCat(pack.earmark_share_min_basis_points(), " basis points")
            : "nothing"},
       {"earmarked for", EarmarkText(pack)},
       {"loaded", loaded.has_load_time() ? output.Time(loaded.load_time()) : "not yet"}});
  PrintOccasions(output, pack);
}

void AddLoad(Noun& rules) {
  rules.Changes(
      {"load", "Load a version of a rule pack from a YAML file"}, &AdminStub::LoadRulePack,
      [](CLI::App& app, v1::LoadRulePackRequest& request) -> Prepare {
        const auto path = std::make_shared<std::string>();
        app.add_option("file", *path, "See deploy/rules")->required();
        app.add_flag_function(
            "--validate-only", [&request](std::int64_t) { request.set_validate_only(true); },
            "Say what would come of it, and change nothing");
        // A fault is found here, by line and field, before anything is sent.
        return [path, &request](const Invocation&) {
          absl::StatusOr<ReadPack> read = ReadRulePackFile(*path);
          if (!read.ok()) return read.status();
          *request.mutable_pack() = std::move(read->message);
          return absl::OkStatus();
        };
      },
      [](Output& output, const v1::LoadRulePackResponse& response) {
        PrintPack(output, response.rule_pack());
      });
}

}  // namespace

void AddRulePackVerbs(Noun& admin) {
  Noun rules(admin, {"rules", "Rule packs: what a person may be issued in a year"});
  AddLoad(rules);
  rules.Lists(
      {"list", "List the versions that are loaded"}, &AdminStub::ListRulePacks,
      [](CLI::App&, v1::ListRulePacksRequest&) {},
      {{"RULE PACK"}, {"FROM"}, {"TO"}, {"LOADED"}, {"DISPLAY NAME"}},
      [](Output& output, Table& table, const v1::ListRulePacksResponse& response) {
        for (const v1::RulePackSummary& pack : response.rule_packs()) {
          table.AddRow({pack.name(), pack.effective_from(), pack.effective_to(),
                        output.Time(pack.load_time()), pack.display_name()});
        }
      });
  rules.Reads(
      {"show", "Show a version that is loaded"}, &AdminStub::GetRulePack,
      [](CLI::App& app, v1::GetRulePackRequest& request) -> Prepare {
        const auto id = std::make_shared<std::string>();
        const auto version = std::make_shared<std::uint32_t>(1);
        app.add_option("rule-pack", *id, "Its id, such as anhui")->required();
        app.add_option("--version", *version, "Which version. Default: 1");
        return [id, version, &request](const Invocation&) {
          request.set_name(absl::StrCat("rulePacks/", *id, "/versions/", *version));
          return absl::OkStatus();
        };
      },
      [](Output& output, const v1::GetRulePackResponse& response) {
        PrintPack(output, response.rule_pack());
      });
}

}  // namespace puhui::services
