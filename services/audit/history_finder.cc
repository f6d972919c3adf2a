// SPDX-License-Identifier: Apache-2.0
// What belongs to unions, members and the ledger; history_merchants.cc has the rest.
#include "services/audit/history_finder.h"

#include "audit/index/facts_of.h"
#include "issuing/app/application_queries.h"
#include "issuing/app/claw_back_queries.h"
#include "issuing/app/mandate_queries.h"
#include "issuing/app/rule_packs.h"
#include "issuing/app/tables.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/period_close.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/device_rows.h"
#include "merchant/app/queries.h"
#include "services/auth/identity.h"
#include "services/ledger/period_view.h"
#include "services/ledger/union_tree.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

#include <algorithm>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;

absl::Status NoSuchThing() { return NotFound("resource"); }

// Where a merchant is paid to is for it, for those who pay, and for auditors of everything; which
// malls a member linked is for the member.
bool IsForWholeLedger(const HistoryKind& kind) {
  return absl::StartsWith(kind.part, "bank_accounts.") || absl::StartsWith(kind.part, "malls.");
}

}  // namespace

// What names look like: every other part, from the first on, and how many parts there are.
struct HistoryFinder::Shape {
  absl::string_view collections;
  std::size_t parts;
  absl::string_view kinds;  // The collection in HistoryKinds().
  absl::Status (HistoryFinder::*fill)(const std::string&, const Parts&, HistoryOf*);
};

const HistoryFinder::Shape HistoryFinder::kShapes[] = {
    {"unions", 2, "unions", &HistoryFinder::FillUnion},
    {"unions/fundings", 4, "fundings", &HistoryFinder::FillFunding},
    {"unions/applications", 4, "applications", &HistoryFinder::FillApplication},
    {"members", 2, "members", &HistoryFinder::FillMember},
    {"members/devices", 4, "members", &HistoryFinder::FillDevice},
    {"members/malls", 4, "members", &HistoryFinder::FillMallLink},
    {"campaigns", 2, "campaigns", &HistoryFinder::FillCampaign},
    {"campaigns/clawBacks", 4, "clawBacks", &HistoryFinder::FillClawBack},
    {"rulePacks", 2, "rulePacks", &HistoryFinder::FillRulePack},
    {"rulePacks/versions", 4, "rulePacks", &HistoryFinder::FillRulePackVersion},
    {"merchants", 2, "merchants", &HistoryFinder::FillMerchant},
    {"merchants/bankAccounts", 4, "merchants", &HistoryFinder::FillBankAccount},
    {"merchants/mall", 3, "merchants", &HistoryFinder::FillMall},
    {"merchants/stores", 4, "stores", &HistoryFinder::FillStore},
    {"merchants/terminals", 4, "terminals", &HistoryFinder::FillTerminal},
    {"merchants/statements", 4, "statements", &HistoryFinder::FillStatement},
    {"merchants/statements/disputes", 6, "statements", &HistoryFinder::FillDispute},
    {"offers", 2, "offers", &HistoryFinder::FillOffer},
    {"notices", 2, "notices", &HistoryFinder::FillNotice},
    {"orders", 2, "orders", &HistoryFinder::FillOrder},
    {"orders/voucher", 3, "orders", &HistoryFinder::FillVoucher},
    {"payoutRuns", 2, "payoutRuns", &HistoryFinder::FillRun},
    {"payoutRuns/payments", 4, "payoutRuns", &HistoryFinder::FillPayment},
    {"people", 2, "people", &HistoryFinder::FillMandate},
    {"periods", 2, "periods", &HistoryFinder::FillPeriod},
};

HistoryFinder::HistoryFinder(const Principal* principal, const ledger::Readable* store,
                             const UnionTree* tree)
    : principal_(*principal),
      store_(*store),
      tree_(*tree),
      names_(store),
      money_(principal, tree, &names_) {}

absl::StatusOr<HistoryOf> HistoryFinder::Find(const std::string& name) {
  const Parts parts = absl::StrSplit(name, '/');
  std::string collections = parts[0];
  for (std::size_t i = 2; i < parts.size(); i += 2) absl::StrAppend(&collections, "/", parts[i]);
  for (const Shape& shape : kShapes) {
    if (shape.collections != collections || shape.parts != parts.size()) continue;
    HistoryOf of{.thing = {.collection = std::string(shape.kinds)}};
    const absl::Status found = (this->*shape.fill)(name, parts, &of);
    if (absl::IsNotFound(found)) return NoSuchThing();
    PUHUI_RETURN_IF_ERROR(found);
    AddKinds(&of);
    return of;
  }
  return InvalidField("name", "want the name of a thing that the ledger keeps records of");
}

void HistoryFinder::AddKinds(HistoryOf* of) const {
  for (const HistoryKind& kind : HistoryKinds()) {
    if (kind.collection != of->thing.collection) continue;
    if (IsForWholeLedger(kind) && IsNarrowedAuditor(principal_)) continue;
    const auto parsed = audit::ParseKind(kind.kind);
    if (parsed.has_value()) of->filter.kinds.push_back(*parsed);
  }
}

absl::StatusOr<bool> HistoryFinder::TellsMember(const MemberId& member) const {
  if (!money_.narrowed()) return true;
  const absl::Status allowed = AllowMemberById(principal_, member, store_, tree_);
  if (allowed.ok()) return true;
  if (absl::IsNotFound(allowed)) return false;
  return allowed;
}

bool HistoryFinder::TellsWho(const std::string& caller) {
  if (!money_.narrowed()) return true;
  if (!money_.TellsWho(caller)) return false;
  const absl::StatusOr<Principal> who = ParseSpiffeUri(absl::StrCat("spiffe://-", caller), "-");
  if (!who.ok() || who->role != Role::kMember) return true;
  return AllowMemberById(principal_, who->member_id, store_, tree_).ok();
}

// Who may see an account may see whose it is.
absl::StatusOr<AccountOwner> HistoryFinder::OwnerOf(v1::AccountKind kind,
                                                    const std::string& name) const {
  v1::GetAccountRequest account;
  account.set_kind(kind);
  account.set_owner(name);
  return FindAccountOwner(principal_, account, store_, tree_);
}

absl::Status HistoryFinder::FillUnion(const std::string& name, const Parts& /*parts*/,
                                      HistoryOf* of) {
  PUHUI_RETURN_IF_ERROR(ParseUnionName(name, "name").status());
  PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner, OwnerOf(v1::ACCOUNT_KIND_BUDGET, name));
  const auto number = static_cast<std::uint32_t>(owner.number);
  of->filter.unions = {UnionNumber{number}};
  // Their records name parents too.
  of->changed = [number](const jv1::Record& record) {
    return record.union_created().number() == number || record.union_updated().number() == number ||
           record.union_moved().number() == number || record.union_closed().number() == number;
  };
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillFunding(const std::string& name, const Parts& /*parts*/,
                                        HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const FundingName funding, ParseFundingName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner,
                         OwnerOf(v1::ACCOUNT_KIND_FUNDING, FormatUnionName(funding.union_id)));
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindFunding(store_, funding.funding));
  const UnionNumber number{static_cast<std::uint32_t>(owner.number)};
  if (!row.has_value() || row->union_number != number) return NoSuchThing();
  of->begins = funding.funding;
  of->filter.about = {funding.funding};
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillApplication(const std::string& name, const Parts& /*parts*/,
                                            HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const ApplicationName asked, ParseApplicationName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner,
                         OwnerOf(v1::ACCOUNT_KIND_BUDGET, FormatUnionName(asked.union_id)));
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindApplication(store_, asked.application));
  const UnionNumber number{static_cast<std::uint32_t>(owner.number)};
  if (!row.has_value() || row->union_number != number) return NoSuchThing();
  of->begins = asked.application;
  of->filter.about = {asked.application};
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillMember(const std::string& name, const Parts& /*parts*/,
                                       HistoryOf* of) {
  PUHUI_RETURN_IF_ERROR(ParseMemberName(name, "name").status());
  PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner, OwnerOf(v1::ACCOUNT_KIND_WALLET, name));
  of->filter.members = {owner.member};
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillDevice(const std::string& /*name*/, const Parts& parts,
                                       HistoryOf* of) {
  constexpr std::size_t kDeviceDigits = 8;
  std::uint32_t number = 0;
  if (parts[3].size() != kDeviceDigits || !absl::SimpleAtoi(parts[3], &number) ||
      absl::StrFormat("%08d", number) != parts[3]) {
    return InvalidField("name", "want members/{member}/devices/{device}");
  }
  PUHUI_RETURN_IF_ERROR(FillMember(absl::StrCat("members/", parts[1]), parts, of));
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store_, merchant::kDeviceTable, number));
  if (!row.has_value() || row->member != of->filter.members.front()) return NoSuchThing();
  of->only = absl::StrCat("devices.", parts[3], ".");
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillMallLink(const std::string& /*name*/, const Parts& parts,
                                         HistoryOf* of) {
  const auto merchant = ParseMerchantName(absl::StrCat("merchants/", parts[3]), "name");
  if (!merchant.ok()) return InvalidField("name", "want members/{member}/malls/{merchant}");
  PUHUI_RETURN_IF_ERROR(FillMember(absl::StrCat("members/", parts[1]), parts, of));
  PUHUI_RETURN_IF_ERROR(MerchantOf(*merchant).status());
  if (money_.narrowed()) return NoSuchThing();
  of->only = absl::StrCat("malls.", parts[3], ".");
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillCampaign(const std::string& name, const Parts& /*parts*/,
                                         HistoryOf* of) {
  PUHUI_RETURN_IF_ERROR(ParseCampaignName(name, "name").status());
  PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner, OwnerOf(v1::ACCOUNT_KIND_CAMPAIGN, name));
  of->filter.campaigns = {static_cast<CampaignNumber>(owner.number)};
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillClawBack(const std::string& name, const Parts& /*parts*/,
                                         HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const ClawBackName asked, ParseClawBackName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner,
                         OwnerOf(v1::ACCOUNT_KIND_CAMPAIGN, FormatCampaignName(asked.campaign_id)));
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindClawBack(store_, asked.claw_back));
  if (!row.has_value() || row->campaign != static_cast<CampaignNumber>(owner.number)) {
    return NoSuchThing();
  }
  of->begins = asked.claw_back;
  of->filter.about = {asked.claw_back};
  return absl::OkStatus();
}

// A pack over all of its versions. Packs are read by every auditor.
absl::Status HistoryFinder::FillRulePack(const std::string& /*name*/, const Parts& parts,
                                         HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const RulePackId id, RulePackId::Parse(parts[1], "name"));
  PUHUI_ASSIGN_OR_RETURN(const auto row,
                         ledger::Find(store_, issuing::kRulePackVersionsTable, id.text()));
  if (!row.has_value()) return NoSuchThing();
  of->changed = [id = id.text()](const jv1::Record& record) {
    return record.rule_pack_loaded().id() == id;
  };
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillRulePackVersion(const std::string& name, const Parts& /*parts*/,
                                                HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const RulePackVersionName asked, ParseRulePackVersionName(name, "name"));
  PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(store_, issuing::kRulePackTable,
                                                      {asked.id.text(), asked.version}));
  if (!row.has_value()) return NoSuchThing();
  of->filter.start = row->load_time;
  of->filter.end = row->load_time + absl::Microseconds(1);
  of->changed = [id = asked.id.text(), version = asked.version](const jv1::Record& record) {
    return record.rule_pack_loaded().id() == id && record.rule_pack_loaded().version() == version;
  };
  return absl::OkStatus();
}

// What an auditor was let read is for those who see all of the ledger.
absl::Status HistoryFinder::FillMandate(const std::string& name, const Parts& parts,
                                        HistoryOf* of) {
  if (!ValidateTextId(parts[1], "name").ok()) return InvalidField("name", "want people/{person}");
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(principal_));
  PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindMandate(store_, name));
  if (!row.has_value()) return NoSuchThing();
  of->changed = [name](const jv1::Record& record) {
    return record.mandate_granted().auditor() == name || record.mandate_revoked().auditor() == name;
  };
  return absl::OkStatus();
}

absl::Status HistoryFinder::FillPeriod(const std::string& name, const Parts& /*parts*/,
                                       HistoryOf* of) {
  PUHUI_ASSIGN_OR_RETURN(const ledger::Period period, ParsePeriodName(name, "name"));
  PUHUI_RETURN_IF_ERROR(AllowWholeLedger(principal_));
  PUHUI_ASSIGN_OR_RETURN(const ledger::PeriodStandRow stand, ledger::PeriodStandOf(store_));
  if (stand.period == 0 || period < stand.first_period || period > stand.period) {
    return NoSuchThing();
  }
  of->changed = [period](const jv1::Record& record) {
    return record.period_closed().period() == period;
  };
  return absl::OkStatus();
}

}  // namespace puhui::services
