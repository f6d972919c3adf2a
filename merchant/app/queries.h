// SPDX-License-Identifier: Apache-2.0
// Reads of the acquiring side's views, for handlers. Pass a snapshot where two reads must agree.
// Threads: safe. Fail: as Readable.
#ifndef PUHUI_MERCHANT_APP_QUERIES_H_
#define PUHUI_MERCHANT_APP_QUERIES_H_

#include "ledger/storage/store.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/rows.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

struct FoundMerchant {
  MerchantNumber number{};
  MerchantRow row{};
};
absl::StatusOr<absl::optional<FoundMerchant>> FindMerchant(const ledger::Readable& from,
                                                           absl::string_view merchant_id);
// Requires: there is a merchant with that number (checked).
absl::StatusOr<MerchantRow> MerchantByNumber(const ledger::Readable& from, MerchantNumber number);

// By id, at most `limit` of each.
absl::StatusOr<std::vector<std::pair<std::string, StoreRow>>> ListStores(
    const ledger::Readable& from, MerchantNumber merchant, std::size_t limit);
absl::StatusOr<std::vector<TerminalRow>> ListTerminals(const ledger::Readable& from,
                                                       MerchantNumber merchant, std::size_t limit);

absl::StatusOr<absl::optional<TerminalNumber>> FindTerminal(const ledger::Readable& from,
                                                            absl::string_view merchant_id,
                                                            absl::string_view terminal_id);
// Requires: there is a terminal with that number (checked).
absl::StatusOr<TerminalRow> TerminalByNumber(const ledger::Readable& from, TerminalNumber number);

absl::StatusOr<absl::optional<PurchaseRow>> FindPurchase(const ledger::Readable& from,
                                                         Sequence sequence);
absl::StatusOr<absl::optional<AuthorizationRow>> FindAuthorization(const ledger::Readable& from,
                                                                   Sequence sequence);
absl::StatusOr<absl::optional<TillRow>> FindTillCall(const ledger::Readable& from,
                                                     const TillKey& key);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_QUERIES_H_
