// SPDX-License-Identifier: Apache-2.0
// Personal data shown in the clear, and destroyed.
#ifndef PUHUI_ISSUING_APP_PRIVACY_COMMANDS_H_
#define PUHUI_ISSUING_APP_PRIVACY_COMMANDS_H_

#include "issuing/app/member_changes.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Notes that somebody is about to see personal data in the clear; it is shown when the note is
// durable. Records: MemberRevealed. Refuses: MEMBER_ERASED, REVEALS_LIMIT.
class RevealMemberCommand final : public MemberCommand {
 public:
  struct Wish {
    std::vector<std::string> fields{};  // Of puhui.v1.NewMember.
    std::string reason{};               // Without personal data.
    std::string person{};               // The person behind the identity.
    bool break_glass = false;           // By an auditor: at most kRevealsPerDayMax a day.
  };
  RevealMemberCommand(Tables* tables, const MemberRef& of, Wish wish)
      : MemberCommand(tables, of), wish_(std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

  const Wish wish_;
};

// Notes that the personal data of everybody in a union is about to be handed out.
// Records: MembersExported. Refuses: NOT_FOUND (the union).
class ExportMembersCommand final : public ledger::Command {
 public:
  struct Wish {
    UnionId union_id{};
    std::string reason{};  // Without personal data.
    std::string person{};  // The person behind the identity.
  };
  ExportMembersCommand(Tables* tables, Wish wish) : tables_(*tables), wish_(std::move(wish)) {}
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

 private:
  Tables& tables_;
  const Wish wish_;
};

// Destroys the key of somebody who left, and what leads to the person: search entries and external
// ids. The keyed hash of the identity document stays, because a person is one member for ever, also
// after having been forgotten: else yearly limits would begin anew. So do wallet, card and records,
// which say nothing of who it is.
// Refuses: MEMBER_STATE, MEMBER_ERASED, ETAG_MISMATCH.
class ErasePersonalDataCommand final : public MemberCommand {
 public:
  struct Wish {
    std::uint32_t revision = 0;               // Of the member that the tags were read of.
    std::vector<ledger::Tag> external_ids{};  // All of the member's.
    // Destroys what other rooms keep of the member in the vault, in the same commit.
    std::function<void(MemberId)> erase_elsewhere{};
  };
  ErasePersonalDataCommand(Tables* tables, const MemberRef& of, Wish wish)
      : MemberCommand(tables, of), wish_(std::move(wish)) {}
  void StorePersonalData() override;

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

  const Wish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PRIVACY_COMMANDS_H_
