// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bulk_issue.h"

#include "ledger/base/status_macros.h"
#include "tests/bench/journal_alone.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace puhui::bench {
namespace {

absl::StatusOr<BulkIssueRound> RunRound(const CampaignId& campaign, const std::string& journal,
                                        LedgerOnDisk* ledger, Filler* filler) {
  BulkIssueRound round{.grants = filler->members()};
  const Sequence before = ledger->engine().durable().sequence;
  const absl::Time begin = absl::Now();
  PUHUI_RETURN_IF_ERROR(filler->Issue(campaign));
  round.issue_seconds = absl::ToDoubleSeconds(absl::Now() - begin);

  PUHUI_ASSIGN_OR_RETURN(
      const std::vector<std::string> records,
      CopyRecords(ledger->log(), before + 1, ledger->engine().durable().sequence));
  PUHUI_ASSIGN_OR_RETURN(const JournalAlone alone, TimeJournalAlone(records, journal));
  round.journal_records = records.size();
  round.journal_bytes = alone.bytes;
  round.journal_seconds = absl::ToDoubleSeconds(alone.taken);
  std::error_code ignored;
  std::filesystem::remove_all(journal, ignored);
  return round;
}

}  // namespace

absl::Status RunBulkIssue(const BulkIssueWish& wish, LedgerOnDisk* ledger,
                          const std::function<void(const BulkIssueRound&)>& report) {
  Filler filler(ledger);
  const auto grants = static_cast<std::int64_t>(wish.members * wish.campaigns);
  PUHUI_RETURN_IF_ERROR(filler.FoundUnion(grants * wish.points));
  PUHUI_RETURN_IF_ERROR(filler.EnrolMembers(wish.members, /*cards=*/0));
  for (std::size_t i = 0; i < wish.campaigns; ++i) {
    const auto campaign = KnownId<CampaignId>(absl::StrCat("c-", i));
    PUHUI_RETURN_IF_ERROR(filler.ApproveCampaign(campaign, wish.points));
    PUHUI_ASSIGN_OR_RETURN(
        const BulkIssueRound round,
        RunRound(campaign, absl::StrCat(wish.scratch, "/journal-", i), ledger, &filler));
    report(round);
  }
  return absl::OkStatus();
}

}  // namespace puhui::bench
