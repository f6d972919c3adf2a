// SPDX-License-Identifier: Apache-2.0
// What became of points: of a campaign, and of a union with all below it.
#include "services/cli/report_command.h"

#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "services/cli/money.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_format.h"

namespace puhui::services {
namespace {

// How many, and what that is of all of them.
std::string CountOf(std::uint64_t some, std::uint64_t all) {
  return absl::StrFormat(
      "%s (%s)", FormatCount(some),
      PercentText(static_cast<std::int64_t>(some), static_cast<std::int64_t>(all)));
}

// Every line with what it is of all that was granted.
void PrintReportFigures(Output& output, const v1::Figures& figures) {
  Table table({{"POINTS", Table::Align::kLeft},
               {"", Table::Align::kRight},
               {"OF GRANTED", Table::Align::kRight}});
  const auto add = [&](const char* what, std::int64_t points) {
    table.AddRow({what, output.Points(points), PercentText(points, figures.granted_points())});
  };
  add("granted", figures.granted_points());
  add("available", figures.available_points());
  add("held", figures.held_points());
  add("spent", figures.spent_points());
  add("refunded", figures.refunded_points());
  add("expired", figures.expired_points());
  add("clawed back", figures.clawed_back_points());
  add("returned", figures.returned_points());
  add("donated", figures.donated_points());
  output.Flush(table);
  output.Fields(
      {{"grants", FormatCount(figures.grants())},
       {"spent from", CountOf(figures.grants_spent(), figures.grants())},
       {"members who received", FormatCount(figures.members_received())},
       {"members who spent", CountOf(figures.members_spent(), figures.members_received())}});
}

}  // namespace

std::string PercentText(std::int64_t part, std::int64_t whole) {
  if (whole <= 0 || part < 0) return "-";
  const absl::uint128 permille =
      absl::uint128(static_cast<std::uint64_t>(part)) * 1'000 / static_cast<std::uint64_t>(whole);
  return absl::StrFormat("%d.%d%%", absl::Uint128Low64(permille / 10),
                         absl::Uint128Low64(permille % 10));
}

void AddCampaignReportVerbs(Noun& noun) {
  using Stub = v1::CampaignService::Stub;
  noun.Reads(
      {"report", "Show what became of the points of a campaign"}, &Stub::GetCampaignReport,
      [](CLI::App& app, v1::GetCampaignReportRequest& request) {
        AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
      },
      [](Output& output, const v1::GetCampaignReportResponse& response) {
        const v1::CampaignReport& report = response.report();
        output.Fields({{"campaign", report.campaign()},
                       {"display name", report.display_name()},
                       {"union", report.union_()},
                       {"as of record", FormatCount(report.as_of_sequence())}});
        PrintReportFigures(output, report.figures());
      });
  noun.Lists(
      {"expiring", "List who has points of a campaign that expire soon"}, &Stub::ListExpiring,
      [](CLI::App& app, v1::ListExpiringRequest& request) {
        AddName(app, "campaign", request.mutable_name(), "campaigns")->required();
        app.add_option_function<int>(
               "--within-days", [&request](const int& days) { request.set_within_days(days); },
               "How far ahead. Default: 30")
            ->check(CLI::Range(1, 366));
      },
      {{"ROW", Table::Align::kRight},
       {"MEMBER", Table::Align::kLeft},
       {"POINTS", Table::Align::kRight},
       {"EXPIRES", Table::Align::kLeft}},
      [](Output& output, Table& table, const v1::ListExpiringResponse& response) {
        for (const v1::ExpiringPoints& row : response.rows()) {
          table.AddRow({absl::StrCat(row.row()), row.member(), output.Points(row.points()),
                        output.End(row.expire_time())});
        }
      });
}

void AddUnionReportVerb(Noun& noun) {
  noun.Reads(
      {"report", "Show what became of the points of a union and all below it"},
      &v1::UnionService::Stub::GetUnionReport,
      [](CLI::App& app, v1::GetUnionReportRequest& request) {
        AddName(app, "union", request.mutable_name(), "unions")->required();
      },
      [](Output& output, const v1::GetUnionReportResponse& response) {
        const v1::UnionReport& report = response.report();
        output.Fields({{"union", report.union_()},
                       {"display name", report.display_name()},
                       {"as of record", FormatCount(report.as_of_sequence())}});
        PrintReportFigures(output, report.figures());
      });
}

}  // namespace puhui::services
