// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_APPLIER_H_
#define PUHUI_MERCHANT_APP_APPLIER_H_

#include "ledger/engine/fold.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/bank_account_applier.h"
#include "merchant/app/bill_applier.h"
#include "merchant/app/code_applier.h"
#include "merchant/app/device_applier.h"
#include "merchant/app/directory_applier.h"
#include "merchant/app/dispute_applier.h"
#include "merchant/app/enrolment_applier.h"
#include "merchant/app/limits.h"
#include "merchant/app/mall_applier.h"
#include "merchant/app/offer_applier.h"
#include "merchant/app/offer_figures.h"
#include "merchant/app/order_applier.h"
#include "merchant/app/payout_applier.h"
#include "merchant/app/statement_applier.h"
#include "merchant/app/tables.h"

namespace puhui::merchant {

// Folds records into the acquiring side's views: merchants, terminals, purchases, authorisations,
// bills, orders, payment codes, devices, limits, offers, notices, business days, payouts, malls,
// what members made of offers, and what became of each till call. Threads: the writer's alone.
// Borrows: the tables and the ledger's views.
class MerchantApplier final : public ledger::Applier {
 public:
  // Where members are is asked of `places`; without them what members make of offers is not
  // counted.
  MerchantApplier(Tables* tables, ledger::LedgerViews* views, MemberPlaces* places = nullptr)
      : tables_(*tables),
        views_(*views),
        directory_(tables),
        bills_(tables),
        codes_(tables),
        devices_(tables),
        enrolment_(tables),
        limits_(tables),
        offers_(tables),
        statements_(tables, views),
        disputes_(tables),
        orders_(tables),
        bank_accounts_(tables),
        payouts_(tables),
        malls_(tables),
        offer_figures_(tables, places) {}
  absl::Status Apply(const journal::v1::Record& record) override;

 private:
  absl::Status ApplyEntry(const journal::v1::Record& record);
  // Under the sequence of the record or, of a capture, of its authorisation, or, of a bill, of
  // that.
  absl::Status OpenPurchase(const journal::v1::Record& record,
                            const journal::v1::Purchase& purchase);
  absl::Status GiveBack(Sequence purchase, std::int64_t points, std::int64_t fee, bool reversed);
  // To lines of a basket.
  absl::Status GiveBackLines(const journal::v1::Refund& refund);
  absl::Status AdjustFee(const journal::v1::Entry& entry);
  absl::Status Reverse(const journal::v1::Record& record);
  absl::Status OpenAuthorization(const journal::v1::Record& record);
  absl::Status Capture(const journal::v1::Record& record);
  absl::Status EndAuthorization(const journal::v1::Record& record, Sequence authorization,
                                AuthorizationState end);
  void ApplyTombstone(const journal::v1::Record& record);
  void NoteCall(const journal::v1::Till& till, const TillRow& call);
  // Adds it to the totals of its batch, if it came from a till.
  void Count(const journal::v1::Till& till, const TillRow& call);
  absl::Status CloseBatch(const journal::v1::Record& record);

  Tables& tables_;
  ledger::LedgerViews& views_;
  DirectoryApplier directory_;
  BillApplier bills_;
  CodeApplier codes_;
  DeviceApplier devices_;
  EnrolmentApplier enrolment_;
  LimitApplier limits_;
  OfferApplier offers_;
  StatementApplier statements_;
  DisputeApplier disputes_;
  OrderApplier orders_;
  BankAccountApplier bank_accounts_;
  PayoutApplier payouts_;
  MallApplier malls_;
  OfferFigureApplier offer_figures_;
};

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_APPLIER_H_
