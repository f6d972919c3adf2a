// SPDX-License-Identifier: Apache-2.0
// CampaignService: what became of the points of a campaign, and what soon becomes of the rest.
#include "issuing/app/expiring_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "services/issuing/campaign_scope.h"
#include "services/issuing/campaign_wire.h"
#include "services/issuing/report_convert.h"
#include "services/ledger/names.h"
#include "services/ledger/occasion.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"

#include <memory>
#include <string>

namespace puhui::services {
namespace {

constexpr std::int32_t kWithinDaysDefault = 30;
constexpr std::int32_t kWithinDaysMax = 366;

absl::StatusOr<v1::GetCampaignReportResponse> Report(const IssuingParts& parts,
                                                     const CallContext& call,
                                                     const v1::GetCampaignReportRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  const std::unique_ptr<ledger::Readable> store = parts.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), id, *store, *parts.tree));
  v1::GetCampaignReportResponse response;
  v1::CampaignReport& report = *response.mutable_report();
  report.set_campaign(request.name());
  PUHUI_ASSIGN_OR_RETURN(*report.mutable_union_(),
                         Names(store.get()).OfUnion(found.row.union_number));
  const bool hidden = HidesOccasion(call.principal(), found.row);
  report.set_display_name(hidden ? std::string(kNeutralOccasion) : found.row.display_name);
  PUHUI_ASSIGN_OR_RETURN(const ledger::CampaignFigures figures,
                         ledger::FiguresOf(*store, found.number));
  // A member stands in a plan once: grants of one campaign are people.
  *report.mutable_figures() =
      ToMessage(figures, {.received = figures.grants, .spent = figures.grants_spent});
  PUHUI_ASSIGN_OR_RETURN(const Sequence as_of, ledger::AppliedSequence(*store));
  report.set_as_of_sequence(as_of);
  return response;
}

absl::StatusOr<v1::ListExpiringResponse> ListExpiring(const IssuingParts& parts,
                                                      const CallContext& call,
                                                      const v1::ListExpiringRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const CampaignId id, ParseCampaignName(request.name(), "name"));
  const std::int32_t days = request.within_days() == 0 ? kWithinDaysDefault : request.within_days();
  if (days < 1 || days > kWithinDaysMax) {
    return InvalidField("within_days", absl::StrCat("want 1 to ", kWithinDaysMax));
  }
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts.tokens->Open(filter, request.page_token()));
  issuing::ExpiringWish wish{.limit = page_size, .now = parts.ledger.engine->Now()};
  wish.until = wish.now + absl::Hours(24 * days);
  PUHUI_ASSIGN_OR_RETURN(wish.first_row, NumberIn<decltype(wish.first_row)>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const issuing::FoundCampaign found,
                         FindCampaignFor(call.principal(), id, *store, *parts.tree));
  PUHUI_ASSIGN_OR_RETURN(const issuing::ExpiringPage page,
                         issuing::ListExpiring(*store, found, wish));
  v1::ListExpiringResponse response;
  for (const issuing::ExpiringRow& row : page.rows) {
    v1::ExpiringPoints& message = *response.add_rows();
    message.set_row(row.row);
    message.set_member(FormatMemberName(row.member));
    message.set_points(row.points);
    *message.mutable_expire_time() = ToTimestamp(row.expiry);
  }
  if (page.next_row.has_value()) {
    response.set_next_page_token(parts.tokens->Seal(filter, absl::StrCat(*page.next_row)));
  }
  return response;
}

}  // namespace

void CampaignService::ServeReports(Calls& calls) {
  calls.Unary(Rpc::kGetCampaignReport, wire_.get(), &Wire::RequestGetCampaignReport,
              [this](const CallContext& call, const v1::GetCampaignReportRequest& asked) {
                return Report(parts_, call, asked);
              });
  calls.UnaryOnWorker(Rpc::kListExpiring, wire_.get(), &Wire::RequestListExpiring,
                      [this](const CallContext& call, const v1::ListExpiringRequest& asked) {
                        return ListExpiring(parts_, call, asked);
                      });
}

}  // namespace puhui::services
