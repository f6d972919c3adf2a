// SPDX-License-Identifier: Apache-2.0
#include "services/cli/audit_report_words.h"

#include "services/cli/table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include <cstdlib>
#include <map>

namespace puhui::services {
namespace {

using WordMap = std::map<std::string, Words>;

Words WordsOf(const WordMap& map, const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? Words{name, name} : found->second;
}

}  // namespace

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

Words AccountWords(const std::string& account) {
  static const auto* const map = new WordMap{{"FUNDING", {"拨入资金", "Funding"}},
                                             {"BUDGET", {"预算", "Budget"}},
                                             {"CAMPAIGN", {"福利活动", "Campaign"}},
                                             {"WALLET", {"会员钱包", "Wallet"}},
                                             {"HELD", {"冻结", "Held"}},
                                             {"PAYABLE", {"应付商户", "Payable"}},
                                             {"FEE", {"手续费", "Fee"}},
                                             {"PAYOUT", {"已付商户", "Payout"}},
                                             {"EXPIRED", {"过期", "Expired"}},
                                             {"AID", {"互助", "Aid"}}};
  return WordsOf(*map, account);
}

Words RecordWords(const std::string& kind) {
  static const auto* const map =
      new WordMap{{"entry/funding", {"拨入资金", "Funding"}},
                  {"entry/allocation", {"预算下拨", "Allocation"}},
                  {"entry/budget_return", {"预算上交", "Budget returned"}},
                  {"entry/approval", {"活动审批预留", "Campaign approved"}},
                  {"entry/grant", {"发放", "Grant"}},
                  {"entry/returned", {"活动结余退回", "Campaign leftovers returned"}},
                  {"entry/purchase", {"消费", "Purchase"}},
                  {"entry/authorization", {"预授权", "Authorisation"}},
                  {"entry/capture", {"请款", "Capture"}},
                  {"entry/voided", {"预授权撤销", "Void"}},
                  {"entry/authorization_expiry", {"预授权到期", "Authorisation expired"}},
                  {"entry/refund", {"退款", "Refund"}},
                  {"entry/reversal", {"冲正", "Reversal"}},
                  {"entry/expiry", {"积分到期", "Expiry"}},
                  {"entry/lot_returned", {"批次退回", "Lot returned"}},
                  {"entry/clawed_back", {"收回", "Claw-back"}},
                  {"entry/adjustment", {"调账", "Adjustment"}},
                  {"entry/payout_paid", {"付款", "Payout"}},
                  {"entry/payout_returned", {"付款退回", "Payout returned"}},
                  {"earlier_refund", {"日切后退款", "Refund after the day was cut"}},
                  {"tombstone", {"先冲正、后无原交易", "Reversal before its original"}},
                  {"row_refused", {"发放行被拒", "Row of a plan refused"}},
                  {"lines_disputed", {"对账异议", "Statement lines disputed"}},
                  {"terminal_blocked", {"终端停用", "Terminal blocked"}},
                  {"break_glass", {"审计员查看个人信息", "Personal data seen by an auditor"}},
                  {"approvals_voided", {"审批作废", "Approvals voided"}},
                  {"payment_correction_decided", {"付款更正", "Payment corrected"}},
                  {"declined", {"拒绝交易", "Declined"}},
                  {"difference", {"余额与流水不符", "Balances and movements differ"}},
                  {"member_joined", {"会员加入", "Member joined"}},
                  {"member_changed", {"会员变更", "Member changed"}}};
  return WordsOf(*map, kind);
}

Words ReasonWords(const std::string& reason) {
  static const auto* const map =
      new WordMap{{"INSUFFICIENT_POINTS", {"积分不足", "Not enough points"}},
                  {"CARD_NOT_FOUND", {"卡号不存在", "No such card"}},
                  {"CARD_BLOCKED", {"卡已挂失", "Card blocked"}},
                  {"MEMBER_SUSPENDED", {"会员已停用", "Member suspended"}},
                  {"MERCHANT_SUSPENDED", {"商户已停用", "Merchant suspended"}},
                  {"TERMINAL_BLOCKED", {"终端已停用", "Terminal blocked"}},
                  {"PAYMENT_CODE_UNKNOWN", {"付款码无效", "Payment code unknown"}},
                  {"MEMBER_LIMIT", {"超出会员限额", "Limit of the member"}},
                  {"CARD_LIMIT", {"超出卡限额", "Limit of the card"}},
                  {"TERMINAL_LIMIT", {"超出终端限额", "Limit of the terminal"}},
                  {"MERCHANT_LIMIT", {"超出商户限额", "Limit of the merchant"}},
                  {"REVERSED_BEFORE_ARRIVAL", {"交易到达前已冲正", "Reversed before it arrived"}},
                  {"VOUCHER_UNKNOWN", {"提货券无效", "Voucher unknown"}},
                  {"VOUCHER_REDEEMED", {"提货券已使用", "Voucher used already"}}};
  return WordsOf(*map, reason);
}

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
