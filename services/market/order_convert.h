// SPDX-License-Identifier: Apache-2.0
// Orders and vouchers: from API messages to wishes, from rows to answers.
#ifndef PUHUI_SERVICES_MARKET_ORDER_CONVERT_H_
#define PUHUI_SERVICES_MARKET_ORDER_CONVERT_H_

#include "ledger/base/id.h"
#include "merchant/app/order_queries.h"
#include "merchant/app/order_vault.h"
#include "merchant/app/place_order_command.h"
#include "puhui/v1/order_service.pb.h"
#include "puhui/v1/voucher.pb.h"
#include "services/auth/identity.h"
#include "services/ledger/names.h"
#include "services/rpc/resource_name.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::services {

// orders/{order}, as FormatOrderName says it. Refuses: kInvalidField.
absl::StatusOr<Sequence> ParseOrderName(absl::string_view name, absl::string_view field);
// orders/{order}/voucher. Refuses: kInvalidField.
absl::StatusOr<Sequence> ParseVoucherName(absl::string_view name, absl::string_view field);

// What is ordered, as far as the request says it; its shape is right.
struct OrderDraft {
  merchant::PlaceOrderCommand::Wish wish{};
  absl::optional<StoreName> store{};
  absl::optional<merchant::DeliveryAddress> address{};
};
// Refuses: kInvalidField.
absl::StatusOr<OrderDraft> ReadPlaceOrder(const v1::PlaceOrderRequest& request);

// An order as it stands at `now`, without what the vault has. Who ordered is said to whoever is not
// the merchant.
absl::StatusOr<v1::Order> OrderOf(const merchant::FoundOrder& order, absl::Time now,
                                  const Principal& reader, Names& names);
v1::DeliveryAddress AddressOf(const merchant::DeliveryAddress& address);

// A voucher without its digits. Requires: the order has one.
absl::StatusOr<v1::Voucher> VoucherOf(const merchant::FoundOrder& order, absl::Time now,
                                      Names& names);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_ORDER_CONVERT_H_
