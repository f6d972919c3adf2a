// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/issuing/app/issuing_ledger.h"

#include "issuing/app/budget_commands.h"
#include "issuing/app/card_commands.h"
#include "issuing/app/plan_rows.h"
#include "issuing/app/queries.h"
#include "issuing/app/records.h"
#include "issuing/app/union_commands.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>

namespace puhui::issuing {
namespace {

absl::optional<UnionId> UnionOrNone(absl::string_view text) {
  return text.empty() ? absl::nullopt : absl::make_optional(Named<UnionId>(text));
}

}  // namespace

IssuingLedger::IssuingLedger(std::uint64_t seed)
    : tables(&ledger.set()),
      applier(&tables, &ledger.views()),
      chores(&tables, &ledger.views(), &vault),
      random(seed),
      keyed_hash(std::string(32, 'k')),
      vault({.key = std::string(32, 'v'), .keyed_hash = &keyed_hash, .random = &random}) {
  ledger.Attach(&applier);
}

Result IssuingLedger::CreateUnion(absl::string_view id, absl::string_view parent) {
  CreateUnionCommand::Wish wish{.id = Named<UnionId>(id), .kind = 1, .display_name = "A union"};
  if (!parent.empty()) wish.parent = Named<UnionId>(parent);
  CreateUnionCommand command(&tables, std::move(wish));
  return ledger.Run(command);
}

Result IssuingLedger::UpdateUnion(UpdateUnionCommand::Wish wish) {
  UpdateUnionCommand command(&tables, std::move(wish));
  return ledger.Run(command);
}

Result IssuingLedger::MoveUnion(absl::string_view id, absl::string_view parent,
                                absl::string_view etag) {
  MoveUnionCommand command(
      &tables,
      {.id = Named<UnionId>(id), .parent = UnionOrNone(parent), .etag = std::string(etag)});
  return ledger.Run(command);
}

Result IssuingLedger::CloseUnion(absl::string_view id, absl::string_view etag) {
  CloseUnionCommand command(&tables, {.id = Named<UnionId>(id), .etag = std::string(etag)});
  return ledger.Run(command);
}

std::string IssuingLedger::Etag(absl::string_view union_id) {
  const UnionNumber number = NumberOf(union_id);
  return UnionEtag(number, tables.UnionOf(number).changed);
}

Result IssuingLedger::Propose(absl::string_view union_id, std::int64_t points,
                              absl::string_view reference, absl::string_view person) {
  ProposeFundingCommand command(&tables, {.union_id = Named<UnionId>(union_id),
                                          .points = Points::FromStored(points),
                                          .bank_reference = std::string(reference),
                                          .person = std::string(person)});
  return ledger.Run(command);
}

Result IssuingLedger::Confirm(absl::string_view union_id, Sequence proposal,
                              absl::string_view person) {
  ConfirmFundingCommand command(
      &tables, &ledger.views(),
      {.union_id = Named<UnionId>(union_id), .proposal = proposal, .person = std::string(person)});
  return ledger.Run(command);
}

Result IssuingLedger::RejectFunding(absl::string_view union_id, Sequence proposal,
                                    absl::string_view person) {
  RejectFundingCommand command(&tables, {.union_id = Named<UnionId>(union_id),
                                         .proposal = proposal,
                                         .reason = "mistyped",
                                         .person = std::string(person)});
  return ledger.Run(command);
}

Result IssuingLedger::Fund(absl::string_view union_id, std::int64_t points) {
  PUHUI_ASSIGN_OR_RETURN(
      const ledger::Outcome proposed,
      Propose(union_id, points, absl::StrCat("bank-", ledger.last_sequence()), "fay"));
  return Confirm(union_id, proposed.first().sequence(), "fred");
}

Result IssuingLedger::Allocate(absl::string_view union_id, absl::string_view child,
                               std::int64_t points, absl::string_view origin) {
  AllocateBudgetCommand command(&tables,
                                {.union_id = Named<UnionId>(union_id),
                                 .points = Points::FromStored(points),
                                 .origin = UnionOrNone(origin)},
                                Named<UnionId>(child));
  return ledger.Run(command);
}

Result IssuingLedger::Return(absl::string_view union_id, std::int64_t points,
                             absl::string_view origin) {
  ReturnBudgetCommand command(&tables, {.union_id = Named<UnionId>(union_id),
                                        .points = Points::FromStored(points),
                                        .origin = UnionOrNone(origin)});
  return ledger.Run(command);
}

NewMember IssuingLedger::Sealed(absl::string_view union_id, absl::string_view name) {
  return vault.Seal(HomeOf(union_id),
                    {.external_id = absl::StrCat("no-", name),
                     .full_name = std::string(name),
                     .id_number = absl::StrCat("id-", name),
                     .mobile = "13900000000"},
                    ledger.clock().Now());
}

Result IssuingLedger::Enrol(absl::string_view union_id, std::vector<NewMember> rows,
                            bool all_or_nothing) {
  CreateMembersCommand command(&tables, &ledger.views(),
                               {.union_id = Named<UnionId>(union_id),
                                .rows = std::move(rows),
                                .all_or_nothing = all_or_nothing});
  return ledger.Run(command);
}

Result IssuingLedger::Enrol(absl::string_view union_id, const std::vector<std::string>& names) {
  std::vector<NewMember> rows;
  for (const std::string& name : names) {
    rows.push_back(Sealed(union_id, name));
    members.emplace(name, rows.back().member);
  }
  return Enrol(union_id, std::move(rows));
}

NewMember IssuingLedger::SealedReturning(absl::string_view union_id, absl::string_view name) {
  const std::string known(name);
  const MemberRow& row = Row(known);
  ReturningMember returning{
      .member = members.at(known), .revision = row.revision, .left = row.union_number};
  if (!row.erased) returning.data = Opened(known);
  return vault.SealReturning(HomeOf(union_id), returning,
                             {.external_id = absl::StrCat("no-", name),
                              .full_name = known,
                              .id_number = absl::StrCat("id-", name),
                              .mobile = "13911111111"});
}

Result IssuingLedger::EnrolOne(absl::string_view union_id, NewMember person) {
  CreateMemberCommand command(&tables, &ledger.views(),
                              {.union_id = Named<UnionId>(union_id), .person = std::move(person)});
  return ledger.Run(command);
}

Result IssuingLedger::Suspend(const std::string& name) {
  SuspendMemberCommand command(&tables, Ref(name));
  return ledger.Run(command);
}

Result IssuingLedger::Reinstate(const std::string& name) {
  ReinstateMemberCommand command(&tables, Ref(name));
  return ledger.Run(command);
}

Result IssuingLedger::Leave(const std::string& name) {
  RemoveMemberCommand command(&tables, &ledger.views(), Ref(name));
  return ledger.Run(command);
}

Result IssuingLedger::Transfer(const std::string& name, absl::string_view to,
                               absl::string_view external_id) {
  TransferMemberCommand::Wish wish{.to = Named<UnionId>(to)};
  if (!Row(name).erased) {
    PersonalData data = Opened(name);
    const UnionNumber destination = NumberOf(to);
    MoveExternalIds(Row(name).union_number, destination, &data);
    const ExternalId added{.of = destination, .id = std::string(external_id)};
    if (!external_id.empty()) AddExternalId(destination, added, &data);
    wish.data = ReplacementFor(name, data, destination == UnionNumber{} ? "" : to);
    if (!external_id.empty()) wish.data->external_id = vault.ExternalIdTag(added);
  }
  TransferMemberCommand command(&tables, Ref(name), std::move(wish));
  return ledger.Run(command);
}

Result IssuingLedger::IssueCard(const std::string& name, bool replace) {
  IssueCardCommand::Wish wish{.replace = replace};
  const std::string number = DrawCardNumber(random);
  wish.card = vault.CardTag(number);
  wish.card_last_four = number.substr(12);
  if (!Row(name).erased) {
    PersonalData data = Opened(name);
    data.card_number = number;
    wish.data = ReplacementFor(name, data);
  }
  IssueCardCommand command(&tables, &ledger.views(), Ref(name), std::move(wish));
  return ledger.Run(command);
}

Result IssuingLedger::BlockCard(const std::string& name) {
  BlockCardCommand command(&tables, &ledger.views(), Ref(name));
  return ledger.Run(command);
}

MemberRef IssuingLedger::Ref(const std::string& name) {
  return {.member = members.at(name), .of = Row(name).union_number};
}

const MemberRow& IssuingLedger::Row(const std::string& name) {
  const MemberRow* row = tables.members.Find(members.at(name));
  PUHUI_CHECK(row != nullptr);
  return *row;
}

PersonalData IssuingLedger::Opened(const std::string& name) {
  const MemberId member = members.at(name);
  const auto sealed = FindPersonalData(ledger.store(), member);
  PUHUI_CHECK_OK(sealed.status());
  const auto opened = vault.Open(member, sealed->value());
  PUHUI_CHECK_OK(opened.status());
  PUHUI_CHECK(opened->commitment == Row(name).commitment);
  return opened->data;
}

Replacement IssuingLedger::ReplacementFor(const std::string& name, const PersonalData& data,
                                          absl::string_view home) {
  const MemberRow& row = Row(name);
  const std::string now_in = tables.UnionOf(row.union_number).id;
  return {.revision = row.revision,
          .sealed = vault.Reseal(members.at(name), HomeOf(home.empty() ? now_in : home), data),
          .external_ids = AllExternalIds(data, row.union_number).size()};
}

absl::StatusOr<int> IssuingLedger::RunDueChores(int commands_max) {
  int commands = 0;
  // The clock stands still in a test, but records are a microsecond apart.
  ledger.clock().Advance(absl::Seconds(1));
  while (commands < commands_max) {
    PUHUI_ASSIGN_OR_RETURN(const auto due,
                           ledger::List(ledger.store(), ledger::kTimerTable, {}, 1));
    if (due.empty() || due[0].key.due > ledger.clock().Now()) break;
    PUHUI_ASSIGN_OR_RETURN(const auto chore, chores.Begin(due[0].key, ledger.store()));
    if (chore == nullptr) return absl::InternalError("a timer without work");
    while (commands < commands_max) {
      PUHUI_ASSIGN_OR_RETURN(const auto command, chore->Next(ledger.store()));
      if (command == nullptr && chore->reads_on()) continue;
      if (command == nullptr) break;
      PUHUI_RETURN_IF_ERROR(ledger.Run(*command).status());
      ++commands;
    }
  }
  return commands;
}

std::string IssuingLedger::Packed(const NamedRows& rows) const {
  std::string packed;
  for (const auto& [name, points] : rows) {
    const auto at = members.find(name);
    const MemberId member = at == members.end() ? MemberId(1, 1) : at->second;
    AppendPlanRow(member, Points::FromStored(points), &packed);
  }
  return packed;
}

ledger::Hash IssuingLedger::HashOf(absl::string_view campaign) {
  const auto found = tables.FindCampaign(Named<CampaignId>(campaign));
  return found.has_value() ? found->row->plan.hash : ledger::Hash{};
}

Home IssuingLedger::HomeOf(absl::string_view union_id) {
  const UnionNumber number = NumberOf(union_id);
  return {.of = number, .search_root = tables.UnionOf(number).search_root};
}

UnionNumber IssuingLedger::NumberOf(absl::string_view union_id) {
  return tables.FindUnion(Named<UnionId>(union_id)).value_or(UnionNumber{});
}

CampaignRef IssuingLedger::Campaign(absl::string_view id) {
  static const CampaignRow kNone;
  return tables.FindCampaign(Named<CampaignId>(id)).value_or(CampaignRef{CampaignNumber{}, &kNone});
}

std::int64_t IssuingLedger::Budget(absl::string_view union_id) {
  return Budget(union_id, union_id);
}

std::int64_t IssuingLedger::Budget(absl::string_view union_id, absl::string_view origin) {
  return ledger.views().Balance(BudgetAccount(NumberOf(union_id), NumberOf(origin)));
}

std::int64_t IssuingLedger::Sum(absl::string_view union_id, BudgetSum sum,
                                absl::string_view origin) {
  if (origin.empty()) return *BudgetTotal(ledger.store(), NumberOf(union_id), sum);
  const auto line =
      ledger::Find(ledger.store(), kBudgetLineTable, {NumberOf(union_id), sum, NumberOf(origin)});
  PUHUI_CHECK_OK(line.status());
  return line->has_value() ? (*line)->points : 0;
}

std::int64_t IssuingLedger::Available(const std::string& name) {
  const ledger::Wallet* wallet = ledger.views().wallets.Find(members.at(name));
  return wallet == nullptr ? 0 : wallet->AvailableAt(ledger.clock().Now(), ledger.views());
}

std::int64_t IssuingLedger::SumOfTheBook() {
  std::int64_t sum = 0;
  PUHUI_CHECK_OK(ledger::Scan(ledger.store(), ledger::kAccountTable, {},
                              [&](const ledger::AccountKey&, std::int64_t points) {
                                sum += points;
                                return absl::StatusOr<bool>(true);
                              }));
  PUHUI_CHECK_OK(ledger::Scan(ledger.store(), ledger::kWalletTable, {},
                              [&](const MemberId&, const ledger::Wallet& wallet) {
                                sum += wallet.TotalPoints();
                                return absl::StatusOr<bool>(true);
                              }));
  return sum;
}

}  // namespace puhui::issuing
