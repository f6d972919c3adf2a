// SPDX-License-Identifier: Apache-2.0
#include "services/audit/record_filter.h"

#include "audit/index/facts_of.h"
#include "issuing/app/tables.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/queries.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace puhui::services {
namespace {

constexpr char kKinds[] = "filter.kinds";
constexpr char kAccounts[] = "filter.accounts";
constexpr char kMembers[] = "filter.members";
constexpr char kCampaigns[] = "filter.campaigns";
constexpr char kMerchants[] = "filter.merchants";
constexpr char kStores[] = "filter.stores";
constexpr char kTerminals[] = "filter.terminals";

// Reads the names in a filter. The number of what is not there is 0, which no record has.
// Borrows: the moment that it reads.
class FilterReader {
 public:
  FilterReader(const ledger::Readable* store, audit::Filter* filter)
      : store_(*store), filter_(*filter) {}

  absl::Status Read(const v1::RecordFilter& asked) {
    PUHUI_RETURN_IF_ERROR(ReadRange(asked));
    PUHUI_RETURN_IF_ERROR(ReadNames(asked));
    for (const std::string& text : asked.kinds()) {
      const auto kind = audit::ParseKind(text);
      if (!kind.has_value()) return InvalidField(kKinds, "want kinds of records");
      filter_.kinds.push_back(*kind);
    }
    for (const v1::AccountReference& account : asked.accounts()) {
      PUHUI_ASSIGN_OR_RETURN(filter_.accounts.emplace_back(), Account(account));
    }
    for (const int reason : asked.reasons()) {
      filter_.reasons.push_back(static_cast<std::uint32_t>(reason));
    }
    filter_.about.assign(asked.about().begin(), asked.about().end());
    filter_.actors.assign(asked.callers().begin(), asked.callers().end());
    filter_.persons.assign(asked.persons().begin(), asked.persons().end());
    return absl::OkStatus();
  }

 private:
  absl::Status ReadRange(const v1::RecordFilter& asked) {
    filter_.first = std::max<Sequence>(asked.first_sequence(), 1);
    if (asked.last_sequence() != 0) filter_.last = asked.last_sequence();
    if (asked.has_start_time()) {
      PUHUI_ASSIGN_OR_RETURN(filter_.start, ParseMoment(asked.start_time(), "filter.start_time"));
    }
    if (asked.has_end_time()) {
      PUHUI_ASSIGN_OR_RETURN(filter_.end, ParseMoment(asked.end_time(), "filter.end_time"));
    }
    if (asked.has_points_min()) {
      if (asked.points_min() < 0) return InvalidField("filter.points_min", "want 0 or more");
      filter_.amount_min = asked.points_min();
    }
    if (asked.has_points_max()) {
      if (asked.points_max() < 0) return InvalidField("filter.points_max", "want 0 or more");
      filter_.amount_max = asked.points_max();
    }
    return absl::OkStatus();
  }

  absl::Status ReadNames(const v1::RecordFilter& asked) {
    for (const std::string& name : asked.members()) {
      PUHUI_ASSIGN_OR_RETURN(filter_.members.emplace_back(), ParseMemberName(name, kMembers));
    }
    for (const std::string& name : asked.campaigns()) {
      PUHUI_ASSIGN_OR_RETURN(filter_.campaigns.emplace_back(), Campaign(name, kCampaigns));
    }
    for (const std::string& name : asked.merchants()) {
      PUHUI_ASSIGN_OR_RETURN(filter_.merchants.emplace_back(), Merchant(name, kMerchants));
    }
    for (const std::string& name : asked.stores()) {
      PUHUI_ASSIGN_OR_RETURN(const StoreName store, ParseStoreName(name, kStores));
      PUHUI_ASSIGN_OR_RETURN(const MerchantNumber merchant, MerchantOf(store.merchant_id));
      filter_.stores.push_back({.merchant = merchant, .store = store.store_id.text()});
    }
    for (const std::string& name : asked.terminals()) {
      PUHUI_ASSIGN_OR_RETURN(const TerminalName terminal, ParseTerminalName(name, kTerminals));
      PUHUI_ASSIGN_OR_RETURN(
          const auto found,
          merchant::FindTerminal(store_, terminal.merchant_id.text(), terminal.terminal_id.text()));
      filter_.terminals.push_back(found.value_or(TerminalNumber{}));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<CampaignNumber> Campaign(const std::string& name, absl::string_view field) {
    PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(name, field));
    PUHUI_ASSIGN_OR_RETURN(const auto number,
                           ledger::Find(store_, issuing::kCampaignIdTable, id.text()));
    return number.value_or(CampaignNumber{});
  }
  absl::StatusOr<UnionNumber> Union(const std::string& name, absl::string_view field) {
    PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(name, field));
    PUHUI_ASSIGN_OR_RETURN(const auto number,
                           ledger::Find(store_, issuing::kUnionIdTable, id.text()));
    return number.value_or(UnionNumber{});
  }
  absl::StatusOr<MerchantNumber> Merchant(const std::string& name, absl::string_view field) {
    PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(name, field));
    return MerchantOf(id);
  }
  absl::StatusOr<MerchantNumber> MerchantOf(const MerchantId& id) {
    PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store_, id.text()));
    return found.has_value() ? found->number : MerchantNumber{};
  }

  absl::StatusOr<audit::AccountName> Account(const v1::AccountReference& asked) {
    audit::AccountName account{.kind = static_cast<ledger::AccountKind>(asked.kind())};
    switch (account.kind) {
      case ledger::AccountKind::kFunding:
      case ledger::AccountKind::kBudget:
      case ledger::AccountKind::kExpired: {
        PUHUI_ASSIGN_OR_RETURN(const UnionNumber number, Union(asked.owner(), kAccounts));
        account.owner = static_cast<std::uint64_t>(number);
        return account;
      }
      case ledger::AccountKind::kCampaign: {
        PUHUI_ASSIGN_OR_RETURN(const CampaignNumber number, Campaign(asked.owner(), kAccounts));
        account.owner = static_cast<std::uint64_t>(number);
        return account;
      }
      case ledger::AccountKind::kWallet:
      case ledger::AccountKind::kHeld: {
        PUHUI_ASSIGN_OR_RETURN(account.member, ParseMemberName(asked.owner(), kAccounts));
        return account;
      }
      case ledger::AccountKind::kPayable:
      case ledger::AccountKind::kFee:
      case ledger::AccountKind::kPayout: {
        PUHUI_ASSIGN_OR_RETURN(const MerchantNumber number, Merchant(asked.owner(), kAccounts));
        account.owner = static_cast<std::uint64_t>(number);
        return account;
      }
      case ledger::AccountKind::kAid:
        break;
    }
    return InvalidField(kAccounts, "want kinds of accounts that are kept in this release");
  }

  const ledger::Readable& store_;
  audit::Filter& filter_;
};

absl::Status CheckCount(int values, absl::string_view field) {
  if (static_cast<std::size_t>(values) <= kFilterValuesMax) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want at most ", kFilterValuesMax, ", got ", values));
}

absl::Status CheckCounts(const v1::RecordFilter& asked) {
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.kinds_size(), kKinds));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.accounts_size(), kAccounts));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.members_size(), kMembers));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.campaigns_size(), kCampaigns));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.merchants_size(), kMerchants));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.stores_size(), kStores));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.terminals_size(), kTerminals));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.reasons_size(), "filter.reasons"));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.about_size(), "filter.about"));
  PUHUI_RETURN_IF_ERROR(CheckCount(asked.callers_size(), "filter.callers"));
  return CheckCount(asked.persons_size(), "filter.persons");
}

}  // namespace

absl::StatusOr<audit::Filter> ReadRecordFilter(const Principal& principal,
                                               const v1::RecordFilter& asked,
                                               const ledger::Readable& store, Subtrees* subtrees) {
  PUHUI_RETURN_IF_ERROR(CheckCounts(asked));
  audit::Filter filter;
  if (asked.in_union().empty()) {
    PUHUI_RETURN_IF_ERROR(AllowWholeLedger(principal));
  } else {
    PUHUI_ASSIGN_OR_RETURN(filter.scope,
                           subtrees->Of(principal, asked.in_union(), "filter.in_union", store));
  }
  PUHUI_RETURN_IF_ERROR(FilterReader(&store, &filter).Read(asked));
  if (principal.mandate.has_value()) {
    filter.start = std::max(filter.start, principal.mandate->start);
    filter.end = std::min(filter.end, principal.mandate->end);
  }
  return filter;
}

}  // namespace puhui::services
