// SPDX-License-Identifier: Apache-2.0
#include "tests/model/mall_model.h"

#include <utility>
#include <vector>

namespace puhui::testing {

using ledger::Reason;
using Call = LedgerModel::Call;

Verdict MallModel::Enable(std::uint32_t merchant, const Mall& mall) {
  const auto of = model_.merchants.find(merchant);
  if (of == model_.merchants.end()) return Reason::kNotFound;
  if (malls.contains(merchant)) return Reason::kAlreadyExists;
  if (of->second.standing != LedgerModel::MerchantStanding::kActive) {
    return Reason::kMerchantNotActive;
  }
  malls[merchant] = mall;
  model_.terminals[mall.terminal] = {.merchant = merchant};
  return absl::nullopt;
}

Verdict MallModel::Change(std::uint32_t merchant, const Mall& to) {
  if (!malls.contains(merchant)) return Reason::kNotFound;
  Mall& mall = malls[merchant];
  mall.blocked = to.blocked;
  mall.payment_max = to.payment_max;
  mall.day_max = to.day_max;
  return absl::nullopt;
}

Verdict MallModel::LinkTo(std::uint32_t merchant, const TillCall& call, std::uint64_t code,
                          std::uint64_t token) {
  if (!malls.contains(merchant)) return Reason::kNotFound;
  ++malls[merchant].calls;
  // Whether a call was reversed before it arrived is asked of tills alone.
  const bool was_buried = model_.buried.erase(call.request) > 0;
  Verdict verdict = model_.JudgeCode(call, code, {});
  if (was_buried) model_.buried.insert(call.request);
  if (!verdict.has_value() && malls[merchant].blocked) verdict = Reason::kMallBlocked;
  if (!verdict.has_value()) {
    const Link link = {model_.codes.at(code).member, merchant};
    model_.UseCode(call, code);
    std::erase_if(tokens, [&link](const auto& known) { return known.second == link; });
    tokens[token] = link;
  }
  // No till finds anything to reverse under it.
  return model_.Judge(call, Call::kDeclined, verdict);
}

Verdict MallModel::Unlink(const Link& link) {
  const auto links =
      std::erase_if(tokens, [&link](const auto& known) { return known.second == link; });
  return links == 0 ? Verdict(Reason::kNotFound) : absl::nullopt;
}

bool MallModel::WasPaid(std::uint32_t merchant, const std::string& order,
                        const Payment& asked) const {
  const auto mall = malls.find(merchant);
  if (mall == malls.end() || !mall->second.payments.contains(order)) return false;
  const Payment& known = mall->second.payments.at(order);
  return known.token == asked.token && known.points == asked.points && known.lines == asked.lines;
}

Verdict MallModel::Pay(std::uint32_t merchant, const TillCall& call, const std::string& order,
                       const Payment& asked) {
  if (!malls.contains(merchant)) return Reason::kNotFound;
  ++malls[merchant].calls;
  return model_.Judge(call, Call::kPurchase, Take(merchant, call, order, asked));
}

Verdict MallModel::Take(std::uint32_t merchant, const TillCall& call, const std::string& order,
                        const Payment& asked) {
  Mall& mall = malls[merchant];
  const auto link = tokens.find(asked.token);
  if (link == tokens.end() || link->second.second != merchant) return Reason::kMallLinkUnknown;
  if (mall.payments.contains(order)) return Reason::kMallOrderUsed;
  const LedgerModel::Terminal& terminal = model_.terminals.at(mall.terminal);
  if (terminal.blocked || terminal.retired) return Reason::kTerminalNotActive;
  if (const Verdict refused = model_.CheckMerchant(call)) return refused;
  const MemberId member = link->second.first;
  if (model_.members.at(member).standing != LedgerModel::Standing::kActive) {
    return Reason::kMemberNotActive;
  }
  if (mall.blocked) return Reason::kMallBlocked;
  std::int64_t& today = mall.paid[LedgerModel::DayOf(call.now)];
  if (asked.points > mall.payment_max || today + asked.points > mall.day_max) {
    return Reason::kMallLimit;
  }
  const Verdict refused =
      model_.Take(call, {.member = member}, {.points = asked.points, .lines = asked.lines});
  if (refused.has_value()) return refused;
  today += asked.points;
  mall.payments[order] = asked;
  mall.payments[order].purchase = call.sequence;
  return absl::nullopt;
}

bool MallModel::WasRefunded(std::uint32_t merchant, const std::string& order,
                            const Refund& asked) const {
  const auto mall = malls.find(merchant);
  if (mall == malls.end() || !mall->second.payments.contains(order)) return false;
  const auto at = mall->second.refunds.find(asked.number);
  if (at == mall->second.refunds.end()) return false;
  const GivenBack& known = at->second;
  if (known.purchase != mall->second.payments.at(order).purchase) return false;
  if (known.points != asked.points) return false;
  if (!asked.line.has_value()) return true;
  return *asked.line < known.lines.size() && known.lines[*asked.line] == asked.points;
}

Verdict MallModel::GiveBack(std::uint32_t merchant, const TillCall& call, const std::string& order,
                            const Refund& asked) {
  if (!malls.contains(merchant)) return Reason::kNotFound;
  Mall& mall = malls[merchant];
  ++mall.calls;
  const auto paid = mall.payments.find(order);
  if (paid == mall.payments.end()) return model_.Judge(call, Call::kRefund, Reason::kNotFound);
  if (mall.refunds.contains(asked.number)) {
    return model_.Judge(call, Call::kRefund, Reason::kMallOrderUsed);
  }
  GivenBack given{.purchase = paid->second.purchase, .points = asked.points};
  const auto left = [&] {
    std::vector<std::int64_t> lines;
    for (const auto& line : model_.purchases.at(given.purchase).lines) lines.push_back(line.left);
    return lines;
  };
  const std::vector<std::int64_t> before = left();
  const Verdict verdict = model_.Refund(call, given.purchase, asked.points, asked.line);
  if (verdict.has_value()) return verdict;
  const std::vector<std::int64_t> after = left();
  for (std::size_t i = 0; i < after.size(); ++i) given.lines.push_back(before[i] - after[i]);
  mall.refunds[asked.number] = std::move(given);
  return absl::nullopt;
}

}  // namespace puhui::testing
