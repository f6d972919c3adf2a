// SPDX-License-Identifier: Apache-2.0
// SettlementService: what was spent where.
#include "issuing/app/queries.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "merchant/app/spending_report.h"
#include "services/ledger/names.h"
#include "services/ledger/seen_money.h"
#include "services/merchant/merchant_fields.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"
#include "services/settlement/settlement_scope.h"
#include "services/settlement/settlement_wire.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

using merchant::SpendingFilter;

absl::StatusOr<SpendingFilter> ReadDays(const v1::ListSpendingRequest& request) {
  SpendingFilter filter;
  PUHUI_ASSIGN_OR_RETURN(filter.first_day, ReadDay(request.first_day(), "first_day"));
  PUHUI_ASSIGN_OR_RETURN(filter.last_day, ReadDay(request.last_day(), "last_day"));
  if (filter.last_day < filter.first_day) {
    return InvalidField("last_day", "want a day from first_day on");
  }
  return filter;
}

// Refuses: kNotFound.
absl::Status ReadUnion(const CallContext& call, const UnionId& id, const ledger::Readable& store,
                       const UnionTree& tree, SpendingFilter* filter) {
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, tree));
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, id.text()));
  if (!found.has_value()) return NotFound("union");
  filter->origin = found->number;
  return absl::OkStatus();
}

absl::StatusOr<bool> SeesCampaign(const Principal& principal,
                                  const issuing::FoundCampaign& campaign,
                                  const ledger::Readable& store, const UnionTree& tree) {
  PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow of,
                         issuing::UnionByNumber(store, campaign.row.union_number));
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, UnionId::Parse(of.id, "union"));
  return AllowUnion(principal, id, tree).ok();
}

// Refuses: kNotFound, in the same words whether it is not there or not for the caller.
absl::Status ReadCampaign(const CallContext& call, const CampaignId& id,
                          const ledger::Readable& store, const UnionTree& tree,
                          SpendingFilter* filter) {
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindCampaign(store, id.text()));
  if (!found.has_value()) return NotFound("campaign");
  PUHUI_ASSIGN_OR_RETURN(const bool seen, SeesCampaign(call.principal(), *found, store, tree));
  if (!seen) return NotFound("campaign");
  filter->campaign = found->number;
  return absl::OkStatus();
}

// The shape, and then whether the caller may see that.
absl::Status ReadSubject(const CallContext& call, const v1::ListSpendingRequest& request,
                         const ledger::Readable& store, const UnionTree& tree,
                         SpendingFilter* filter) {
  switch (request.of_case()) {
    case v1::ListSpendingRequest::kMerchant: {
      PUHUI_ASSIGN_OR_RETURN(const MerchantId id,
                             ParseMerchantName(request.merchant(), "merchant"));
      PUHUI_ASSIGN_OR_RETURN(const SeenMerchant seen, SeeMerchant(call.principal(), id, store));
      filter->merchant = seen.number;
      return absl::OkStatus();
    }
    case v1::ListSpendingRequest::kUnion: {
      PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
      return ReadUnion(call, id, store, tree, filter);
    }
    case v1::ListSpendingRequest::kCampaign: {
      PUHUI_ASSIGN_OR_RETURN(const CampaignId id,
                             ParseCampaignName(request.campaign(), "campaign"));
      return ReadCampaign(call, id, store, tree, filter);
    }
    case v1::ListSpendingRequest::OF_NOT_SET:
      break;
  }
  return InvalidField("merchant", "want one of merchant, union and campaign");
}

// Four numbers of a row's key.
std::string CursorOf(const merchant::DayFiguresKey& key) {
  return ledger::EncodeKey(ledger::Table::kDayFigures, key);
}

absl::StatusOr<absl::optional<merchant::DayFiguresKey>> ReadCursor(const std::string& cursor) {
  if (cursor.empty()) return absl::optional<merchant::DayFiguresKey>();
  merchant::DayFiguresKey key;
  if (!ledger::DecodeKey(ledger::Table::kDayFigures, cursor, &key).ok()) {
    return InvalidField("page_token", "want a token of this list");
  }
  return absl::make_optional(key);
}

// Rows as messages, each merchant and campaign looked up once. Threads: none. Borrows: the moment,
// the tree, and who reads them.
class SpendingWriter {
 public:
  SpendingWriter(const ledger::Readable* store, const UnionTree* tree, const Principal* reader)
      : store_(*store), names_(store), tree_(*tree), reader_(*reader) {}

  absl::Status Write(const merchant::DayFiguresKey& key, const merchant::DayFigures& figures,
                     v1::Spending* row) {
    PUHUI_ASSIGN_OR_RETURN(*row->mutable_merchant(), names_.OfMerchant(key.merchant));
    PUHUI_ASSIGN_OR_RETURN(*row->mutable_category(), CategoryOf(key.merchant));
    row->set_day(absl::FormatCivilTime(key.day));
    PUHUI_ASSIGN_OR_RETURN(*row->mutable_union_(), names_.OfUnion(key.origin));
    PUHUI_ASSIGN_OR_RETURN(*row->mutable_campaign(), CampaignFor(key.campaign));
    row->set_spent_points(figures.purchases);
    row->set_given_back_points(figures.refunds + figures.earlier_refunds + figures.reversals);
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::string> CategoryOf(MerchantNumber number) {
    std::string& category = categories_[number];
    if (category.empty()) {
      PUHUI_ASSIGN_OR_RETURN(const merchant::MerchantRow row,
                             merchant::MerchantByNumber(store_, number));
      category = FormatCategory(row.category);
    }
    return category;
  }

  // Empty for who may not know of it. A merchant is not told by which campaigns the members at its
  // tills were given points: where they are few, that says of a person what is not the merchant's
  // business. Nor is a union told of others' campaigns.
  absl::StatusOr<std::string> CampaignFor(CampaignNumber number) {
    if (number == CampaignNumber{} || reader_.role == Role::kMerchant) return std::string();
    const auto known = campaigns_.find(number);
    if (known != campaigns_.end()) return known->second;
    PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                           issuing::CampaignByNumber(store_, number));
    PUHUI_ASSIGN_OR_RETURN(const bool seen, SeesCampaign(reader_, found, store_, tree_));
    std::string name;
    if (seen) {
      PUHUI_ASSIGN_OR_RETURN(name, names_.OfCampaign(number));
    }
    campaigns_[number] = name;
    return name;
  }

  const ledger::Readable& store_;
  Names names_;
  const UnionTree& tree_;
  const Principal& reader_;
  absl::flat_hash_map<MerchantNumber, std::string> categories_;
  absl::flat_hash_map<CampaignNumber, std::string> campaigns_;
};

}  // namespace

void SettlementService::ServeSpending(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListSpending, wire_.get(), &Wire::RequestListSpending,
                      [this](const CallContext& call, const v1::ListSpendingRequest& asked) {
                        return DoListSpending(call, asked);
                      });
}

absl::StatusOr<v1::ListSpendingResponse> SettlementService::DoListSpending(
    const CallContext& call, const v1::ListSpendingRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(SpendingFilter filter, ReadDays(request));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string page_filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(page_filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const auto from, ReadCursor(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  PUHUI_RETURN_IF_ERROR(ReadSubject(call, request, *store, *parts_.tree, &filter));
  Names names(store.get());
  SeenMoney money(&call.principal(), parts_.tree, &names);
  // A campaign's money is its union's business, whoever gave it.
  if (request.of_case() == v1::ListSpendingRequest::kMerchant) {
    filter.told = [&money](UnionNumber origin) { return money.Has(origin); };
  }
  PUHUI_ASSIGN_OR_RETURN(const merchant::SpendingPage page,
                         merchant::ListSpending(*store, filter, from, page_size));
  v1::ListSpendingResponse response;
  SpendingWriter writer(store.get(), parts_.tree, &call.principal());
  for (const auto& row : page.rows) {
    PUHUI_RETURN_IF_ERROR(writer.Write(row.key, row.value, response.add_rows()));
  }
  if (page.next.has_value()) {
    response.set_next_page_token(parts_.tokens->Seal(page_filter, CursorOf(*page.next)));
  }
  return response;
}

}  // namespace puhui::services
