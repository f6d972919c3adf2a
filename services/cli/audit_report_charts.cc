// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_report_charts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace puhui::services {
namespace {

constexpr double kChartWidth = 460;
constexpr double kChartHeight = 190;
constexpr double kPlotLeft = 46;
constexpr double kPlotTop = 34;
constexpr double kPlotHeight = 126;
constexpr double kPlotWidth = kChartWidth - kPlotLeft - 8;
constexpr int kDayLabels = 6;

std::string Rectangle(double x, double y, double width, double height, absl::string_view fill) {
  return absl::StrFormat(R"(<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" fill="%s")", x, y,
                         width, height, fill);
}

// The least of 1, 2, 2.5, 5 and 10 times a power of ten that is not below.
double RoundedUp(double value) {
  double power = 1;
  while (power * 10 <= value) power *= 10;
  for (const double step : {1.0, 2.0, 2.5, 5.0}) {
    if (power * step >= value) return power * step;
  }
  return power * 10;
}

std::string DayText(absl::CivilDay day) {
  return absl::StrFormat("%d-%02d", day.month(), day.day());
}

const char* AccountColour(const std::string& account) {
  static const auto* const colours = new std::map<std::string, const char*>{
      {"BUDGET", "#8a94a6"}, {"CAMPAIGN", "#d59f3c"}, {"WALLET", "#b3272d"},
      {"HELD", "#e07a5f"},   {"PAYABLE", "#2f6f6d"},  {"FEE", "#5b8e7d"},
      {"PAYOUT", "#3d5a80"}, {"EXPIRED", "#b9b4a7"},  {"AID", "#7a5195"}};
  const auto found = colours->find(account);
  return found == colours->end() ? "#666666" : found->second;
}

std::string Gridlines(double top) {
  std::string svg;
  for (int line = 0; line <= 2; ++line) {
    const double y = kPlotTop + kPlotHeight * (2 - line) / 2;
    absl::StrAppendFormat(&svg,
                          R"(<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="grid"/>)"
                          R"(<text x="%.1f" y="%.1f" class="tick" text-anchor="end">%s</text>)",
                          kPlotLeft, y, kChartWidth - 8, y, kPlotLeft - 6, y + 4,
                          ShortNumber(static_cast<std::uint64_t>(top * line / 2)));
  }
  return svg;
}

}  // namespace

std::string ShortNumber(std::uint64_t number) {
  constexpr struct {
    double unit;
    const char* suffix;
  } kUnits[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}};
  for (const auto& [unit, suffix] : kUnits) {
    if (static_cast<double>(number) < unit) continue;
    return absl::StrCat(absl::StrFormat("%.3g", static_cast<double>(number) / unit), suffix);
  }
  return absl::StrCat(number);
}

std::string DayBars(const DayChart& chart) {
  const std::uint64_t most =
      chart.values.empty() ? 0 : *std::max_element(chart.values.begin(), chart.values.end());
  // Two at least, so that the middle line is a whole number.
  const double top = RoundedUp(std::max(2.0, static_cast<double>(most)));
  std::string svg = absl::StrFormat(R"(<svg class="chart" viewBox="0 0 %.0f %.0f" role="img">)",
                                    kChartWidth, kChartHeight);
  absl::StrAppend(&svg, Both(chart.title, "text", R"(x="0" y="15" data-title="1")"),
                  Gridlines(top));
  const std::size_t days = chart.values.size();
  const double step = kPlotWidth / static_cast<double>(std::max<std::size_t>(days, 1));
  const double width = std::min(step * 0.72, 26.0);
  const std::size_t every = std::max<std::size_t>(1, (days + kDayLabels - 1) / kDayLabels);
  for (std::size_t i = 0; i < days; ++i) {
    const double middle = kPlotLeft + step * (static_cast<double>(i) + 0.5);
    const std::string day = DayText(chart.first_day + static_cast<std::ptrdiff_t>(i));
    if (chart.values[i] > 0) {
      const double height = std::max(1.0, kPlotHeight * static_cast<double>(chart.values[i]) / top);
      absl::StrAppend(&svg,
                      Rectangle(middle - width / 2, kPlotTop + kPlotHeight - height, width, height,
                                chart.colour),
                      "><title>", day, ": ", chart.values[i], "</title></rect>");
    }
    if (i % every != 0) continue;
    absl::StrAppendFormat(&svg, R"(<text x="%.1f" y="%.1f" class="tick" text-anchor="middle">%s)",
                          middle, kPlotTop + kPlotHeight + 18, day);
    absl::StrAppend(&svg, "</text>");
  }
  absl::StrAppend(&svg, "</svg>");
  return svg;
}

std::string HoldingStrip(const std::vector<ReportBalance>& balances) {
  constexpr double kStripWidth = 960;
  double whole = 0;
  for (const ReportBalance& balance : balances) {
    if (balance.closing > 0) whole += static_cast<double>(balance.closing);
  }
  if (whole <= 0) return "";
  std::string svg =
      R"(<svg class="strip" viewBox="0 0 960 34" preserveAspectRatio="none" role="img">)";
  std::string legend = R"(<ul class="legend">)";
  double x = 0;
  for (const ReportBalance& balance : balances) {
    if (balance.closing <= 0) continue;
    const double share = static_cast<double>(balance.closing) / whole;
    const char* const colour = AccountColour(balance.account);
    absl::StrAppend(&svg, Rectangle(x, 0, kStripWidth * share, 34, colour), "/>");
    absl::StrAppend(&legend, "<li><i style=\"background:", colour, "\"></i>",
                    Both(AccountWords(balance.account)), " <b>",
                    absl::StrFormat("%.1f%%", share * 100), "</b></li>");
    x += kStripWidth * share;
  }
  return absl::StrCat(svg, "</svg>", legend, "</ul>");
}

std::string RowBar(double share, const char* colour) {
  const double width = 100 * std::clamp(share, 0.0, 1.0);
  return absl::StrCat(R"(<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none">)",
                      Rectangle(0, 0, 100, 8, "#efeae0"), "/>", Rectangle(0, 0, width, 8, colour),
                      "/></svg>");
}

}  // namespace puhui::services
