// SPDX-License-Identifier: Apache-2.0
#include "services/wallet/explain_texts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <cstdlib>
#include <string>

namespace puhui::services {
namespace {

v1::Explanation Say(absl::string_view zh_cn, absl::string_view en) {
  v1::Explanation explanation;
  explanation.set_zh_cn(std::string(zh_cn));
  explanation.set_en(std::string(en));
  return explanation;
}

struct Declining {
  ledger::Reason reason;
  absl::string_view zh_cn;
  absl::string_view en;
};
// Of what has nothing to do with the amount.
constexpr Declining kDeclining[] = {
    {ledger::Reason::kMerchantNotActive, "商户目前不能收款", "the merchant may not sell now"},
    {ledger::Reason::kMemberNotActive, "会员目前不能消费", "the member may not spend now"},
    {ledger::Reason::kCardBlocked, "工会卡已停用", "the member card is blocked"},
    {ledger::Reason::kLineNotAllowed, "该商户的收银机不能使用其他商品类别或地区",
     "the merchant's tills may name no category or region but its own"},
    {ledger::Reason::kLotsPerPurchaseLimit, "涉及的积分批次或工会过多，请减少金额",
     "too many lots or unions are needed; ask for less"},
};

struct WindowWords {
  absl::string_view each_zh_cn;
  absl::string_view each_en;
  absl::string_view this_zh_cn;
  absl::string_view this_en;
};
WindowWords WordsOf(merchant::LimitWindow window) {
  switch (window) {
    case merchant::LimitWindow::kMinute:
      return {"每分钟", "a minute", "这一分钟", "this minute"};
    case merchant::LimitWindow::kHour:
      return {"每小时", "an hour", "这一小时", "this hour"};
    case merchant::LimitWindow::kDay:
      return {"每日", "a day", "当日", "this day"};
  }
  std::abort();
}

v1::Explanation ExplainLimit(const merchant::LimitFound& found) {
  const merchant::LimitBroken& broken = found.broken;
  const WindowWords words = WordsOf(broken.window);
  if (found.subject == merchant::LimitSubject::kMerchant ||
      found.subject == merchant::LimitSubject::kTerminal) {
    return Say(absl::StrCat("超出商户", words.this_zh_cn, "的收款限额"),
               absl::StrCat("beyond the limit of the merchant for ", words.this_en));
  }
  const bool of_card = found.subject == merchant::LimitSubject::kCard;
  return Say(absl::StrCat(of_card ? "超出工会卡限额：" : "超出会员限额：", words.each_zh_cn,
                          "最多 ", broken.allowed, broken.of_points ? " 积分" : " 笔", "，",
                          words.this_zh_cn, "尚余 ", broken.left),
             absl::StrCat("beyond the limit of the ", of_card ? "card" : "member", ": at most ",
                          broken.allowed, broken.of_points ? " points " : " payments ",
                          words.each_en, ", ", broken.left, " left for ", words.this_en));
}

}  // namespace

v1::Explanation ExplainWhyNot(ledger::WhyNot reason) {
  using enum ledger::WhyNot;
  switch (reason) {
    case kNotStarted:
      return Say("这批积分尚未到可用日期", "these points cannot be spent yet");
    case kExpired:
      return Say("这批积分已过期", "these points have expired");
    case kMerchantDenied:
      return Say("这批积分不能在该商户使用", "these points may not be spent at this merchant");
    case kMerchantNotAllowed:
      return Say("该商户不在这批积分的可用商户之列",
                 "the merchant is not one of those these points are for");
    case kCategory:
      return Say("这批积分不能用于该类商品", "these points are not for goods of this category");
    case kRegion:
      return Say("这批积分不能在该地区使用", "these points are not for this region");
    case kEarmarkCategory:
      return Say("这部分积分为专款，不能用于该类商品",
                 "this part is earmarked for goods of other categories");
    case kEarmarkRegion:
      return Say("这部分积分为专款，不能在该地区使用", "this part is earmarked for other regions");
    case kWeekday:
      return Say("这批积分当天（星期）不可用", "these points may not be spent on this weekday");
    case kHoliday:
      return Say("按节假日规则，这批积分当天不可用",
                 "by the rule for holidays these points may not be spent on this day");
    case kDayCap:
      return Say("已达到这批积分的每日限额", "the limit of these points per day is reached");
    case kNothingLeft:
      return Say("这批积分已全部冻结", "all of these points are reserved");
  }
  std::abort();
}

v1::Explanation ExplainAnswer(const Answer& answer) {
  if (!answer.declined.has_value()) {
    if (answer.approved == answer.asked) {
      return Say(absl::StrCat("可以支付 ", answer.approved, " 积分"),
                 absl::StrCat("accepted: ", answer.approved, " points"));
    }
    return Say(
        absl::StrCat("部分批准：申请 ", answer.asked, " 积分，可支付 ", answer.approved, " 积分"),
        absl::StrCat("accepted in part: ", answer.approved, " of ", answer.asked, " points"));
  }
  if (answer.limit.has_value()) return ExplainLimit(*answer.limit);
  for (const Declining& declining : kDeclining) {
    if (declining.reason == *answer.declined) return Say(declining.zh_cn, declining.en);
  }
  return Say(
      absl::StrCat("积分不足：申请 ", answer.asked, " 积分，此处可用 ", answer.available, " 积分"),
      absl::StrCat("not enough: ", answer.asked, " points asked for, ", answer.available,
                   " are available here"));
}

}  // namespace puhui::services
