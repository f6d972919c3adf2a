// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/mall_applier.h"

#include "ledger/base/status_macros.h"
#include "merchant/app/spending.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::merchant {

namespace jv1 = journal::v1;

namespace {

constexpr std::size_t kTokenHashBytes = std::tuple_size_v<ledger::Tag>;

MallLimits LimitsIn(std::int64_t payment_max, std::int64_t day_max) {
  return {.payment_max = payment_max, .day_max = day_max};
}

absl::Status NoMall(std::uint32_t merchant) {
  return absl::DataLossError(absl::StrCat("merchant ", merchant, " has no mall"));
}

std::vector<MallLink>::iterator LinkOf(MemberMalls& malls, MerchantNumber merchant) {
  return std::find_if(malls.links.begin(), malls.links.end(),
                      [merchant](const MallLink& link) { return link.merchant == merchant; });
}

}  // namespace

absl::Status MallApplier::Apply(const jv1::Record& record) {
  if (record.has_mall_enabled()) return Enable(record);
  if (record.has_mall_changed()) return Change(record.mall_changed());
  if (record.has_mall_linked()) return Link(record);
  if (record.has_mall_unlinked()) return Unlink(record.mall_unlinked());
  if (record.has_declined()) CountCall(record.declined().till());
  if (!record.entry().purchase().mall_order().empty()) return Pay(record);
  if (!record.entry().refund().mall_refund().empty()) return Refund(record);
  return absl::OkStatus();
}

absl::Status MallApplier::Enable(const jv1::Record& record) {
  const jv1::MallEnabled& enabled = record.mall_enabled();
  const MerchantNumber merchant{enabled.merchant()};
  const TerminalRow* terminal = tables_.terminals.Find(TerminalNumber{enabled.terminal()});
  if (terminal == nullptr || terminal->merchant != merchant) {
    return absl::DataLossError("a mall without a terminal of its merchant");
  }
  if (tables_.malls.Find(merchant) != nullptr) {
    return absl::DataLossError(
        absl::StrCat("the mall of merchant ", enabled.merchant(), " is enabled twice"));
  }
  tables_.malls.Put(
      merchant, {.terminal = TerminalNumber{enabled.terminal()},
                 .limits = LimitsIn(enabled.points_per_payment_max(), enabled.points_per_day_max()),
                 .enable_time = absl::FromUnixMicros(record.time_micros())});
  return absl::OkStatus();
}

absl::Status MallApplier::Change(const jv1::MallChanged& changed) {
  const MerchantNumber merchant{changed.merchant()};
  if (tables_.malls.Find(merchant) == nullptr) return NoMall(changed.merchant());
  const auto state = static_cast<MallState>(changed.state());
  if (state != MallState::kActive && state != MallState::kBlocked) {
    return absl::DataLossError(absl::StrCat("a mall in state ", changed.state()));
  }
  MallRow& row = tables_.malls.Edit(merchant);
  row.state = state;
  row.limits = LimitsIn(changed.points_per_payment_max(), changed.points_per_day_max());
  return absl::OkStatus();
}

// The token that the member had given this mall before names nobody any more.
absl::Status MallApplier::Link(const jv1::Record& record) {
  const jv1::MallLinked& linked = record.mall_linked();
  const MerchantNumber merchant{linked.till().merchant()};
  if (tables_.malls.Find(merchant) == nullptr) return NoMall(linked.till().merchant());
  if (linked.member().size() != MemberId::kBytes || linked.token_hash().size() != kTokenHashBytes) {
    return absl::DataLossError("a mall was linked without its member or its token");
  }
  CountCall(linked.till());
  const MemberId member = MemberId::FromBytes(linked.member());
  const ledger::Tag token = ledger::TagFromBytes(linked.token_hash());
  MemberMalls& malls = tables_.member_malls.Edit(member);
  const auto known = LinkOf(malls, merchant);
  if (known != malls.links.end()) {
    tables_.mall_tokens.Erase(known->token);
    malls.links.erase(known);
  } else {
    ++tables_.malls.Edit(merchant).links;
  }
  malls.links.push_back({.merchant = merchant,
                         .token = token,
                         .link_time = absl::FromUnixMicros(record.time_micros())});
  tables_.mall_tokens.Put(token, {.member = member, .merchant = merchant});
  return absl::OkStatus();
}

absl::Status MallApplier::Unlink(const jv1::MallUnlinked& unlinked) {
  const MerchantNumber merchant{unlinked.merchant()};
  if (tables_.malls.Find(merchant) == nullptr) return NoMall(unlinked.merchant());
  if (unlinked.member().size() != MemberId::kBytes) {
    return absl::DataLossError("a mall was unlinked without its member");
  }
  MemberMalls& malls = tables_.member_malls.Edit(MemberId::FromBytes(unlinked.member()));
  const auto known = LinkOf(malls, merchant);
  if (known == malls.links.end()) return absl::DataLossError("a mall was unlinked twice");
  tables_.mall_tokens.Erase(known->token);
  malls.links.erase(known);
  --tables_.malls.Edit(merchant).links;
  return absl::OkStatus();
}

absl::Status MallApplier::Pay(const jv1::Record& record) {
  const jv1::Purchase& purchase = record.entry().purchase();
  const MerchantNumber merchant{purchase.till().merchant()};
  if (tables_.malls.Find(merchant) == nullptr) return NoMall(purchase.till().merchant());
  CountCall(purchase.till());
  const absl::CivilDay day = DayAtStore(absl::FromUnixMicros(record.time_micros()), "");
  MallRow& row = tables_.malls.Edit(merchant);
  row.paid = row.PaidOn(day) + purchase.points();
  row.day = day;
  // The member's last token is the one that is good.
  MemberMalls& malls = tables_.member_malls.Edit(MemberId::FromBytes(record.entry().member()));
  const auto link = LinkOf(malls, merchant);
  if (link == malls.links.end()) return absl::DataLossError("a mall took points of a stranger");
  return Note(record, {merchant, MallOrderKind::kPayment, purchase.mall_order()},
              {.sequence = record.sequence(),
               .purchase = record.sequence(),
               .points = purchase.points(),
               .token = link->token},
              "");
}

absl::Status MallApplier::Refund(const jv1::Record& record) {
  const jv1::Refund& refund = record.entry().refund();
  const MerchantNumber merchant{refund.till().merchant()};
  if (tables_.malls.Find(merchant) == nullptr) return NoMall(refund.till().merchant());
  CountCall(refund.till());
  MallOrderRow row{
      .sequence = record.sequence(), .purchase = refund.purchase(), .points = refund.points()};
  for (const jv1::LineRefund& line : refund.lines()) {
    row.lines.push_back({.line = line.line(), .points = line.points()});
  }
  return Note(record, {merchant, MallOrderKind::kRefund, refund.mall_refund()}, row,
              refund.mall_order());
}

absl::Status MallApplier::Note(const jv1::Record& record, const MallOrderKey& key,
                               const MallOrderRow& row, std::string order_number) {
  if (tables_.mall_orders.Find(key) != nullptr) {
    return absl::DataLossError("a mall used a number twice");
  }
  tables_.mall_orders.Put(key, row);
  const OpenDayRow* open = tables_.open_days.Find(key.merchant);
  if (open == nullptr || !open->day.has_value()) {
    return absl::DataLossError("a mall's call is in no business day");
  }
  tables_.mall_transactions.Put({key.merchant, open->day->day, record.sequence()},
                                {.kind = key.kind,
                                 .number = key.number,
                                 .order_number = std::move(order_number),
                                 .points = row.points,
                                 .time = absl::FromUnixMicros(record.time_micros())});
  return absl::OkStatus();
}

// Tills number their batches from 1.
void MallApplier::CountCall(const jv1::Till& till) {
  const MerchantNumber merchant{till.merchant()};
  if (till.batch_number() != 0 || till.trace_number() == 0) return;
  if (tables_.malls.Find(merchant) == nullptr) return;
  tables_.malls.Edit(merchant).calls = till.trace_number();
}

}  // namespace puhui::merchant
