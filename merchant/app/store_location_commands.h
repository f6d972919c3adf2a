// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_STORE_LOCATION_COMMANDS_H_
#define PUHUI_MERCHANT_APP_STORE_LOCATION_COMMANDS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/tables.h"
#include "merchant/core/geo_point.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include <utility>

namespace puhui::merchant {

// Says where a store is, or that nobody says it any more.
// Records: StoreLocated.
// Refuses: INVALID_FIELD (not on earth), NOT_FOUND (the merchant or the store), MERCHANT_NOT_ACTIVE
// (not accepted, or closed), STORE_LOCATIONS_LIMIT.
class LocateStoreCommand final : public ledger::Command {
 public:
  struct Wish {
    MerchantId merchant{};
    StoreId store{};
    absl::optional<GeoPoint> location{};
  };
  LocateStoreCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Appliers only. Fails: kDataLoss for a place that is not on earth.
absl::Status ApplyStoreLocated(Tables& tables, const journal::v1::StoreLocated& located);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STORE_LOCATION_COMMANDS_H_
