// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_CHORES_H_
#define PUHUI_SERVICES_LEDGER_CHORES_H_

#include "issuing/app/issuing_chores.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/timers.h"
#include "merchant/app/merchant_chores.h"
#include "services/ledger/books.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {

// All work that is due by itself, over one set of books: the issuing side's and the acquiring
// side's, which do not know of each other. Threads: the timers'. Borrows: the books, the vault.
class Chores final : public ledger::ChoreSource {
 public:
  // Without a vault it is not for a ledger in which a key may be rotated. The zone is that of the
  // business days of merchants that name none, and the remark that of statements which are cut.
  explicit Chores(Books* books, const puhui::issuing::Vault* vault = nullptr,
                  absl::TimeZone merchant_zone = absl::UTCTimeZone(),
                  std::string invoice_remark = {})
      : invoice_remark_(std::move(invoice_remark)),
        issuing_(&books->issuing, &books->views, vault),
        merchant_({.tables = &books->merchant,
                   .views = &books->views,
                   .merchant_zone = merchant_zone,
                   .invoice_remark = invoice_remark_}) {}
  Chores(const Chores&) = delete;
  Chores& operator=(const Chores&) = delete;

  // From the side whose timer it is.
  absl::StatusOr<std::unique_ptr<ledger::Chore>> Begin(const ledger::TimerKey& timer,
                                                       const ledger::Readable& store) override {
    PUHUI_ASSIGN_OR_RETURN(std::unique_ptr<ledger::Chore> chore, issuing_.Begin(timer, store));
    if (chore != nullptr) return chore;
    return merchant_.Begin(timer, store);
  }

 private:
  const std::string invoice_remark_;
  puhui::issuing::IssuingChores issuing_;
  puhui::merchant::MerchantChores merchant_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_CHORES_H_
