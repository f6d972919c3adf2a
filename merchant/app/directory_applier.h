// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_DIRECTORY_APPLIER_H_
#define PUHUI_MERCHANT_APP_DIRECTORY_APPLIER_H_

#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::merchant {

// Folds records into the views of who sells, where, on what terms, and on which devices.
// Threads: the writer's alone. Borrows: the tables.
class DirectoryApplier {
 public:
  explicit DirectoryApplier(Tables* tables) : tables_(*tables) {}
  // Records of other things are left alone. Fails: kDataLoss.
  absl::Status Apply(const journal::v1::Record& record);

 private:
  absl::Status Register(const journal::v1::Record& record);
  absl::Status Take(const journal::v1::MerchantRegistered& registered, MerchantRow row);
  absl::Status NoteApplication(const journal::v1::Record& record);
  absl::Status DecideApplication(const journal::v1::Record& record);
  absl::Status MakeAgreement(const journal::v1::AgreementMade& made);
  absl::Status ChangeMerchant(const journal::v1::Record& record);
  absl::Status ChangeTerminal(const journal::v1::TerminalStateChanged& changed);
  void CreateStore(const journal::v1::StoreCreated& created);
  void Enrol(const journal::v1::TerminalEnrolled& enrolled);

  Tables& tables_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_DIRECTORY_APPLIER_H_
