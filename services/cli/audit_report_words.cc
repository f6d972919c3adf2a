// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_report_words.h"

#include "services/cli/table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include <cstdlib>

namespace puhui::services {
namespace {

constexpr NamedWords kAccountWords[] = {{"FUNDING", "拨入资金", "Funding"},
                                        {"BUDGET", "预算", "Budget"},
                                        {"CAMPAIGN", "福利活动", "Campaign"},
                                        {"WALLET", "会员钱包", "Wallet"},
                                        {"HELD", "冻结", "Held"},
                                        {"PAYABLE", "应付商户", "Payable"},
                                        {"FEE", "手续费", "Fee"},
                                        {"PAYOUT", "已付商户", "Payout"},
                                        {"EXPIRED", "过期", "Expired"},
                                        {"AID", "互助", "Aid"}};

}  // namespace

Words WordsIn(absl::Span<const NamedWords> table, const std::string& name) {
  for (const NamedWords& named : table) {
    if (named.name == name) return {std::string(named.zh), std::string(named.en)};
  }
  return {name, name};
}

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(Printable(text),
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string Both(const Words& words, absl::string_view tag, absl::string_view attributes) {
  const absl::string_view space = attributes.empty() ? "" : " ";
  return absl::StrCat("<", tag, " class=\"zh\" lang=\"zh-CN\"", space, attributes, ">",
                      Escaped(words.zh), "</", tag, "><", tag, " class=\"en\" lang=\"en\"", space,
                      attributes, ">", Escaped(words.en), "</", tag, ">");
}

Words AccountWords(const std::string& account) { return WordsIn(kAccountWords, account); }

Words CheckWords(ReportCheck::What what) {
  using What = ReportCheck::What;
  switch (what) {
    case What::kOpeningBooks:
      return {"期初试算平衡", "The opening books balance"};
    case What::kClosingBooks:
      return {"期末试算平衡", "The closing books balance"};
    case What::kMovements:
      return {"期初余额加本期流水等于期末余额",
              "Opening balances and movements give the closing ones"};
    case What::kComplete:
      return {"记录连续，一条不缺", "Records are in sequence, and none is missing"};
    case What::kHead:
      return {"账本签名检查点", "A signed head of the journal"};
    case What::kLedger:
      return {"账本全面核验", "The whole ledger, verified by the service"};
    case What::kReads:
      return {"查阅日志核验", "The journal of reads, verified by the service"};
  }
  std::abort();
}

Words OutcomeWords(ReportCheck::Outcome outcome) {
  using Outcome = ReportCheck::Outcome;
  switch (outcome) {
    case Outcome::kHolds:
      return {"相符", "holds"};
    case Outcome::kFails:
      return {"不符", "FAILS"};
    case Outcome::kNotAsked:
      return {"未核验", "not checked"};
  }
  std::abort();
}

}  // namespace puhui::services
