// SPDX-License-Identifier: Apache-2.0
// Real people join.
#ifndef PUHUI_ISSUING_APP_MEMBER_COMMANDS_H_
#define PUHUI_ISSUING_APP_MEMBER_COMMANDS_H_

#include "issuing/app/enrolment.h"
#include "issuing/app/tables.h"
#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <utility>
#include <vector>

namespace puhui::issuing {

// Enrols up to kRowsPerImportCallMax people of one union. Somebody who joined this union already
// with the same external id is unchanged, also when an earlier row of the batch says so. Somebody
// who had left, whichever union it was, comes back: the same member with the same wallet.
// Records: MemberBatch, then one record per row that joined, in order of the rows.
// Refuses: NOT_FOUND (the union), UNION_CLOSED; UNAVAILABLE, when the vault's key was replaced
// since the rows were sealed. Rows: as Enrolment::Judge.
class CreateMembersCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    std::vector<NewMember> rows{};
    bool all_or_nothing = false;  // One refused row refuses all.
  };
  // Requires: 1 to kRowsPerImportCallMax rows (checked).
  CreateMembersCommand(Tables* tables, ledger::LedgerViews* views, Wish wish);
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override;

 private:
  void SkipJoined();
  void AddRecords(UnionNumber of, ledger::Decision& decision) const;

  Tables& tables_;
  const Wish wish_;
  Enrolment enrolment_;
  std::vector<Enrolment::Verdict> verdicts_;
};

// Enrols one person. Records: MemberJoined, or MemberChanged when the person had left.
// Refuses: NOT_FOUND (the union), and as Enrolment::Judge; a member of this union is ALREADY_EXISTS
// at the external id, whoever asks and however often; UNAVAILABLE, as above.
class CreateMemberCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    NewMember person{};  // Without a shape: a malformed person is refused before.
  };
  CreateMemberCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
      : tables_(*tables), wish_(std::move(wish)), enrolment_(tables, views) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void StorePersonalData() override { enrolment_.Store(wish_.person); }

 private:
  Tables& tables_;
  const Wish wish_;
  Enrolment enrolment_;
};

// Why a call that enrols one person is refused; nothing when the person joins. `person` is the
// field of the request that says who it is.
absl::optional<ledger::Refusal> RefuseUnlessJoins(const Enrolment::Verdict& verdict,
                                                  absl::string_view person);

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MEMBER_COMMANDS_H_
