// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_STATEMENT_APPLIER_H_
#define PUHUI_MERCHANT_APP_STATEMENT_APPLIER_H_

#include "ledger/crypto/hash.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/statement_line.h"
#include "merchant/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::merchant {

// Folds what merchants sell into their business days, and days into statements. A line touches the
// merchant's row, one row for each campaign that paid, and now and then one of the index; however
// many there are, a cut looks at none of them. Threads: the writer's alone. Borrows: the tables and
// the ledger's views.
class StatementApplier {
 public:
  StatementApplier(Tables* tables, ledger::LedgerViews* views) : tables_(*tables), views_(*views) {}
  absl::Status Apply(const journal::v1::Record& record);

 private:
  absl::Status ApplyEntry(const journal::v1::Record& record);
  // Begins the day that the entry begins. Every line is in exactly one: of its time there is one,
  // and none is cut before it is over.
  absl::Status EnterDay(const journal::v1::Record& record, MerchantNumber merchant,
                        OpenDayRow& row);
  absl::Status BeginDay(const journal::v1::Record& record, MerchantNumber merchant,
                        OpenDayRow& row);
  absl::Status AddLine(const StatementLine& line, const journal::v1::Entry& entry, OpenDayRow& row);
  // Its lines become a statement that waits to be cut.
  StatementRow& EndDay(MerchantNumber merchant, OpenDayRow& row);
  void NotePayout(const journal::v1::Record& record);
  absl::Status Cut(const journal::v1::Record& record);

  Tables& tables_;
  ledger::LedgerViews& views_;
  ledger::Sha256 sha256_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_STATEMENT_APPLIER_H_
