// SPDX-License-Identifier: Apache-2.0
#include "services/market/mall_convert.h"

#include "ledger/base/limits.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "services/ledger/basket.h"
#include "services/ledger/reference.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace puhui::services {
namespace {

constexpr absl::string_view kMall = "/mall";
constexpr absl::string_view kMalls = "/malls/";

// No spaces either: nobody sees whether a number ends with one.
bool IsVisible(char c) { return c > ' ' && c <= '~'; }

v1::MallPaymentState StateOf(std::int64_t points, std::int64_t refunded) {
  if (refunded == 0) return v1::MALL_PAYMENT_STATE_PAID;
  return refunded < points ? v1::MALL_PAYMENT_STATE_PARTLY_REFUNDED
                           : v1::MALL_PAYMENT_STATE_REFUNDED;
}

}  // namespace

absl::StatusOr<MerchantId> ParseMallName(absl::string_view name, absl::string_view field) {
  const bool is_mall = absl::ConsumeSuffix(&name, kMall);
  absl::StatusOr<MerchantId> merchant = ParseMerchantName(name, field);
  if (is_mall && merchant.ok()) return merchant;
  return InvalidField(field, "want merchants/{merchant}/mall");
}

std::string FormatMallName(absl::string_view merchant_id) {
  return absl::StrCat("merchants/", merchant_id, kMall);
}

absl::StatusOr<MallLinkName> ParseMallLinkName(absl::string_view name, absl::string_view field) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits(kMalls, 1));
  const auto member = ParseMemberName(parts.first, field);
  auto merchant = MerchantId::Parse(parts.second, field);
  if (member.ok() && merchant.ok()) return MallLinkName{*member, *std::move(merchant)};
  return InvalidField(field, "want members/{member}/malls/{merchant}");
}

std::string FormatMallLinkName(const MemberId& member, absl::string_view merchant_id) {
  return absl::StrCat(FormatMemberName(member), kMalls, merchant_id);
}

absl::Status CheckMallNumber(absl::string_view number, absl::string_view field) {
  const bool good = !number.empty() && number.size() <= kMallNumberBytesMax &&
                    std::all_of(number.begin(), number.end(), IsVisible);
  if (good) return absl::OkStatus();
  return InvalidField(
      field, absl::StrCat("want 1 to ", kMallNumberBytesMax, " visible characters of ASCII"));
}

absl::StatusOr<merchant::MallLimits> ReadMallLimits(const v1::MallLimits& limits) {
  PUHUI_ASSIGN_OR_RETURN(
      const Points payment,
      Points::FromRequest(limits.points_per_payment_max(), "limits.points_per_payment_max"));
  PUHUI_ASSIGN_OR_RETURN(const Points day, Points::FromRequest(limits.points_per_day_max(),
                                                               "limits.points_per_day_max"));
  return merchant::MallLimits{.payment_max = payment.value(), .day_max = day.value()};
}

v1::MallLimits ToProto(const merchant::MallLimits& limits) {
  v1::MallLimits message;
  message.set_points_per_payment_max(limits.payment_max);
  message.set_points_per_day_max(limits.day_max);
  return message;
}

v1::MallState ToProto(merchant::MallState state) {
  switch (state) {
    case merchant::MallState::kActive:
      return v1::MALL_STATE_ACTIVE;
    case merchant::MallState::kBlocked:
      return v1::MALL_STATE_BLOCKED;
  }
  std::abort();
}

v1::MallPayment MallPaymentOf(const journal::v1::Record& record) {
  const journal::v1::Purchase& stored = record.entry().purchase();
  v1::MallPayment payment;
  payment.set_order_number(stored.mall_order());
  payment.set_retrieval_reference(FormatReference(record.sequence()));
  payment.set_points(stored.points());
  payment.set_state(v1::MALL_PAYMENT_STATE_PAID);
  *payment.mutable_pay_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  for (const journal::v1::BasketLine& line : stored.lines()) {
    *payment.add_lines() = PaidLineOf(line);
  }
  return payment;
}

v1::MallPayment MallPaymentOf(absl::string_view order_number, Sequence sequence,
                              const merchant::PurchaseRow& row) {
  v1::MallPayment payment;
  payment.set_order_number(std::string(order_number));
  payment.set_retrieval_reference(FormatReference(sequence));
  payment.set_points(row.points);
  payment.set_refunded_points(row.refunded);
  payment.set_state(StateOf(row.points, row.refunded));
  *payment.mutable_pay_time() = ToTimestamp(row.time);
  for (const merchant::PaidLine& line : row.lines) *payment.add_lines() = PaidLineOf(line);
  return payment;
}

v1::MallRefund MallRefundOf(const journal::v1::Record& record) {
  const journal::v1::Refund& stored = record.entry().refund();
  v1::MallRefund refund;
  refund.set_refund_number(stored.mall_refund());
  refund.set_order_number(stored.mall_order());
  refund.set_retrieval_reference(FormatReference(record.sequence()));
  refund.set_points(stored.points());
  *refund.mutable_refund_time() = ToTimestamp(absl::FromUnixMicros(record.time_micros()));
  return refund;
}

v1::MallTransaction MallTransactionOf(const merchant::MallTransactionKey& key,
                                      const merchant::MallTransactionRow& row) {
  v1::MallTransaction transaction;
  switch (row.kind) {
    case merchant::MallOrderKind::kPayment:
      transaction.set_payment(row.number);
      break;
    case merchant::MallOrderKind::kRefund:
      transaction.set_refund(row.number);
      transaction.set_order_number(row.order_number);
      break;
  }
  transaction.set_retrieval_reference(FormatReference(key.sequence));
  transaction.set_points(row.points);
  *transaction.mutable_time() = ToTimestamp(row.time);
  return transaction;
}

}  // namespace puhui::services
