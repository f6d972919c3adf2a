// SPDX-License-Identifier: Apache-2.0
// Malls: from API messages to what commands wish for, and from records and rows to API messages.
#ifndef PUHUI_SERVICES_MARKET_MALL_CONVERT_H_
#define PUHUI_SERVICES_MARKET_MALL_CONVERT_H_

#include "ledger/base/id.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/mall.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// merchants/{merchant}/mall. Refuses: kInvalidField.
absl::StatusOr<MerchantId> ParseMallName(absl::string_view name, absl::string_view field);
std::string FormatMallName(absl::string_view merchant_id);

// members/{member}/malls/{merchant}. Refuses: kInvalidField.
struct MallLinkName {
  MemberId member;
  MerchantId merchant;
};
absl::StatusOr<MallLinkName> ParseMallLinkName(absl::string_view name, absl::string_view field);
std::string FormatMallLinkName(const MemberId& member, absl::string_view merchant_id);

// A mall's own number of an order or a refund. Refuses: kInvalidField, without the number.
absl::Status CheckMallNumber(absl::string_view number, absl::string_view field);

// Refuses: kInvalidField, naming the limit.
absl::StatusOr<merchant::MallLimits> ReadMallLimits(const v1::MallLimits& limits);
v1::MallLimits ToProto(const merchant::MallLimits& limits);
v1::MallState ToProto(merchant::MallState state);

// As it was when the record was written.
v1::MallPayment MallPaymentOf(const journal::v1::Record& record);
// As it stands.
v1::MallPayment MallPaymentOf(absl::string_view order_number, Sequence sequence,
                              const merchant::PurchaseRow& row);
v1::MallRefund MallRefundOf(const journal::v1::Record& record);
v1::MallTransaction MallTransactionOf(const merchant::MallTransactionKey& key,
                                      const merchant::MallTransactionRow& row);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_MALL_CONVERT_H_
