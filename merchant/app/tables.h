// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_TABLES_H_
#define PUHUI_MERCHANT_APP_TABLES_H_

#include "ledger/engine/cached_table.h"
#include "ledger/engine/index_table.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/bank_account_rows.h"
#include "merchant/app/batch_rows.h"
#include "merchant/app/bill_rows.h"
#include "merchant/app/code_rows.h"
#include "merchant/app/device_rows.h"
#include "merchant/app/enrolment_rows.h"
#include "merchant/app/limit_rows.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/offer_figure_rows.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/order_rows.h"
#include "merchant/app/payout_rows.h"
#include "merchant/app/rows.h"
#include "merchant/app/statement_rows.h"
#include "merchant/app/store_location_rows.h"

namespace puhui::merchant {

// The acquiring side's tables, as the writer sees them. Deciders read, the applier writes.
// Threads: the writer's alone.
struct Tables {
  explicit Tables(ledger::TableSet* set);
  ~Tables();

  ledger::CachedTable<MerchantNumber, MerchantRow> merchants;
  ledger::CachedTable<std::string, MerchantNumber> merchant_ids;
  ledger::CachedTable<PlaceKey, StoreRow> stores;
  ledger::CachedTable<TerminalNumber, TerminalRow> terminals;
  ledger::CachedTable<PlaceKey, TerminalNumber> terminal_ids;
  ledger::CachedTable<PlaceKey, EnrolmentCodeRow> enrolment_codes;
  ledger::CachedTable<Sequence, PurchaseRow> purchases;
  ledger::CachedTable<TillKey, TillRow> till_calls;
  ledger::CachedTable<ledger::Tag, Sequence> tombstones;
  ledger::CachedTable<std::uint8_t, std::uint32_t> counts;
  ledger::CachedTable<Sequence, AuthorizationRow> authorizations;
  ledger::CachedTable<Sequence, Sequence> captures;
  ledger::IndexTable<ExpiringKey, bool> expiring;
  ledger::CachedTable<absl::Time, std::uint32_t> expiring_counts;
  ledger::CachedTable<MerchantNumber, std::uint32_t> held;
  ledger::CachedTable<BatchKey, BatchRow> batches;
  ledger::CachedTable<ledger::Tag, absl::Time> used_codes;
  ledger::CachedTable<std::uint32_t, UsedCodeRow> used_code_order;
  ledger::CachedTable<TerminalNumber, CodeGuesses> code_guesses;
  ledger::CachedTable<TerminalNumber, Guesses> card_guesses;
  ledger::CachedTable<LimitKey, LimitsRow> limits;
  ledger::CachedTable<LimitKey, Velocity> velocities;
  ledger::CachedTable<std::uint32_t, DeviceRow> devices;
  ledger::CachedTable<MemberId, MemberDevices> member_devices;
  ledger::CachedTable<std::uint32_t, std::string> device_secrets;
  ledger::CachedTable<Sequence, BillRow> bills;
  ledger::CachedTable<BillOrderKey, Sequence> bill_order;
  ledger::CachedTable<TerminalNumber, TerminalBills> terminal_bills;
  ledger::CachedTable<MerchantNumber, OpenDayRow> open_days;
  ledger::CachedTable<StatementKey, StatementRow> statements;
  ledger::CachedTable<DayFiguresKey, DayFigures> day_figures;
  ledger::IndexTable<StatementLinesKey, std::vector<Sequence>> statement_lines;
  ledger::CachedTable<DisputeKey, DisputeRow> disputes;
  ledger::CachedTable<BankAccountKey, BankAccountRow> bank_accounts;
  ledger::CachedTable<ledger::Tag, std::string> bank_data;
  ledger::CachedTable<MerchantNumber, PayeeRow> payees;
  ledger::CachedTable<std::uint32_t, PayoutRunRow> payout_runs;
  ledger::CachedTable<PaymentKey, PaymentRow> payments;
  ledger::CachedTable<StatementKey, PayoutRow> payouts;
  ledger::IndexTable<StatementKey, bool> unsettled_days;
  ledger::CachedTable<std::string, PaymentKey> bank_movements;
  ledger::CachedTable<OfferNumber, OfferRow> offers;
  ledger::IndexTable<OfferVersionKey, Sequence> offer_versions;
  ledger::CachedTable<OfferNumber, OfferStockRow> offer_stocks;
  ledger::CachedTable<OfferUseKey, std::uint32_t> offer_uses;
  ledger::CachedTable<NoticeNumber, NoticeRow> notices;
  ledger::CachedTable<MerchantNumber, MallRow> malls;
  ledger::CachedTable<ledger::Tag, MallLinkRow> mall_tokens;
  ledger::CachedTable<MemberId, MemberMalls> member_malls;
  ledger::CachedTable<MallOrderKey, MallOrderRow> mall_orders;
  ledger::IndexTable<MallTransactionKey, MallTransactionRow> mall_transactions;
  ledger::CachedTable<OfferFigureKey, OfferFigures> offer_figures;
  ledger::CachedTable<OfferParticipantKey, bool> offer_participants;
  ledger::CachedTable<Sequence, OrderRow> orders;
  ledger::IndexTable<MemberOrderKey, bool> member_orders;
  ledger::IndexTable<MerchantOrderKey, bool> merchant_orders;
  ledger::CachedTable<ledger::Tag, Sequence> vouchers;
  ledger::CachedTable<TerminalNumber, Guesses> voucher_guesses;
  ledger::CachedTable<ledger::Tag, std::string> voucher_digits;
  ledger::CachedTable<MemberId, MemberAddresses> delivery_addresses;
  ledger::CachedTable<OfferCodeKey, std::string> offer_codes;
  ledger::CachedTable<OfferNumber, OfferCodeCounts> offer_code_counts;
  ledger::CachedTable<ledger::Tag, OfferNumber> offer_code_hashes;
  ledger::CachedTable<MerchantNumber, StoreLocationsRow> store_locations;

  // What became of the call under a till's keys, or nullptr; good until the next call on
  // till_calls. Tills count upwards, and above the highest trace number of its batch there is
  // nothing: a row that is not there takes the longest to find.
  const TillRow* FindCall(const TillKey& key);
  // Appliers only: all calls begin here. Requires: FindCall finds none (not checked).
  void OpenCall(const TillKey& key, const TillRow& call);

  // Appliers only. Requires: no count falls below 0 (not checked).
  void AddToCount(std::uint8_t of, int change);
  // The numbers that the next merchant and terminal get.
  MerchantNumber NextMerchant();
  TerminalNumber NextTerminal();
  OfferNumber NextOffer();
  NoticeNumber NextNotice();
};
inline constexpr std::uint8_t kMerchantCount = 0;
inline constexpr std::uint8_t kTerminalCount = 1;
inline constexpr std::uint8_t kUsedCodeCount = 2;
inline constexpr std::uint8_t kForgottenCodeCount = 3;
inline constexpr std::uint8_t kLimitCount = 4;
inline constexpr std::uint8_t kDeviceCount = 5;
inline constexpr std::uint8_t kOwnLimitCounts = 6;  // And a LimitSubject: 7 to 10.
inline constexpr std::uint8_t kPayoutRunCount = 12;
inline constexpr std::uint8_t kOfferCount = 20;
inline constexpr std::uint8_t kNoticeCount = 21;

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_TABLES_H_
