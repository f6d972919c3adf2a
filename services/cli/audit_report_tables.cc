// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_report_tables.h"

#include "services/cli/audit_report_charts.h"
#include "services/cli/audit_report_words.h"
#include "services/cli/money.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

constexpr char kRed[] = "#b3272d";
constexpr char kTeal[] = "#2f6f6d";
constexpr char kOchre[] = "#d59f3c";
constexpr char kSlate[] = "#3d5a80";

std::string Signed(std::int64_t points) {
  const auto magnitude = static_cast<std::uint64_t>(points);
  if (points >= 0) return FormatCount(magnitude);
  return absl::StrCat("−", FormatCount(std::uint64_t{0} - magnitude));
}

// A number that a machine finds by what it is of.
std::string FigureCell(absl::string_view figure, std::int64_t value) {
  return absl::StrCat("<td class=\"n\" data-figure=\"", Escaped(figure), "\" data-value=\"", value,
                      "\">", Signed(value), "</td>");
}

std::string CountCell(absl::string_view figure, std::uint64_t count) {
  return FigureCell(figure, static_cast<std::int64_t>(count));
}

// What has no words of its own is called by its code already.
std::string NameCell(const Words& words, absl::string_view code) {
  const absl::string_view shown = words.en == code ? "" : code;
  return absl::StrCat("<td>", Both(words), " <code>", Escaped(shown), "</code></td>");
}

std::string Headings(const std::vector<Words>& headings, std::size_t numbers_from) {
  std::string row = "<thead><tr>";
  for (std::size_t i = 0; i < headings.size(); ++i) {
    absl::StrAppend(&row, i < numbers_from ? "<th>" : "<th class=\"n\">", Both(headings[i]),
                    "</th>");
  }
  return row + "</tr></thead>";
}

std::string Section(const Words& title, const Words& note, absl::string_view content) {
  return absl::StrCat("<section><h2>", Both(title), "</h2><p class=\"note\">", Both(note), "</p>",
                      content, "</section>\n");
}

std::string Nothing() {
  return absl::StrCat("<p class=\"none\">", Both({"本期没有。", "None in this period."}), "</p>");
}

std::int64_t ClosingOf(const AuditReport& report, absl::string_view account) {
  for (const ReportBalance& balance : report.balances) {
    if (balance.account == account) return balance.closing;
  }
  return 0;
}

ReportDay SumOf(const AuditReport& report) {
  ReportDay sum;
  for (const auto& [day, of_day] : report.days) {
    sum.granted += of_day.granted;
    sum.spent += of_day.spent;
    sum.given_back += of_day.given_back;
    sum.ended += of_day.ended;
    sum.declines += of_day.declines;
  }
  return sum;
}

std::string Card(const Words& title, absl::string_view figure, std::int64_t value,
                 absl::string_view below) {
  return absl::StrCat("<div class=\"card\"><h3>", Both(title),
                      "</h3><p class=\"big\" data-figure=\"", figure, "\" data-value=\"", value,
                      "\">", Signed(value), "</p><p class=\"sub\">", below, "</p></div>");
}

// The most first.
using CountRow = std::pair<std::string, ReportCount>;
std::vector<CountRow> Descending(const std::map<std::string, ReportCount>& counts) {
  std::vector<CountRow> rows(counts.begin(), counts.end());
  std::stable_sort(rows.begin(), rows.end(), [](const CountRow& a, const CountRow& b) {
    return a.second.records > b.second.records;
  });
  return rows;
}

std::string CountRows(const std::map<std::string, ReportCount>& counts, const char* figure,
                      Words (*words)(const std::string&), const char* colour) {
  std::string rows;
  std::uint64_t most = 1;
  for (const auto& [name, count] : counts) most = std::max(most, count.records);
  for (const auto& [name, count] : Descending(counts)) {
    const double share = static_cast<double>(count.records) / static_cast<double>(most);
    absl::StrAppend(&rows, "<tr>", NameCell(words(name), name),
                    CountCell(absl::StrCat(figure, ".records ", name), count.records),
                    FigureCell(absl::StrCat(figure, ".points ", name), count.points),
                    "<td class=\"barcell\">", RowBar(share, colour), "</td></tr>");
  }
  return absl::StrCat("<tbody>", rows, "</tbody>");
}

std::string CountTable(const std::map<std::string, ReportCount>& counts, const char* figure,
                       Words (*words)(const std::string&), const char* colour) {
  if (counts.empty()) return Nothing();
  return absl::StrCat(
      "<table>", Headings({{"类别", "What"}, {"笔数", "Records"}, {"积分", "Points"}, {"", ""}}, 1),
      CountRows(counts, figure, words, colour), "</table>");
}

std::string Series(const AuditReport& report, const Words& title, const char* colour,
                   std::uint64_t (*value)(const ReportDay&)) {
  DayChart chart{.title = title, .colour = colour, .first_day = report.first_day, .values = {}};
  for (const auto& [day, of_day] : report.days) chart.values.push_back(value(of_day));
  return DayBars(chart);
}

std::uint64_t FromZero(std::int64_t points) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(points, 0));
}

}  // namespace

std::string ReportCards(const AuditReport& report) {
  const ReportDay sum = SumOf(report);
  const auto yuan = [&](std::int64_t points) { return FormatYuan(points, report.points_per_yuan); };
  std::uint64_t exceptions = 0;
  for (const auto& [kind, count] : report.exceptions) exceptions += count.records;
  const std::string times = Both({"笔", "records"});
  const std::int64_t wallets = ClosingOf(report, "WALLET");
  return absl::StrCat(
      "<div class=\"cards\">",
      Card({"期末会员钱包", "In wallets at the end"}, "card.wallets", wallets, yuan(wallets)),
      Card({"本期发放", "Granted"}, "card.granted", sum.granted, yuan(sum.granted)),
      Card({"本期消费", "Spent"}, "card.spent", sum.spent, yuan(sum.spent)),
      Card({"退款与冲正", "Refunded and reversed"}, "card.given-back", sum.given_back,
           yuan(sum.given_back)),
      Card({"拒绝交易", "Declined"}, "card.declines", static_cast<std::int64_t>(sum.declines),
           times),
      Card({"需关注事项", "Exceptions"}, "card.exceptions", static_cast<std::int64_t>(exceptions),
           times),
      "</div>\n");
}

std::string ReportBalances(const AuditReport& report) {
  std::string rows;
  ReportBalance sum;
  for (const ReportBalance& balance : report.balances) {
    const std::string& of = balance.account;
    absl::StrAppend(&rows, "<tr>", NameCell(AccountWords(of), of),
                    FigureCell("opening " + of, balance.opening),
                    FigureCell("came " + of, balance.came), FigureCell("went " + of, -balance.went),
                    FigureCell("closing " + of, balance.closing), "</tr>");
    sum.opening += balance.opening;
    sum.came += balance.came;
    sum.went += balance.went;
    sum.closing += balance.closing;
  }
  const std::string foot = absl::StrCat(
      "<tfoot><tr><td>", Both({"合计", "Sum"}), "</td>", FigureCell("opening sum", sum.opening),
      FigureCell("came sum", sum.came), FigureCell("went sum", -sum.went),
      FigureCell("closing sum", sum.closing), "</tr></tfoot>");
  return Section({"余额", "Balances"},
                 {"积分在谁手里：期初、本期转入转出、期末。全部科目合计为零，账就是平的。",
                  "Where the points are: before, in and out, after. All accounts together are zero "
                  "when the books balance."},
                 absl::StrCat(HoldingStrip(report.balances), "<table>",
                              Headings({{"科目", "Account"},
                                        {"期初", "Opening"},
                                        {"转入", "In"},
                                        {"转出", "Out"},
                                        {"期末", "Closing"}},
                                       1),
                              "<tbody>", rows, "</tbody>", foot, "</table>"));
}

std::string ReportDays(const AuditReport& report) {
  return Section(
      {"每日走势", "Day by day"},
      {absl::StrCat("按 ", report.zone, " 的日历日；各图刻度不同。"),
       absl::StrCat("Civil days of ", report.zone, "; each chart has a scale of its own.")},
      absl::StrCat("<div class=\"charts\">",
                   Series(report, {"发放（积分）", "Granted, points"}, kOchre,
                          [](const ReportDay& day) { return FromZero(day.granted); }),
                   Series(report, {"消费（积分）", "Spent, points"}, kRed,
                          [](const ReportDay& day) { return FromZero(day.spent); }),
                   Series(report, {"退款与冲正（积分）", "Refunded and reversed, points"}, kTeal,
                          [](const ReportDay& day) { return FromZero(day.given_back); }),
                   Series(report, {"拒绝（笔）", "Declined, records"}, kSlate,
                          [](const ReportDay& day) { return day.declines; }),
                   "</div>"));
}

std::string ReportMovements(const AuditReport& report) {
  return Section({"记录与流水", "Records and movements"},
                 {"本期全部记录按类别汇总；积分为每笔分录贷方合计。",
                  "All records of the period by kind; points are what came to accounts."},
                 CountTable(report.movements, "movement", RecordWords, kTeal));
}

std::string ReportDeclines(const AuditReport& report) {
  return Section({"拒绝原因", "Declines by reason"},
                 {"收银机得到的拒绝，按原因汇总。", "What tills were refused, and why."},
                 CountTable(report.declines, "decline", ReasonWords, kSlate));
}

std::string ReportExceptions(const AuditReport& report) {
  std::string rows;
  for (const ReportException& row : report.first_exceptions) {
    absl::StrAppend(&rows, "<tr><td class=\"n\">", FormatCount(row.sequence), "</td><td>",
                    Escaped(row.time), "</td>", NameCell(RecordWords(row.kind), ""), "<td>",
                    Escaped(row.caller), "</td><td class=\"n\">", Signed(row.points), "</td></tr>");
  }
  std::string content = CountTable(report.exceptions, "exception", RecordWords, kRed);
  std::uint64_t all = 0;
  for (const auto& [kind, count] : report.exceptions) all += count.records;
  if (!rows.empty()) {
    absl::StrAppend(&content, "<h3>", Both({"逐笔", "One by one"}), "</h3><table class=\"small\">",
                    Headings({{"记录", "Record"},
                              {"时间", "Time"},
                              {"事项", "What"},
                              {"经办", "Caller"},
                              {"积分", "Points"}},
                             4),
                    "<tbody>", rows, "</tbody></table>");
  }
  if (all > report.first_exceptions.size()) {
    const std::string shown = FormatCount(report.first_exceptions.size());
    absl::StrAppend(&content, "<p class=\"note\">",
                    Both({absl::StrCat("仅列前 ", shown, " 笔，共 ", FormatCount(all), " 笔。"),
                          absl::StrCat("The first ", shown, " of ", FormatCount(all), ".")}),
                    "</p>");
  }
  return Section({"需关注事项", "Exceptions"},
                 {"未必有错，但审计员应当看到：日切后退款、冲正、收回、调账、退汇、争议等。",
                  "Not wrong as such, but for an auditor to see: refunds after the day was cut, "
                  "reversals, claw-backs, adjustments, returned payouts, disputes and the like."},
                 content);
}

std::string ReportChecks(const AuditReport& report) {
  std::string rows;
  for (const ReportCheck& check : report.checks) {
    const char* const look = check.outcome == ReportCheck::Outcome::kHolds   ? "ok"
                             : check.outcome == ReportCheck::Outcome::kFails ? "bad"
                                                                             : "idle";
    absl::StrAppend(&rows, "<tr><td>", Both(CheckWords(check.what)), "</td><td><b class=\"", look,
                    "\" data-check=\"", static_cast<int>(check.what), "\">",
                    Both(OutcomeWords(check.outcome)), "</b></td><td>", Escaped(check.detail),
                    "</td></tr>");
  }
  std::string content = absl::StrCat(
      "<table>", Headings({{"核验", "Check"}, {"结果", "Result"}, {"详情", "Detail"}}, 3),
      "<tbody>", rows, "</tbody></table>");
  if (!report.head.empty()) {
    absl::StrAppend(&content, "<h3>", Both({"签名检查点", "Signed head"}), "</h3><pre>");
    for (const absl::string_view line : absl::StrSplit(report.head, '\n')) {
      absl::StrAppend(&content, Escaped(line), "\n");
    }
    absl::StrAppend(&content, "</pre>");
  }
  return Section({"核验", "Verification"},
                 {"本报告由账本记录逐条重新汇总得出，并与账本自己的余额核对。",
                  "The report adds up the ledger's records one by one, and compares with the "
                  "balances that the ledger tells."},
                 content);
}

}  // namespace puhui::services
