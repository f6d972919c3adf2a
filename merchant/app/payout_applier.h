// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_PAYOUT_APPLIER_H_
#define PUHUI_MERCHANT_APP_PAYOUT_APPLIER_H_

#include "ledger/engine/fold.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/time/time.h"

#include <cstdint>

namespace puhui::merchant {

// Folds what merchants are paid: which days wait, runs, payments, and what became of them. Comes
// after statements, whose state it sets to PAID. Threads: the writer's alone. Borrows: the tables.
class PayoutApplier final : public ledger::Applier {
 public:
  explicit PayoutApplier(Tables* tables) : tables_(*tables) {}
  // Records of other things are left alone. Fails: kDataLoss.
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  // The merchant's day waits behind those that were cut before.
  absl::Status Await(const journal::v1::DayCut& cut);
  absl::Status Create(const journal::v1::Record& record);
  absl::Status AddPayment(const PaymentKey& key, const journal::v1::RunPayment& stored,
                          PayoutRunRow& run);
  absl::Status Approve(const journal::v1::Record& record);
  absl::Status Cancel(const journal::v1::Record& record);
  absl::Status Export(const journal::v1::Record& record);
  absl::Status Answer(const journal::v1::Record& record);
  absl::Status AnswerPayment(const PaymentKey& key, const journal::v1::PaymentAnswer& answer,
                             absl::Time now);
  // Of PayoutPaid and PayoutReturned: that the payment stands so.
  template <class Cause>
  absl::Status CheckPosted(const Cause& cause, PaymentState state);
  absl::Status ProposeCorrection(const journal::v1::Record& record);
  absl::Status DecideCorrection(const journal::v1::Record& record);
  absl::Status Correct(const PaymentKey& key, PaymentState turned);
  // Nothing is owed for it any more.
  absl::Status Settle(const StatementKey& statement);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_PAYOUT_APPLIER_H_
