// SPDX-License-Identifier: Apache-2.0
// UnionService: what became of the points of a whole subtree.
#include "issuing/app/participation.h"
#include "issuing/app/union_figures.h"
#include "issuing/app/union_queries.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/account_queries.h"
#include "services/issuing/report_convert.h"
#include "services/issuing/union_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include <memory>

namespace puhui::services {
namespace {

absl::StatusOr<v1::GetUnionReportResponse> Report(const IssuingParts& parts,
                                                  const CallContext& call,
                                                  const v1::GetUnionReportRequest& request) {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.name(), "name"));
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, *parts.tree));
  const std::unique_ptr<ledger::Readable> store = parts.ledger.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(*store, id.text()));
  if (!found.has_value()) return NotFound("union");
  v1::GetUnionReportResponse response;
  v1::UnionReport& report = *response.mutable_report();
  report.set_union_(request.name());
  report.set_display_name(found->row.display_name);
  PUHUI_ASSIGN_OR_RETURN(const ledger::CampaignFigures figures,
                         issuing::SubtreeFiguresOf(*store, found->number));
  PUHUI_ASSIGN_OR_RETURN(const issuing::Participants people,
                         issuing::ParticipantsOf(*store, found->number));
  *report.mutable_figures() = ToMessage(figures, people);
  PUHUI_ASSIGN_OR_RETURN(const Sequence as_of, ledger::AppliedSequence(*store));
  report.set_as_of_sequence(as_of);
  return response;
}

}  // namespace

void UnionService::ServeReports(Calls& calls) {
  calls.UnaryOnWorker(Rpc::kGetUnionReport, wire_.get(), &Wire::RequestGetUnionReport,
                      [this](const CallContext& call, const v1::GetUnionReportRequest& asked) {
                        return Report(parts_, call, asked);
                      });
}

}  // namespace puhui::services
