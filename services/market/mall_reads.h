// SPDX-License-Identifier: Apache-2.0
// What malls ask the views. Fail: as Readable.
#ifndef PUHUI_SERVICES_MARKET_MALL_READS_H_
#define PUHUI_SERVICES_MARKET_MALL_READS_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/app/mall_rows.h"
#include "puhui/v1/mall.pb.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>

namespace puhui::services {

// The merchant that a mall is of. Refuses: kNotFound.
struct SeenMall {
  MerchantNumber merchant{};
  merchant::MallRow row{};
};
absl::StatusOr<SeenMall> FindMall(const ledger::Readable& store, absl::string_view merchant_id);

absl::StatusOr<absl::optional<merchant::MallOrderRow>> FindMallOrder(const ledger::Readable& store,
                                                                     MerchantNumber merchant,
                                                                     merchant::MallOrderKind kind,
                                                                     const std::string& number);

// By the mall's own number, as it stands. Refuses: kInvalidField (merchant), kNotFound.
absl::StatusOr<v1::MallPayment> FindMallPayment(const ledger::Readable& store,
                                                absl::string_view merchant_name,
                                                const std::string& order_number);
absl::StatusOr<v1::MallRefund> FindMallRefund(const ledger::Readable& store,
                                              absl::string_view merchant_name,
                                              const std::string& refund_number);

// Whose the token is at this mall; none: nobody's.
absl::StatusOr<MemberId> FindLinked(const ledger::Readable& store, absl::string_view merchant_id,
                                    const ledger::Tag& token);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_MALL_READS_H_
