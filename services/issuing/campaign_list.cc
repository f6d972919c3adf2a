// SPDX-License-Identifier: Apache-2.0
// CampaignService: the campaigns of a subtree. Campaigns are few, so they are gone through by
// number and each is asked whether it belongs; a page looks at kRowsPerPageMax at most.
#include "issuing/app/tables.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/ledger_rows.h"
#include "ledger/storage/typed_reads.h"
#include "services/issuing/campaign_convert.h"
#include "services/issuing/campaign_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

// Whether unions stand below one, or are it; each is asked once.
// Threads: none. Borrows: the snapshot.
class Subtree {
 public:
  // `top` none: everything.
  Subtree(const ledger::Readable* store, UnionNumber top) : store_(*store), top_(top) {}

  absl::StatusOr<bool> Holds(UnionNumber of) {
    if (top_ == UnionNumber{} || of == top_) return true;
    if (of == UnionNumber{}) return false;
    if (const auto known = known_.find(of); known != known_.end()) return known->second;
    PUHUI_ASSIGN_OR_RETURN(const issuing::UnionRow row, issuing::UnionByNumber(store_, of));
    PUHUI_ASSIGN_OR_RETURN(const bool holds, Holds(row.parent));
    known_[of] = holds;
    return holds;
  }

 private:
  const ledger::Readable& store_;
  const UnionNumber top_;
  absl::flat_hash_map<UnionNumber, bool> known_;
};

// Where a page ended: the number of the last campaign that was looked at.
absl::StatusOr<absl::optional<CampaignNumber>> ParseCursor(absl::string_view cursor) {
  if (cursor.empty()) return absl::optional<CampaignNumber>();
  PUHUI_ASSIGN_OR_RETURN(const auto number, NumberIn<std::uint32_t>(cursor));
  return absl::make_optional(CampaignNumber{number});
}

ledger::Range Before(absl::optional<CampaignNumber> last) {
  ledger::Range range;
  range.backward = true;
  if (!last.has_value()) return range;
  range.prefix = ledger::EncodeKeyPrefix(ledger::Table::kCampaigns);
  range.from = ledger::EncodeKey(ledger::Table::kCampaigns, *last);
  range.after_from = true;
  return range;
}

}  // namespace

void CampaignService::ServeListCampaigns(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kListCampaigns, wire_.get(), &Wire::RequestListCampaigns,
                      [this](const CallContext& call, const v1::ListCampaignsRequest& asked) {
                        return DoListCampaigns(call, asked);
                      });
}

absl::StatusOr<v1::ListCampaignsResponse> CampaignService::DoListCampaigns(
    const CallContext& call, const v1::ListCampaignsRequest& request) const {
  // Without a name it is the caller's own union, and for who sees everything every tree.
  UnionId top_id = call.principal().union_id;
  if (!request.parent().empty()) {
    PUHUI_ASSIGN_OR_RETURN(top_id, ParseUnionName(request.parent(), "parent"));
  }
  if (!v1::CampaignState_IsValid(request.state())) {
    return InvalidField("state", "want one of the states, or none");
  }
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<CampaignNumber> last, ParseCursor(cursor));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), top_id, *parts_.tree));
  const std::unique_ptr<ledger::Readable> store = parts_.ledger.engine->Read();
  UnionNumber top{};
  if (top_id != UnionId()) {
    PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, top_id.text()));
    if (!found.has_value()) return NotFound("union");
    top = found->number;
  }
  Subtree subtree(store.get(), top);
  PUHUI_ASSIGN_OR_RETURN(const auto rows, ledger::List(*store, issuing::kCampaignTable,
                                                       Before(last), kRowsPerPageMax));
  v1::ListCampaignsResponse response;
  std::size_t looked_at = 0;
  for (const auto& row : rows) {
    if (static_cast<std::size_t>(response.campaigns_size()) == page_size) break;
    ++looked_at;
    const bool wanted = request.state() == v1::CAMPAIGN_STATE_UNSPECIFIED ||
                        static_cast<int>(request.state()) == static_cast<int>(row.value.state);
    if (!wanted) continue;
    PUHUI_ASSIGN_OR_RETURN(const bool holds, subtree.Holds(row.value.union_number));
    if (!holds) continue;
    PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                           issuing::CampaignByNumber(*store, row.key));
    PUHUI_ASSIGN_OR_RETURN(*response.add_campaigns(),
                           CampaignOf(*store, found, parts_.ledger.engine->Now()));
    HideOccasion(call.principal(), found.row,
                 response.mutable_campaigns(response.campaigns_size() - 1));
  }
  if (looked_at < rows.size() || rows.size() == kRowsPerPageMax) {
    const auto number = static_cast<std::uint32_t>(rows[looked_at - 1].key);
    response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(number)));
  }
  return response;
}

}  // namespace puhui::services
