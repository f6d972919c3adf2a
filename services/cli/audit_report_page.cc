// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_report_page.h"

#include "services/cli/audit_report_tables.h"
#include "services/cli/audit_report_words.h"
#include "services/cli/money.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

// Nothing is fetched and nothing runs, whatever a name in the ledger says.
constexpr char kPolicy[] = "default-src 'none'; style-src 'unsafe-inline'";

constexpr char kStyle[] = R"(
:root{--ink:#23262b;--soft:#6a6f78;--line:#e3ddd0;--paper:#fff;--ground:#f5f1e8;--red:#b3272d;--green:#2c6e49}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.6 "Source Han Sans SC","Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif}
#en:not(:target)~.page .en,#en:target~.page .zh{display:none}
.page{max-width:1080px;margin:0 auto;padding:32px 24px 56px}
header{display:flex;justify-content:space-between;align-items:flex-start;gap:24px;border-bottom:3px solid var(--red);padding-bottom:18px}
h1{font-size:28px;line-height:1.25;margin:2px 0 6px;letter-spacing:.01em}
.meta.brand{color:var(--red);font-weight:700;letter-spacing:.08em}
.meta{color:var(--soft);margin:0}
.meta b{color:var(--ink);font-weight:600}
nav{white-space:nowrap}
nav a{display:inline-block;padding:4px 12px;border:1px solid var(--line);background:var(--paper);color:var(--ink);text-decoration:none;border-radius:4px;margin-left:4px}
#en:not(:target)~.page nav a.zh-link,#en:target~.page nav a.en-link{background:var(--red);border-color:var(--red);color:#fff}
.verdict{margin:20px 0;padding:12px 18px;border-radius:6px;font-size:17px;font-weight:600}
.verdict.good{background:#e4efe6;color:var(--green)}
.verdict.wrong{background:#f8e1df;color:var(--red)}
.cards{display:grid;grid-template-columns:repeat(3,1fr);gap:14px}
.card,section{background:var(--paper);border:1px solid var(--line);border-radius:8px}
.card{padding:14px 18px}
.card h3{margin:0;font-size:13px;font-weight:500;color:var(--soft)}
.card p{margin:0}
.big{font-size:26px;font-weight:700;font-variant-numeric:tabular-nums;line-height:1.35}
.sub{color:var(--soft);font-size:13px}
section{padding:20px 24px 22px;margin-top:18px}
h2{margin:0;font-size:19px}
section h3{font-size:15px;margin:18px 0 6px}
.note{margin:2px 0 14px;color:var(--soft);font-size:13px}
.none{color:var(--soft)}
table{width:100%;border-collapse:collapse}
th,td{padding:7px 10px;text-align:left;border-bottom:1px solid var(--line);vertical-align:middle}
th{font-size:12.5px;font-weight:600;color:var(--soft)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tfoot td{font-weight:700;border-bottom:0;border-top:2px solid var(--ink)}
tbody tr:last-child td{border-bottom:0}
code{color:#9a958a;font:11.5px ui-monospace,"DejaVu Sans Mono",monospace;margin-left:4px}
code:empty{display:none}
.small td{font-size:13px;padding:5px 10px;overflow-wrap:anywhere}
.barcell{width:24%}
.bar{display:block;width:100%;height:8px;border-radius:4px}
.strip{display:block;width:100%;height:34px;border-radius:5px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:10px 0 16px;padding:0;font-size:13px}
.legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:6px}
.charts{display:grid;grid-template-columns:1fr 1fr;gap:22px 30px}
.chart{width:100%;height:auto}
.chart text{font-size:13px;font-weight:600;fill:var(--ink)}
.chart .tick{font-size:11px;font-weight:400;fill:var(--soft)}
.grid{stroke:var(--line);stroke-width:1}
.ok{color:var(--green)}.bad{color:var(--red)}.idle{color:var(--soft);font-weight:500}
pre{background:var(--ground);padding:12px 14px;border-radius:6px;overflow-wrap:anywhere;white-space:pre-wrap;font:12px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;margin:0}
footer{color:var(--soft);font-size:12.5px;margin-top:20px}
@media(max-width:720px){.cards,.charts{grid-template-columns:1fr}header{flex-direction:column}}
@media print{@page{size:A4;margin:14mm}body{background:#fff;font-size:11px}.page{padding:0;max-width:none}nav{display:none}section,.card{border-color:#ccc}section{padding:12px 14px}.card,.charts svg,tr,.verdict{break-inside:avoid}h2,h3{break-after:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)";

std::string Period(const AuditReport& report) {
  return absl::StrCat(absl::FormatCivilTime(report.first_day), " – ",
                      absl::FormatCivilTime(report.last_day));
}

std::string Header(const AuditReport& report) {
  const std::string scope = Escaped(report.union_name);
  const std::string whole = Both({"全部工会", "All unions"});
  std::string until;
  if (!report.ended) {
    until = absl::StrCat(" ", Both({"（本期未完，截至制表时）", "(goes on; up to now)"}));
  }
  return absl::StrCat(
      "<header><div><p class=\"meta brand\">普惠 PUHUI</p><h1>", Both({"审计报告", "Audit report"}),
      "</h1><p class=\"meta\"><b>", scope.empty() ? whole : scope, "</b> · <b>", Period(report),
      "</b> ", Escaped(report.zone), until, "</p><p class=\"meta\">",
      Both({absl::StrCat("记录 ", FormatCount(report.first_sequence), " 至 ",
                         FormatCount(report.last_sequence), " · 制表 ", report.made),
            absl::StrCat("Records ", FormatCount(report.first_sequence), " to ",
                         FormatCount(report.last_sequence), " · made ", report.made)}),
      "</p></div><nav><a class=\"zh-link\" href=\"#zh\" lang=\"zh-CN\">中文</a><a "
      "class=\"en-link\" "
      "href=\"#en\" lang=\"en\">English</a></nav></header>\n");
}

std::string Verdict(const AuditReport& report) {
  if (report.Holds()) {
    return absl::StrCat("<p class=\"verdict good\" data-verdict=\"holds\">✓ ",
                        Both({"账目相符：已做的核验全部通过。",
                              "The books hold: every check that was made passed."}),
                        "</p>\n");
  }
  return absl::StrCat(
      "<p class=\"verdict wrong\" data-verdict=\"fails\">✗ ",
      Both({"账目不符：请先看“核验”一节。", "The books do not hold: see Verification first."}),
      "</p>\n");
}

std::string Footer(const AuditReport& report) {
  const std::string scope =
      report.union_name.empty() ? "" : absl::StrCat(" --union ", report.union_name);
  const std::string again =
      absl::StrCat("puhui audit trial-balance --as-of ", report.last_sequence, scope,
                   "; puhui audit export --from ", report.first_sequence, " --to ",
                   report.last_sequence, scope, " --out records.csv");
  return absl::StrCat("<footer><p>", Both({"核对本报告：", "To check this report:"}), " <code>",
                      Escaped(again), "</code></p></footer>\n");
}

}  // namespace

std::string AuditReportPage(const AuditReport& report) {
  return absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"/>"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"",
      kPolicy,
      "\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
      "<meta name=\"referrer\" content=\"no-referrer\"/><title>普惠审计报告 Audit report ",
      Escaped(Period(report)), "</title><style>", kStyle,
      "</style></head>\n<body><i id=\"zh\"></i><i id=\"en\"></i><div class=\"page\">\n",
      Header(report), Verdict(report), ReportCards(report), ReportBalances(report),
      ReportDays(report), ReportMovements(report), ReportDeclines(report), ReportExceptions(report),
      ReportChecks(report), Footer(report), "</div></body>\n</html>\n");
}

}  // namespace puhui::services
