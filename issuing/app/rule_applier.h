// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_ISSUING_APP_RULE_APPLIER_H_
#define PUHUI_ISSUING_APP_RULE_APPLIER_H_

#include "issuing/app/tables.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"

#include <cstdint>

namespace puhui::issuing {

// Folds rule packs and what people have received. Part of IssuingApplier. Threads: the writer's
// alone. Borrows: the tables. Fails: kDataLoss when a record cannot follow those before it.
class RuleApplier {
 public:
  explicit RuleApplier(Tables* tables) : tables_(*tables) {}

  absl::Status Load(const journal::v1::Record& record);
  // By which pack, and by what it asks about the campaign, a run goes.
  absl::Status NoteFrame(const journal::v1::IssueStarted& started, CampaignRow& campaign);
  // Of the campaign's occasion, in the year of its run; negative: what came back unspent.
  // Fails: also when more came back than was received.
  absl::Status AddReceived(MemberId member, const CampaignRow& campaign, std::int64_t points);
  // Of an entry that took back what was unspent: of somebody who left, or by a claw-back.
  absl::Status TakeBack(const journal::v1::Entry& entry);

 private:
  Tables& tables_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_RULE_APPLIER_H_
