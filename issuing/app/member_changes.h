// SPDX-License-Identifier: Apache-2.0
// A member changes: is suspended, leaves, moves to another union, is known by other data.
#ifndef PUHUI_ISSUING_APP_MEMBER_CHANGES_H_
#define PUHUI_ISSUING_APP_MEMBER_CHANGES_H_

#include "issuing/app/tables.h"
#include "issuing/app/vault.h"
#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// A member, and the union by which the caller was allowed to see the member.
struct MemberRef {
  MemberId member{};
  UnionNumber of{};
};

// Personal data that is to take the place of what the vault has.
struct Replacement {
  std::uint32_t revision = 0;  // Of the member whose data it was made from.
  SealedData sealed{};
  absl::optional<ledger::Tag> document{};     // Set: another identity document.
  absl::optional<ledger::Tag> external_id{};  // Set: one more.
  bool has_other_external_id = false;         // Of the same HR system of the same union.
  std::size_t external_ids = 0;               // In all.
};

// A change of one member. Records: MemberChanged, first.
// Refuses: NOT_FOUND, in the words of a member who is not there, also when the member has another
// union meanwhile; then as the change.
class MemberCommand : public ledger::Command {
 public:
  absl::optional<ledger::Refusal> Decide(const ledger::DecideContext& context,
                                         ledger::Decision& decision) final;
  void StorePersonalData() override;

 protected:
  MemberCommand(Tables* tables, const MemberRef& of) : tables_(*tables), of_(of) {}

  virtual absl::optional<ledger::Refusal> Change(const MemberRow& row,
                                                 const ledger::DecideContext& context,
                                                 ledger::Decision& decision) = 0;
  // The record of a change of `row`, which says that the member stands where it stood.
  journal::v1::MemberChanged& AddChange(const MemberRow& row, ledger::Decision& decision) const;
  // The same, with new personal data, which StorePersonalData then writes. Borrows: the data.
  journal::v1::MemberChanged& AddChange(const MemberRow& row, const Replacement& data,
                                        ledger::Decision& decision);
  // ALREADY_EXISTS, when the external id is somebody else's or the member has another: external ids
  // never change; DUPLICATE_PERSON. Absent data is that of somebody who was erased.
  absl::optional<ledger::Refusal> CheckKnown(const absl::optional<Replacement>& data) const;
  // MEMBER_ERASED, ETAG_MISMATCH, EXTERNAL_IDS_LIMIT: in this order; UNAVAILABLE, when the vault's
  // key was replaced meanwhile.
  absl::optional<ledger::Refusal> CheckReplacement(const MemberRow& row,
                                                   const absl::optional<Replacement>& data) const;

  Tables& tables_;
  const MemberRef of_;

 private:
  const Replacement* stored_ = nullptr;  // What StorePersonalData writes.
};

ledger::Refusal RefuseMemberState(MemberState state, absl::string_view wanted);
absl::string_view MemberStateName(MemberState state);

// ACTIVE → SUSPENDED. Refuses: MEMBER_STATE.
class SuspendMemberCommand final : public MemberCommand {
 public:
  SuspendMemberCommand(Tables* tables, const MemberRef& of) : MemberCommand(tables, of) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
};

// SUSPENDED or LEFT → ACTIVE, in the same union. Refuses: MEMBER_STATE, MEMBER_ERASED: somebody
// without a name comes back by being enrolled again; UNION_CLOSED.
class ReinstateMemberCommand final : public MemberCommand {
 public:
  ReinstateMemberCommand(Tables* tables, const MemberRef& of) : MemberCommand(tables, of) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
};

// ACTIVE or SUSPENDED → LEFT. Records: where the union's leave policy says so, also an entry for
// each lot whose points go back, wallet → Tables::HomeAccount of the lot's origin; what has expired
// is the sweep's. Refuses: MEMBER_STATE.
class RemoveMemberCommand final : public MemberCommand {
 public:
  RemoveMemberCommand(Tables* tables, ledger::LedgerViews* views, const MemberRef& of)
      : MemberCommand(tables, of), views_(*views) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;
  void ReturnLots(absl::Time now, ledger::Decision& decision) const;

  ledger::LedgerViews& views_;
};

// Moves a member to another union; the wallet, its lots and their origins go along.
// Refuses: NOT_FOUND (the other union); ALREADY_EXISTS, when it is the member's union; as
// CheckKnown; UNION_CLOSED (the other); MEMBER_STATE for somebody who left; as CheckReplacement.
class TransferMemberCommand final : public MemberCommand {
 public:
  struct Wish {
    UnionId to{};
    absl::optional<Replacement> data{};
  };
  TransferMemberCommand(Tables* tables, const MemberRef& of, Wish wish)
      : MemberCommand(tables, of), wish_(std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

  const Wish wish_;
};

// Changes what the vault holds. An earlier identity document stays the person's: whoever shows it
// later is nobody else. Refuses: as CheckKnown; as CheckReplacement, ETAG_MISMATCH also when the
// member is not at the revision that the caller read.
class UpdateMemberCommand final : public MemberCommand {
 public:
  struct Wish {
    absl::optional<std::uint32_t> revision{};  // What the caller read; absent: whatever it is.
    absl::optional<Replacement> data{};
    std::vector<std::string> fields{};  // Of puhui.v1.NewMember.
  };
  UpdateMemberCommand(Tables* tables, const MemberRef& of, Wish wish)
      : MemberCommand(tables, of), wish_(std::move(wish)) {}

 private:
  absl::optional<ledger::Refusal> Change(const MemberRow& row, const ledger::DecideContext& context,
                                         ledger::Decision& decision) override;

  const Wish wish_;
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_MEMBER_CHANGES_H_
