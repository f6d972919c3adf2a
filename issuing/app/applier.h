// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_APPLIER_H_
#define PUHUI_ISSUING_APP_APPLIER_H_

#include "issuing/app/campaign_applier.h"
#include "issuing/app/claw_back_applier.h"
#include "issuing/app/mandate_applier.h"
#include "issuing/app/participation.h"
#include "issuing/app/rule_applier.h"
#include "issuing/app/tables.h"
#include "issuing/app/union_applier.h"
#include "ledger/engine/fold.h"
#include "ledger/engine/ledger_views.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

namespace puhui::issuing {

// Folds records into the issuing side's views: unions, fundings, members, campaigns and their
// plans, issue runs and sweeps. Attach it behind the ledger's own views. Threads: the writer's
// alone, but for tree_changed. Borrows: the tables and the ledger's views, whose timers and
// wallets' sets it sets.
class IssuingApplier final : public ledger::Applier {
 public:
  IssuingApplier(Tables* tables, ledger::LedgerViews* views)
      : tables_(*tables),
        views_(*views),
        participation_(tables, views),
        unions_(tables, &participation_),
        rules_(tables),
        mandates_(tables),
        campaigns_(tables, views, &unions_, &rules_),
        claw_backs_(tables, views) {}
  absl::Status Apply(const journal::v1::Record& record) override;
  void Expect(const journal::v1::Record& record, ledger::Coming coming) override;
  absl::Status EndSegment(Sequence last) override;

  // The last record that founded or moved a union, of those applied since the start; 0: none did.
  // It is told before its group is in the store. So of a snapshot that was taken before the
  // question and has that record, the tree is as the record left it. Threads: any.
  Sequence tree_changed() const { return unions_.tree_changed(); }

 private:
  void Join(const journal::v1::Record& record);
  absl::Status ChangeMember(const journal::v1::MemberChanged& changed);
  void SubmitApplication(const journal::v1::Record& record);
  absl::Status DecideApplication(const journal::v1::Record& record);
  absl::Status NoteReveal(const journal::v1::Record& record);
  void StartKeyRotation(const journal::v1::Record& record);
  absl::Status AdvanceKeyRotation(const journal::v1::Record& record);

  absl::Status ApplyEntry(const journal::v1::Record& record);
  // Adds what became of campaigns' points, and who received and spent some, since the last time to
  // the unions above them.
  absl::Status AddFigures();

  Tables& tables_;
  ledger::LedgerViews& views_;
  Participation participation_;
  UnionApplier unions_;
  RuleApplier rules_;
  MandateApplier mandates_;
  CampaignApplier campaigns_;
  ClawBackApplier claw_backs_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_APPLIER_H_
