// SPDX-License-Identifier: Apache-2.0
// What a till would answer, without a till.
#ifndef PUHUI_SERVICES_WALLET_EXPLAIN_SPEND_H_
#define PUHUI_SERVICES_WALLET_EXPLAIN_SPEND_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/basket.h"
#include "ledger/storage/store.h"
#include "puhui/v1/wallet_service.pb.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <vector>

namespace puhui::services {

struct SpendQuestion {
  MemberId member{};
  MerchantId merchant{};
  absl::optional<StoreId> store{};
  Points points{};
  bool accept_partial = false;
  std::vector<ledger::BasketLine> lines{};
  absl::optional<absl::Time> time{};              // Not now.
  absl::optional<TerminalNumber> presented_by{};  // Of a bill, for which no card is needed.
};
// Refuses: kInvalidField.
absl::StatusOr<SpendQuestion> ReadExplainSpend(const v1::ExplainSpendRequest& request);

// Asks what a purchase asks, of the moment that `store` is. Requires: there is such a member, and
// the caller may see it. Refuses: kNotFound (the merchant, the store), kInvalidField (a time before
// `now`).
absl::StatusOr<v1::ExplainSpendResponse> ExplainSpend(const SpendQuestion& question,
                                                      const ledger::Readable& store,
                                                      absl::Time now);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WALLET_EXPLAIN_SPEND_H_
