// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_ORDER_APPLIER_H_
#define PUHUI_MERCHANT_APP_ORDER_APPLIER_H_

#include "ledger/engine/fold.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

#include <cstdint>

namespace puhui::merchant {

// Folds orders, what becomes of them, their vouchers, and codes from elsewhere; and with them what
// of offers is in stock, and used. The points are folded as those of every authorisation and
// purchase are. Threads: the writer's alone. Borrows: the tables.
class OrderApplier final : public ledger::Applier {
 public:
  explicit OrderApplier(Tables* tables) : tables_(*tables) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status ApplyEntry(const journal::v1::Record& record);
  absl::Status Open(const journal::v1::Record& record);
  absl::Status Accept(const journal::v1::Record& record);
  // Before it was accepted: all goes back into stock.
  absl::Status End(const journal::v1::Record& record, Sequence number, OrderState end);
  absl::Status Return(const journal::v1::Record& record);
  absl::Status Ship(const journal::v1::OrderShipped& shipped);
  absl::Status Fulfil(const journal::v1::Record& record, Sequence number);
  absl::Status Redeem(const journal::v1::Record& record);
  absl::Status Transfer(const journal::v1::VoucherTransferred& transferred);
  absl::Status AddCodes(const journal::v1::VoucherCodesAdded& added);

  absl::Status TakeStock(const OrderRow& row);
  absl::Status GiveStockBack(const OrderRow& row, std::uint32_t quantity);
  absl::Status GiveCodes(const OrderRow& row);
  // Fails: kDataLoss when the digits are another voucher's.
  absl::Status NameVoucher(const ledger::Tag& digits, Sequence order);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ORDER_APPLIER_H_
