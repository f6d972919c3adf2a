// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_LEDGER_BOOKS_H_
#define PUHUI_SERVICES_LEDGER_BOOKS_H_

#include "issuing/app/applier.h"
#include "issuing/app/expired_points.h"
#include "issuing/app/tables.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/ledger_views.h"
#include "ledger/storage/store.h"
#include "merchant/app/applier.h"
#include "merchant/app/tables.h"
#include "services/ledger/ledger_member_places.h"

#include "absl/status/status.h"

#include <cstddef>

namespace puhui::services {

// Every view there is, over one store: the ledger's, the issuing side's and the acquiring side's.
// The server folds with it, and so does verify. Threads: the writer's alone, but for tree_changed.
// Borrows: the store.
class Books final : public ledger::Fold {
 public:
  Books(const ledger::Readable* store, std::size_t wallet_cache_bytes)
      : set_(store),
        views(&set_, wallet_cache_bytes),
        issuing(&set_),
        merchant(&set_),
        issuing_applier_(&issuing, &views),
        expired_points_(&issuing, &views),
        places_(&issuing),
        merchant_applier_(&merchant, &views, &places_) {
    views.expired_points = &expired_points_;
  }

  // The ledger's own views first: what the others look up there is then as of this record. So is
  // where members are, when the acquiring side asks the issuing side.
  absl::Status Apply(const journal::v1::Record& record) override {
    PUHUI_RETURN_IF_ERROR(views.Apply(record));
    PUHUI_RETURN_IF_ERROR(issuing_applier_.Apply(record));
    return merchant_applier_.Apply(record);
  }
  void Expect(const journal::v1::Record& record, ledger::Coming coming) override {
    views.Expect(record, coming);
    issuing_applier_.Expect(record, coming);
  }
  absl::Status EndSegment(Sequence last) override {
    PUHUI_RETURN_IF_ERROR(views.EndSegment(last));
    return issuing_applier_.EndSegment(last);
  }
  ledger::TableSet& tables() override { return set_; }
  // As IssuingApplier::tree_changed. Threads: any.
  Sequence tree_changed() const { return issuing_applier_.tree_changed(); }
  // For deciders of the acquiring side.
  puhui::merchant::MemberPlaces* places() { return &places_; }

 private:
  ledger::TableSet set_;

 public:
  ledger::LedgerViews views;
  puhui::issuing::Tables issuing;
  puhui::merchant::Tables merchant;

 private:
  puhui::issuing::IssuingApplier issuing_applier_;
  puhui::issuing::CampaignExpiredPoints expired_points_;
  LedgerMemberPlaces places_;
  puhui::merchant::MerchantApplier merchant_applier_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_BOOKS_H_
