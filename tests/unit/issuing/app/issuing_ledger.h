// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_ISSUING_APP_ISSUING_LEDGER_H_
#define PUHUI_TESTS_UNIT_ISSUING_APP_ISSUING_LEDGER_H_

#include "issuing/app/applier.h"
#include "issuing/app/campaign_commands.h"
#include "issuing/app/issuing_chores.h"
#include "issuing/app/member_changes.h"
#include "issuing/app/member_commands.h"
#include "issuing/app/tables.h"
#include "issuing/app/union_commands.h"
#include "issuing/app/vault.h"
#include "ledger/base/check.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/command.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/seeded_random.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Requires: `text` is one (checked).
template <class Id>
Id Named(absl::string_view text) {
  absl::StatusOr<Id> id = Id::Parse(text, "test");
  PUHUI_CHECK_OK(id.status());
  return *std::move(id);
}

using Result = absl::StatusOr<ledger::Outcome>;
// Names of people in a test and what the plan gives them.
using NamedRows = std::vector<std::pair<std::string, std::int64_t>>;

// The issuing side on a ledger without threads, with the verbs of the glossary. People have names
// here; `members` says which member a name became.
// Threads: none.
struct IssuingLedger {
  explicit IssuingLedger(std::uint64_t seed = 1);

  Result CreateUnion(absl::string_view id, absl::string_view parent = "");
  Result UpdateUnion(UpdateUnionCommand::Wish wish);
  // Without a parent: makes a root of it.
  Result MoveUnion(absl::string_view id, absl::string_view parent, absl::string_view etag = "");
  Result CloseUnion(absl::string_view id, absl::string_view etag = "");
  std::string Etag(absl::string_view union_id);
  Result Propose(absl::string_view union_id, std::int64_t points, absl::string_view reference,
                 absl::string_view person);
  Result Confirm(absl::string_view union_id, Sequence proposal, absl::string_view person);
  Result RejectFunding(absl::string_view union_id, Sequence proposal, absl::string_view person);
  // What finance does: proposes and confirms.
  Result Fund(absl::string_view union_id, std::int64_t points);
  // Without an origin: the one that has been there longest first.
  Result Allocate(absl::string_view union_id, absl::string_view child, std::int64_t points,
                  absl::string_view origin = "");
  Result Return(absl::string_view union_id, std::int64_t points, absl::string_view origin = "");
  NewMember Sealed(absl::string_view union_id, absl::string_view name);
  Result Enrol(absl::string_view union_id, std::vector<NewMember> rows,
               bool all_or_nothing = false);
  Result Enrol(absl::string_view union_id, const std::vector<std::string>& names);
  // The same people as somebody who had left, and as whom `data` says they are now.
  NewMember SealedReturning(absl::string_view union_id, absl::string_view name);
  Result EnrolOne(absl::string_view union_id, NewMember person);
  Result Suspend(const std::string& name);
  Result Reinstate(const std::string& name);
  Result Leave(const std::string& name);
  // With an external id in the other union when `external_id` is not empty.
  Result Transfer(const std::string& name, absl::string_view to,
                  absl::string_view external_id = "");
  Result IssueCard(const std::string& name, bool replace);
  Result BlockCard(const std::string& name);
  Result CreateCampaign(absl::string_view id, absl::string_view union_id, absl::Duration expires_in,
                        bool expire_to_union = false, absl::string_view origin = "");
  Result StartPlan(absl::string_view campaign, absl::string_view person = "uma");
  Result AddRows(absl::string_view campaign, std::uint64_t first_row, const std::string& rows);
  Result CompletePlan(absl::string_view campaign);
  // Starts, adds in pieces, completes.
  Result UploadPlan(absl::string_view campaign, const NamedRows& rows,
                    absl::string_view person = "uma");
  Result Submit(absl::string_view campaign, absl::string_view person = "sam");
  Result Approve(absl::string_view campaign, absl::string_view person = "ann",
                 absl::string_view etag = "");
  Result Reject(absl::string_view campaign, absl::string_view etag = "");
  Result UpdateCampaign(UpdateCampaignCommand::Wish wish);
  // At once, or after a while.
  Result StartIssue(absl::string_view campaign, absl::Duration in = absl::ZeroDuration(),
                    bool all_or_nothing = false);
  Result Pause(absl::string_view campaign);
  Result Resume(absl::string_view campaign, bool without_all_or_nothing = false);
  Result Cancel(absl::string_view campaign);
  Result CloseCampaign(absl::string_view campaign);
  std::string CampaignEtagOf(absl::string_view campaign);
  // Carries out what is due, at most `commands_max` commands, each chore to its end. Returns how
  // many commands ran.
  absl::StatusOr<int> RunDueChores(int commands_max = 1'000'000);

  // A member as HR of the member's union knows it.
  MemberRef Ref(const std::string& name);
  const MemberRow& Row(const std::string& name);
  // What the vault has of a member who is not erased.
  PersonalData Opened(const std::string& name);
  // Sealed for the member's union, or for another that the member is to be in.
  Replacement ReplacementFor(const std::string& name, const PersonalData& data,
                             absl::string_view home = "");

  std::string Packed(const NamedRows& rows) const;
  ledger::Hash HashOf(absl::string_view campaign);
  UnionNumber NumberOf(absl::string_view union_id);
  Home HomeOf(absl::string_view union_id);
  CampaignRef Campaign(absl::string_view id);
  // Of its own money.
  std::int64_t Budget(absl::string_view union_id);
  std::int64_t Budget(absl::string_view union_id, absl::string_view origin);
  // Without an origin: all of them.
  std::int64_t Sum(absl::string_view union_id, BudgetSum sum, absl::string_view origin = "");
  std::int64_t Available(const std::string& name);
  // Of all accounts and wallets together; zero, always.
  std::int64_t SumOfTheBook();

  testing::LedgerFixture ledger;
  Tables tables;
  IssuingApplier applier;
  IssuingChores chores;
  SeededRandom random;
  ledger::KeyedHash keyed_hash;
  Vault vault;
  std::map<std::string, MemberId> members;
};

}  // namespace puhui::issuing

#endif  // PUHUI_TESTS_UNIT_ISSUING_APP_ISSUING_LEDGER_H_
