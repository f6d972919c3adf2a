// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_MALL_APPLIER_H_
#define PUHUI_MERCHANT_APP_MALL_APPLIER_H_

#include "ledger/engine/fold.h"
#include "merchant/app/mall_rows.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

#include <string>

namespace puhui::merchant {

// Folds what malls are and do: links, and under which numbers of their own they took points and
// gave them back. The purchases and refunds themselves are those of every till.
// Threads: the writer's alone. Borrows: the tables.
class MallApplier final : public ledger::Applier {
 public:
  explicit MallApplier(Tables* tables) : tables_(*tables) {}
  // After the statements of the same record, which say on which business day it is.
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status Enable(const journal::v1::Record& record);
  absl::Status Change(const journal::v1::MallChanged& changed);
  absl::Status Link(const journal::v1::Record& record);
  absl::Status Unlink(const journal::v1::MallUnlinked& unlinked);
  absl::Status Pay(const journal::v1::Record& record);
  absl::Status Refund(const journal::v1::Record& record);
  // Takes the number, and adds the transaction to its business day.
  absl::Status Note(const journal::v1::Record& record, const MallOrderKey& key,
                    const MallOrderRow& row, std::string order_number);
  // A call of a mall has the next trace number.
  void CountCall(const journal::v1::Till& till);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_MALL_APPLIER_H_
