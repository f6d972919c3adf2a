// SPDX-License-Identifier: Apache-2.0
#include "services/audit/account_owner.h"

#include "issuing/app/tables.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "services/ledger/union_tree.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

absl::Status NoSuchOwner() { return NotFound("account"); }

// Whether something came to be after the time of the caller's mandate: then it is in no record that
// the caller may know of.
bool CameTooLate(const Principal& principal, absl::Time create_time) {
  return principal.mandate.has_value() && create_time >= principal.mandate->end;
}

absl::StatusOr<std::uint64_t> FindUnion(const Principal& principal, absl::string_view name,
                                        const ledger::Readable& store, const UnionTree& tree) {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, "owner"));
  if (!AllowUnion(principal, id, tree).ok()) return NoSuchOwner();
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, id.text()));
  if (!found.has_value() || CameTooLate(principal, found->row.create_time)) return NoSuchOwner();
  return static_cast<std::uint64_t>(found->number);
}

absl::StatusOr<std::uint64_t> FindCampaign(const Principal& principal, absl::string_view name,
                                           const ledger::Readable& store, const UnionTree& tree) {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(name, "owner"));
  PUHUI_ASSIGN_OR_RETURN(const auto number,
                         ledger::Find(store, issuing::kCampaignIdTable, id.text()));
  if (!number.has_value()) return NoSuchOwner();
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, issuing::kCampaignTable, *number));
  PUHUI_ASSIGN_OR_RETURN(const auto of,
                         ledger::Find(store, issuing::kUnionTable, row->union_number));
  PUHUI_ASSIGN_OR_RETURN(const UnionId union_id, UnionId::Parse(of->id, "owner"));
  // In the words of a campaign that is not there.
  if (!AllowUnion(principal, union_id, tree).ok()) return NoSuchOwner();
  if (CameTooLate(principal, row->create_time)) return NoSuchOwner();
  return static_cast<std::uint64_t>(*number);
}

bool IsOfMerchant(ledger::AccountKind kind) {
  return kind == ledger::AccountKind::kPayable || kind == ledger::AccountKind::kFee ||
         kind == ledger::AccountKind::kPayout;
}

absl::StatusOr<MemberId> FindMember(const Principal& principal, absl::string_view name,
                                    const ledger::Readable& store, const UnionTree& tree) {
  PUHUI_ASSIGN_OR_RETURN(const MemberId member, ParseMemberName(name, "owner"));
  PUHUI_RETURN_IF_ERROR(AllowMemberById(principal, member, store, tree));
  if (!principal.mandate.has_value()) return member;
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store, issuing::kMemberTable, member));
  // In the words of a member that is not there.
  if (!row.has_value() || CameTooLate(principal, row->create_time)) return NotFound("member");
  return member;
}

absl::StatusOr<std::uint64_t> FindMerchant(const Principal& principal, absl::string_view name,
                                           const ledger::Readable& store) {
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(name, "owner"));
  PUHUI_RETURN_IF_ERROR(AllowMerchant(principal, id));
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store, id.text()));
  if (!found.has_value() || CameTooLate(principal, found->row.create_time)) return NoSuchOwner();
  return static_cast<std::uint64_t>(found->number);
}

}  // namespace

absl::StatusOr<AccountOwner> FindAccountOwner(const Principal& principal,
                                              const v1::GetAccountRequest& request,
                                              const ledger::Readable& store,
                                              const UnionTree& tree) {
  if (!request.origin().empty()) {
    PUHUI_RETURN_IF_ERROR(ParseUnionName(request.origin(), "origin").status());
  }
  AccountOwner owner{.kind = static_cast<ledger::AccountKind>(request.kind())};
  switch (owner.kind) {
    case ledger::AccountKind::kFunding:
    case ledger::AccountKind::kBudget:
    case ledger::AccountKind::kExpired: {
      PUHUI_ASSIGN_OR_RETURN(owner.number, FindUnion(principal, request.owner(), store, tree));
      return owner;
    }
    case ledger::AccountKind::kCampaign: {
      PUHUI_ASSIGN_OR_RETURN(owner.number, FindCampaign(principal, request.owner(), store, tree));
      return owner;
    }
    case ledger::AccountKind::kWallet:
    case ledger::AccountKind::kHeld: {
      PUHUI_ASSIGN_OR_RETURN(owner.member, FindMember(principal, request.owner(), store, tree));
      return owner;
    }
    case ledger::AccountKind::kPayable:
    case ledger::AccountKind::kFee:
    case ledger::AccountKind::kPayout: {
      PUHUI_ASSIGN_OR_RETURN(owner.number, FindMerchant(principal, request.owner(), store));
      return owner;
    }
    case ledger::AccountKind::kAid:
      break;
  }
  return InvalidField("kind", "want the kind of an account that is kept in this release");
}

absl::StatusOr<std::string> OwnerNameOf(const audit::AccountName& account, Names& names) {
  switch (account.kind) {
    case ledger::AccountKind::kWallet:
    case ledger::AccountKind::kHeld:
      return FormatMemberName(account.member);
    case ledger::AccountKind::kCampaign:
      return names.OfCampaign(static_cast<CampaignNumber>(account.owner));
    case ledger::AccountKind::kPayable:
    case ledger::AccountKind::kFee:
    case ledger::AccountKind::kPayout:
      return names.OfMerchant(static_cast<MerchantNumber>(account.owner));
    case ledger::AccountKind::kFunding:
    case ledger::AccountKind::kBudget:
    case ledger::AccountKind::kExpired:
    case ledger::AccountKind::kAid:
      return names.OfUnion(static_cast<UnionNumber>(account.owner));
  }
  return absl::DataLossError(absl::StrCat("an account of kind ", static_cast<int>(account.kind)));
}

ToldOrigins::ToldOrigins(const Question& question, Names* names)
    : question_(question),
      names_(*names),
      seen_(question.principal, question.tree, names),
      narrowed_(IsOfMerchant(question.kind) && seen_.narrowed()) {}

absl::StatusOr<bool> ToldOrigins::Has(UnionNumber origin) {
  if (!question_.origin.empty()) {
    PUHUI_ASSIGN_OR_RETURN(const std::string name, names_.OfUnion(origin));
    if (question_.origin != name) return false;
  }
  return Sees(origin);
}

absl::StatusOr<bool> ToldOrigins::Sees(UnionNumber origin) {
  if (!narrowed_) return true;
  return seen_.Has(origin);
}

absl::StatusOr<std::int64_t> ToldOrigins::SumOf(absl::Span<const audit::OriginBalance> points) {
  std::int64_t sum = 0;
  for (const audit::OriginBalance& one : points) {
    PUHUI_ASSIGN_OR_RETURN(const bool told, Has(one.origin));
    if (told) sum += one.points;
  }
  return sum;
}

absl::Status CheckIsTold(const AccountOwner& owner, Sequence last, const ledger::Readable& store,
                         ToldOrigins* told) {
  if (!told->narrowed()) return absl::OkStatus();
  // An account stays when nothing is left in it.
  for (const auto kind : {ledger::AccountKind::kPayable, ledger::AccountKind::kFee}) {
    PUHUI_ASSIGN_OR_RETURN(const ledger::BalanceByOrigin balances,
                           ledger::AccountAsOf(store, kind, owner.number, last));
    for (const auto& [origin, points] : balances) {
      PUHUI_ASSIGN_OR_RETURN(const bool seen, told->Sees(origin));
      if (seen) return absl::OkStatus();
    }
  }
  return NoSuchOwner();
}

}  // namespace puhui::services
