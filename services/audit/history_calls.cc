// SPDX-License-Identifier: Apache-2.0
// What was made of one thing from its beginning on.
#include "audit/index/facts_of.h"
#include "audit/index/find_records.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/replay.h"
#include "merchant/app/offer_queries.h"
#include "merchant/app/queries.h"
#include "services/audit/account_owner.h"
#include "services/audit/audit_service.h"
#include "services/audit/audit_wire.h"
#include "services/audit/hide_occasions.h"
#include "services/audit/history_fold.h"
#include "services/audit/walked_page.h"
#include "services/auth/identity.h"
#include "services/ledger/names.h"
#include "services/ledger/seen_money.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;

// Where a merchant is paid to is for it, for those who pay, and for auditors of everything.
constexpr absl::string_view kBankAccountDecided = "bank_account_decided";

// The thing whose history is asked for.
struct HistoryOf {
  std::string collection{};
  audit::Filter filter{};
  std::uint32_t number = 0;  // Of a union or an offer: their records name others too.
  Sequence funding = 0;      // Of a funding: those of its union are found with it.
  bool of_merchant = false;  // The thing is a merchant's, and no union's.
};

absl::Status NoSuchThing() { return NotFound("resource"); }

// Finds what is asked for, if it is the caller's to see. Threads: none. Borrows: everything.
class HistoryFinder {
 public:
  HistoryFinder(const Principal& principal, const ledger::Readable* store, const UnionTree* tree)
      : principal_(principal), store_(*store), tree_(*tree) {}

  absl::StatusOr<HistoryOf> Find(const std::string& name) const {
    const std::vector<std::string> parts = absl::StrSplit(name, '/');
    HistoryOf of{.collection = parts.size() == 4 ? parts[2] : parts[0]};
    const absl::Status found = Fill(name, parts.size(), &of);
    // Whatever it is that is not there.
    if (absl::IsNotFound(found)) return NoSuchThing();
    PUHUI_RETURN_IF_ERROR(found);
    for (const HistoryKind& kind : HistoryKinds()) {
      if (kind.collection != of.collection) continue;
      if (kind.kind == kBankAccountDecided && IsNarrowedAuditor(principal_)) continue;
      const auto parsed = audit::ParseKind(kind.kind);
      if (parsed.has_value()) of.filter.kinds.push_back(*parsed);
    }
    return of;
  }

 private:
  absl::Status Fill(const std::string& name, std::size_t parts, HistoryOf* of) const {
    if (parts == 2 && of->collection == "unions") return FillUnion(name, of);
    if (parts == 2 && of->collection == "members") return FillMember(name, of);
    if (parts == 2 && of->collection == "campaigns") return FillCampaign(name, of);
    if (parts == 2 && of->collection == "merchants") return FillMerchant(name, of);
    if (parts == 2 && of->collection == "offers") return FillOffer(name, of);
    if (parts == 4 && of->collection == "fundings") return FillFunding(name, of);
    if (parts == 4 && of->collection == "stores") return FillStore(name, of);
    if (parts == 4 && of->collection == "terminals") return FillTerminal(name, of);
    return InvalidField(
        "name",
        "want a union, funding, member, campaign, merchant, store, terminal or offer by its name");
  }

  // Who may see an account may see whose it is.
  absl::StatusOr<AccountOwner> OwnerOf(v1::AccountKind kind, const std::string& name) const {
    v1::GetAccountRequest account;
    account.set_kind(kind);
    account.set_owner(name);
    return FindAccountOwner(principal_, account, store_, tree_);
  }

  // Merchants are public, other than their accounts.
  absl::StatusOr<MerchantNumber> MerchantOf(const MerchantId& id) const {
    PUHUI_RETURN_IF_ERROR(AllowMerchant(principal_, id));
    PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store_, id.text()));
    if (!found.has_value()) return NoSuchThing();
    return found->number;
  }

  absl::Status FillUnion(const std::string& name, HistoryOf* of) const {
    PUHUI_RETURN_IF_ERROR(ParseUnionName(name, "name").status());
    PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner, OwnerOf(v1::ACCOUNT_KIND_BUDGET, name));
    of->number = static_cast<std::uint32_t>(owner.number);
    of->filter.unions = {UnionNumber{of->number}};
    return absl::OkStatus();
  }
  absl::Status FillFunding(const std::string& name, HistoryOf* of) const {
    PUHUI_ASSIGN_OR_RETURN(const FundingName funding, ParseFundingName(name, "name"));
    PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner,
                           OwnerOf(v1::ACCOUNT_KIND_FUNDING, FormatUnionName(funding.union_id)));
    PUHUI_ASSIGN_OR_RETURN(const auto row, issuing::FindFunding(store_, funding.funding));
    const UnionNumber number{static_cast<std::uint32_t>(owner.number)};
    if (!row.has_value() || row->union_number != number) return NoSuchThing();
    of->funding = funding.funding;
    of->filter.unions = {number};
    of->filter.first = funding.funding;
    return absl::OkStatus();
  }
  absl::Status FillMember(const std::string& name, HistoryOf* of) const {
    PUHUI_RETURN_IF_ERROR(ParseMemberName(name, "name").status());
    PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner, OwnerOf(v1::ACCOUNT_KIND_WALLET, name));
    of->filter.members = {owner.member};
    return absl::OkStatus();
  }
  absl::Status FillCampaign(const std::string& name, HistoryOf* of) const {
    PUHUI_RETURN_IF_ERROR(ParseCampaignName(name, "name").status());
    PUHUI_ASSIGN_OR_RETURN(const AccountOwner owner, OwnerOf(v1::ACCOUNT_KIND_CAMPAIGN, name));
    of->filter.campaigns = {static_cast<CampaignNumber>(owner.number)};
    return absl::OkStatus();
  }
  absl::Status FillMerchant(const std::string& name, HistoryOf* of) const {
    PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(name, "name"));
    PUHUI_ASSIGN_OR_RETURN(of->filter.merchants.emplace_back(), MerchantOf(id));
    of->of_merchant = true;
    return absl::OkStatus();
  }
  absl::Status FillStore(const std::string& name, HistoryOf* of) const {
    PUHUI_ASSIGN_OR_RETURN(const StoreName store, ParseStoreName(name, "name"));
    PUHUI_ASSIGN_OR_RETURN(const MerchantNumber merchant, MerchantOf(store.merchant_id));
    of->filter.stores.push_back({.merchant = merchant, .store = store.store_id.text()});
    of->of_merchant = true;
    return absl::OkStatus();
  }
  absl::Status FillTerminal(const std::string& name, HistoryOf* of) const {
    PUHUI_ASSIGN_OR_RETURN(const TerminalName terminal, ParseTerminalName(name, "name"));
    PUHUI_RETURN_IF_ERROR(AllowTerminal(principal_, terminal.merchant_id, terminal.terminal_id));
    PUHUI_ASSIGN_OR_RETURN(
        const auto number,
        merchant::FindTerminal(store_, terminal.merchant_id.text(), terminal.terminal_id.text()));
    if (!number.has_value()) return NoSuchThing();
    of->filter.terminals = {*number};
    of->of_merchant = true;
    return absl::OkStatus();
  }
  absl::Status FillOffer(const std::string& name, HistoryOf* of) const {
    PUHUI_ASSIGN_OR_RETURN(of->number, ParseOfferName(name, "name"));
    PUHUI_ASSIGN_OR_RETURN(const auto offer,
                           merchant::FindOffer(store_, merchant::OfferNumber{of->number}));
    if (!offer.has_value()) return NoSuchThing();
    of->filter.merchants = {offer->merchant};
    of->of_merchant = true;
    PUHUI_ASSIGN_OR_RETURN(const std::string merchant, Names(&store_).OfMerchant(offer->merchant));
    PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(merchant, "name"));
    return AllowMerchant(principal_, id);
  }

  const Principal& principal_;
  const ledger::Readable& store_;
  const UnionTree& tree_;
};

// Whether the record changed the thing, and not another that is named with it.
bool Changed(const HistoryOf& of, const jv1::Record& record) {
  if (of.funding != 0) {
    return record.sequence() == of.funding || record.entry().funding().proposal() == of.funding ||
           record.funding_rejected().proposal() == of.funding;
  }
  if (of.number == 0) return true;
  const std::uint32_t number = of.number;
  return record.union_created().number() == number || record.union_updated().number() == number ||
         record.union_moved().number() == number || record.union_closed().number() == number ||
         record.offer_created().offer() == number || record.offer_changed().offer() == number ||
         record.offer_moved().offer() == number || record.offer_restocked().offer() == number;
}

v1::HistoryEntry HistoryEntryOf(const audit::RecordFacts& facts,
                                std::vector<v1::FieldChange> changes) {
  v1::HistoryEntry entry;
  entry.set_sequence(facts.sequence);
  *entry.mutable_time() = ToTimestamp(facts.time);
  entry.set_kind(audit::KindText(facts.kind));
  entry.set_caller(facts.actor);
  entry.set_person(facts.person);
  for (v1::FieldChange& change : changes) *entry.add_changes() = std::move(change);
  return entry;
}

}  // namespace

void AuditService::ServeGetHistory(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetHistory, wire_.get(), &Wire::RequestGetHistory,
                      [this](const CallContext& call, const v1::GetHistoryRequest& asked) {
                        return DoGetHistory(call, asked);
                      });
}

absl::StatusOr<v1::GetHistoryResponse> AuditService::DoGetHistory(
    const CallContext& call, const v1::GetHistoryRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string bound = BoundToCaller(call, request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(bound, request.page_token()));
  const auto now = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(
      const HistoryOf of,
      HistoryFinder(call.principal(), now.get(), parts_.tree).Find(request.name()));
  PUHUI_ASSIGN_OR_RETURN(const audit::IndexMoment moment, parts_.index->Read());
  PUHUI_ASSIGN_OR_RETURN(const WalkedPage page, ReadWalkedPage(cursor, moment.last));
  v1::GetHistoryResponse response;
  response.set_as_of_sequence(page.last);
  Names names(moment.journal.get());
  HistoryFold fold(of.collection, &names);
  SeenMoney seen(&call.principal(), parts_.tree, &names);
  audit::RecordWish wish{.filter = of.filter, .records_max = kPageSizeMax, .cancelled = [&call] {
                           return call.Cancelled();
                         }};
  wish.filter.last = page.last;
  std::size_t told = 0;
  std::size_t bytes = 0;  // Of the entries.
  for (std::size_t looks = 0; looks < kHistoryLooksMax; ++looks) {
    PUHUI_ASSIGN_OR_RETURN(const audit::FoundRecords found, audit::FindRecords(moment, wish));
    for (const audit::FoundRecord& one : found.records) {
      PUHUI_ASSIGN_OR_RETURN(jv1::Record record,
                             ledger::ParseRecord(one.facts.sequence, one.bytes));
      if (!Changed(of, record)) continue;
      if (told == page.first + page_size || bytes >= kPageRecordBytesMax) {
        response.set_next_page_token(parts_.tokens->Seal(bound, WalkedCursor({told, page.last})));
        return response;
      }
      if (told == kHistoryRecordsMax) {
        response.set_incomplete(true);
        return response;
      }
      PUHUI_RETURN_IF_ERROR(HideOccasions(call.principal(), *moment.journal, &record));
      PUHUI_ASSIGN_OR_RETURN(std::vector<v1::FieldChange> changes, fold.Take(record));
      if (told++ < page.first) continue;
      v1::HistoryEntry& entry = *response.add_entries();
      entry = HistoryEntryOf(one.facts, std::move(changes));
      if (of.of_merchant && !seen.TellsWho(entry.caller())) {
        entry.clear_caller();
        entry.clear_person();
      }
      bytes += entry.ByteSizeLong();
    }
    wish.from = found.next;
    if (found.next == 0) return response;
  }
  response.set_incomplete(true);
  return response;
}

}  // namespace puhui::services
