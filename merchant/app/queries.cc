// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/queries.h"

#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

namespace puhui::merchant {

using ledger::Find;

absl::StatusOr<absl::optional<FoundMerchant>> FindMerchant(const ledger::Readable& from,
                                                           absl::string_view merchant_id) {
  PUHUI_ASSIGN_OR_RETURN(const auto number, Find(from, kMerchantIdTable, std::string(merchant_id)));
  if (!number.has_value()) return absl::optional<FoundMerchant>();
  PUHUI_ASSIGN_OR_RETURN(MerchantRow row, MerchantByNumber(from, *number));
  return absl::optional<FoundMerchant>(FoundMerchant{*number, std::move(row)});
}

absl::StatusOr<MerchantRow> MerchantByNumber(const ledger::Readable& from, MerchantNumber number) {
  PUHUI_ASSIGN_OR_RETURN(auto row, Find(from, kMerchantTable, number));
  PUHUI_CHECK(row.has_value());
  return *std::move(row);
}

absl::StatusOr<std::vector<std::pair<std::string, StoreRow>>> ListStores(
    const ledger::Readable& from, MerchantNumber merchant, std::size_t limit) {
  PUHUI_ASSIGN_OR_RETURN(
      auto rows,
      ledger::List(from, kStoreTable, {.prefix = ledger::EncodeKeyPrefix(Table::kStores, merchant)},
                   limit));
  std::vector<std::pair<std::string, StoreRow>> stores;
  for (auto& row : rows) stores.emplace_back(std::move(row.key.id), std::move(row.value));
  return stores;
}

absl::StatusOr<std::vector<TerminalRow>> ListTerminals(const ledger::Readable& from,
                                                       MerchantNumber merchant, std::size_t limit) {
  PUHUI_ASSIGN_OR_RETURN(
      const auto rows,
      ledger::List(from, kTerminalIdTable,
                   {.prefix = ledger::EncodeKeyPrefix(Table::kTerminalIds, merchant)}, limit));
  std::vector<TerminalRow> terminals;
  for (const auto& row : rows) {
    PUHUI_ASSIGN_OR_RETURN(TerminalRow terminal, TerminalByNumber(from, row.value));
    terminals.push_back(std::move(terminal));
  }
  return terminals;
}

absl::StatusOr<absl::optional<TerminalNumber>> FindTerminal(const ledger::Readable& from,
                                                            absl::string_view merchant_id,
                                                            absl::string_view terminal_id) {
  PUHUI_ASSIGN_OR_RETURN(const auto merchant,
                         Find(from, kMerchantIdTable, std::string(merchant_id)));
  if (!merchant.has_value()) return absl::optional<TerminalNumber>();
  return Find(from, kTerminalIdTable, PlaceKey{*merchant, std::string(terminal_id)});
}

absl::StatusOr<TerminalRow> TerminalByNumber(const ledger::Readable& from, TerminalNumber number) {
  PUHUI_ASSIGN_OR_RETURN(auto row, Find(from, kTerminalTable, number));
  PUHUI_CHECK(row.has_value());
  return *std::move(row);
}

absl::StatusOr<absl::optional<PurchaseRow>> FindPurchase(const ledger::Readable& from,
                                                         Sequence sequence) {
  return Find(from, kPurchaseTable, sequence);
}

absl::StatusOr<absl::optional<AuthorizationRow>> FindAuthorization(const ledger::Readable& from,
                                                                   Sequence sequence) {
  return Find(from, kAuthorizationTable, sequence);
}

absl::StatusOr<absl::optional<TillRow>> FindTillCall(const ledger::Readable& from,
                                                     const TillKey& key) {
  return Find(from, kTillTable, key);
}

}  // namespace puhui::merchant
