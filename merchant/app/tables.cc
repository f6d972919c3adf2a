// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/tables.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

constexpr std::size_t kDirectoryCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kPayoutCacheBytes = std::size_t{4} << 20;
constexpr std::size_t kCallCacheBytes = std::size_t{16} << 20;
constexpr std::size_t kOfferCacheBytes = std::size_t{32} << 20;

std::uint32_t Next(ledger::CachedTable<std::uint8_t, std::uint32_t>& counts, std::uint8_t of) {
  const std::uint32_t* count = counts.Find(of);
  return (count == nullptr ? 0 : *count) + 1;
}

}  // namespace

Tables::Tables(ledger::TableSet* set)
    : merchants(set, kMerchantTable, kDirectoryCacheBytes),
      merchant_ids(set, kMerchantIdTable, kDirectoryCacheBytes),
      stores(set, kStoreTable, kDirectoryCacheBytes),
      terminals(set, kTerminalTable, kDirectoryCacheBytes),
      terminal_ids(set, kTerminalIdTable, kDirectoryCacheBytes),
      enrolment_codes(set, kEnrolmentCodeTable, kDirectoryCacheBytes),
      purchases(set, kPurchaseTable, kCallCacheBytes),
      till_calls(set, kTillTable, kCallCacheBytes),
      tombstones(set, kTombstoneTable, kCallCacheBytes),
      counts(set, kMerchantCountTable, kDirectoryCacheBytes),
      authorizations(set, kAuthorizationTable, kCallCacheBytes),
      captures(set, kCaptureTable, kCallCacheBytes),
      expiring(set, kExpiringTable),
      expiring_counts(set, kExpiringCountTable, kDirectoryCacheBytes),
      held(set, kHeldTable, kDirectoryCacheBytes),
      batches(set, kBatchTable, kCallCacheBytes),
      used_codes(set, kUsedCodeTable, kCallCacheBytes),
      used_code_order(set, kUsedCodeOrderTable, kCallCacheBytes),
      code_guesses(set, kCodeGuessTable, kDirectoryCacheBytes),
      card_guesses(set, kCardGuessTable, kDirectoryCacheBytes),
      limits(set, kLimitTable, kDirectoryCacheBytes),
      velocities(set, kVelocityTable, kCallCacheBytes),
      devices(set, kDeviceTable, kCallCacheBytes),
      member_devices(set, kMemberDeviceTable, kDirectoryCacheBytes),
      device_secrets(set, kDeviceSecretTable, kDirectoryCacheBytes),
      bills(set, kBillTable, kCallCacheBytes),
      bill_order(set, kBillOrderTable, kCallCacheBytes),
      terminal_bills(set, kTerminalBillsTable, kDirectoryCacheBytes),
      open_days(set, kOpenDayTable, kDirectoryCacheBytes),
      statements(set, kStatementTable, kDirectoryCacheBytes),
      day_figures(set, kDayFiguresTable, kCallCacheBytes),
      statement_lines(set, kStatementLineTable),
      disputes(set, kDisputeTable, kDirectoryCacheBytes),
      bank_accounts(set, kBankAccountTable, kPayoutCacheBytes),
      bank_data(set, kBankDataTable, kPayoutCacheBytes),
      payees(set, kPayeeTable, kPayoutCacheBytes),
      payout_runs(set, kPayoutRunTable, kPayoutCacheBytes),
      payments(set, kPaymentTable, kPayoutCacheBytes),
      payouts(set, kPayoutTable, kPayoutCacheBytes),
      unsettled_days(set, kUnsettledDayTable),
      bank_movements(set, kBankMovementTable, kPayoutCacheBytes),
      offers(set, kOfferTable, kOfferCacheBytes),
      offer_versions(set, kOfferVersionTable),
      offer_stocks(set, kOfferStockTable, kCallCacheBytes),
      offer_uses(set, kOfferUseTable, kCallCacheBytes),
      notices(set, kNoticeTable, kDirectoryCacheBytes),
      malls(set, kMallTable, kDirectoryCacheBytes),
      mall_tokens(set, kMallTokenTable, kDirectoryCacheBytes),
      member_malls(set, kMemberMallTable, kDirectoryCacheBytes),
      mall_orders(set, kMallOrderTable, kCallCacheBytes),
      mall_transactions(set, kMallTransactionTable),
      offer_figures(set, kOfferFigureTable, kCallCacheBytes),
      offer_participants(set, kOfferParticipantTable, kCallCacheBytes),
      orders(set, kOrderTable, kCallCacheBytes),
      member_orders(set, kMemberOrderTable),
      merchant_orders(set, kMerchantOrderTable),
      vouchers(set, kVoucherTable, kCallCacheBytes),
      voucher_guesses(set, kVoucherGuessTable, kDirectoryCacheBytes),
      voucher_digits(set, kVoucherDigitTable, kDirectoryCacheBytes),
      delivery_addresses(set, kDeliveryAddressTable, kDirectoryCacheBytes),
      offer_codes(set, kOfferCodeTable, kDirectoryCacheBytes),
      offer_code_counts(set, kOfferCodeCountTable, kDirectoryCacheBytes),
      offer_code_hashes(set, kOfferCodeHashTable, kCallCacheBytes),
      store_locations(set, kStoreLocationTable, kDirectoryCacheBytes) {}

Tables::~Tables() = default;

const TillRow* Tables::FindCall(const TillKey& key) {
  const BatchRow* batch = batches.Find({key.terminal, key.batch_number});
  if (batch == nullptr || key.trace_number > batch->trace_max) return nullptr;
  return till_calls.Find(key);
}

void Tables::OpenCall(const TillKey& key, const TillRow& call) {
  till_calls.Put(key, call);
  std::uint32_t& highest = batches.Edit({key.terminal, key.batch_number}).trace_max;
  highest = std::max(highest, key.trace_number);
}

void Tables::AddToCount(std::uint8_t of, int change) {
  counts.Edit(of) += static_cast<std::uint32_t>(change);
}

MerchantNumber Tables::NextMerchant() { return MerchantNumber{Next(counts, kMerchantCount)}; }
TerminalNumber Tables::NextTerminal() { return TerminalNumber{Next(counts, kTerminalCount)}; }
OfferNumber Tables::NextOffer() { return OfferNumber{Next(counts, kOfferCount)}; }
NoticeNumber Tables::NextNotice() { return NoticeNumber{Next(counts, kNoticeCount)}; }

}  // namespace puhui::merchant
