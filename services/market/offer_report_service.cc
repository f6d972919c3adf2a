// SPDX-License-Identifier: Apache-2.0
#include "services/market/offer_report_service.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/storage/typed_reads.h"
#include "merchant/app/offer_report.h"
#include "merchant/app/offer_rows.h"
#include "merchant/app/queries.h"
#include "puhui/v1/offer_report_service.grpc.pb.h"
#include "services/ledger/names.h"
#include "services/market/offer_reach.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/str_cat.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services {

struct OfferReportService::Wire final : v1::OfferReportService::AsyncService {};

OfferReportService::OfferReportService(const Parts& parts)
    : parts_(parts), wire_(std::make_unique<Wire>()) {}

OfferReportService::~OfferReportService() = default;

namespace {

using merchant::OfferFigureKey;
using merchant::OfferFigureKind;
using merchant::OfferFigures;
using merchant::OfferNumber;

// Refuses: kNotFound, in the same words whether it is not there or not for the caller.
absl::StatusOr<UnionNumber> SeeUnion(const CallContext& call, const UnionId& id,
                                     const ledger::Readable& store, const UnionTree& tree) {
  PUHUI_RETURN_IF_ERROR(AllowUnion(call.principal(), id, tree));
  PUHUI_ASSIGN_OR_RETURN(const auto found, issuing::FindUnion(store, id.text()));
  if (!found.has_value()) return NotFound("union");
  return found->number;
}

// Of one merchant alone, when the request names one. Refuses: kInvalidField, kNotFound.
absl::StatusOr<absl::optional<MerchantNumber>> ReadMerchant(const ledger::Readable& store,
                                                            const std::string& name) {
  if (name.empty()) return absl::optional<MerchantNumber>();
  PUHUI_ASSIGN_OR_RETURN(const MerchantId id, ParseMerchantName(name, "merchant"));
  PUHUI_ASSIGN_OR_RETURN(const auto found, merchant::FindMerchant(store, id.text()));
  if (!found.has_value()) return NotFound("merchant");
  return absl::make_optional(found->number);
}

v1::OfferFigures ToProto(const OfferFigures& figures) {
  v1::OfferFigures message;
  message.set_views(figures.views);
  message.set_orders(figures.orders);
  message.set_cancelled_orders(figures.cancelled);
  message.set_ordered_points(figures.ordered_points);
  message.set_returned_points(figures.returned_points);
  message.set_redemptions(figures.redemptions);
  message.set_uses(figures.uses);
  message.set_used_points(figures.used_points);
  message.set_participants(figures.participants);
  return message;
}

// Which figure. Refuses: kInvalidField.
absl::StatusOr<std::int64_t OfferFigures::*> MeasureOf(v1::OfferMeasure measure) {
  switch (measure) {
    case v1::OFFER_MEASURE_VIEWS:
      return &OfferFigures::views;
    case v1::OFFER_MEASURE_ORDERS:
      return &OfferFigures::orders;
    case v1::OFFER_MEASURE_ORDERED_POINTS:
      return &OfferFigures::ordered_points;
    case v1::OFFER_MEASURE_REDEMPTIONS:
      return &OfferFigures::redemptions;
    case v1::OFFER_MEASURE_USES:
      return &OfferFigures::uses;
    case v1::OFFER_MEASURE_PARTICIPANTS:
      return &OfferFigures::participants;
    case v1::OFFER_MEASURE_UNSPECIFIED:
    case v1::OfferMeasure_INT_MIN_SENTINEL_DO_NOT_USE_:
    case v1::OfferMeasure_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  return InvalidField("measure", "want a figure that there is");
}

absl::StatusOr<merchant::OfferRow> OfferByNumber(const ledger::Readable& store,
                                                 OfferNumber number) {
  PUHUI_ASSIGN_OR_RETURN(auto row, ledger::Find(store, merchant::kOfferTable, number));
  if (!row.has_value()) return absl::DataLossError("an offer without its row");
  return *std::move(row);
}

absl::Status Describe(OfferNumber number, const merchant::OfferRow& row,
                      const OfferFigures& figures, Names& names, v1::ReportedOffer* offer) {
  offer->set_offer(FormatOfferName(static_cast<std::uint32_t>(number)));
  offer->set_title(row.content.title);
  PUHUI_ASSIGN_OR_RETURN(*offer->mutable_merchant(), names.OfMerchant(row.merchant));
  *offer->mutable_figures() = ToProto(figures);
  return absl::OkStatus();
}

// What is reported of. Everything but one offer is for everybody, and no secret.
struct Subject {
  OfferFigureKind kind = OfferFigureKind::kAll;
  std::uint32_t number = 0;
  merchant::Audience audience{};
  bool was_published = true;
};
absl::StatusOr<Subject> ReadSubject(const v1::GetOfferReportRequest& request,
                                    const ledger::Readable& store) {
  switch (request.of_case()) {
    case v1::GetOfferReportRequest::kOffer: {
      PUHUI_ASSIGN_OR_RETURN(const std::uint32_t number, ParseOfferName(request.offer(), "offer"));
      PUHUI_ASSIGN_OR_RETURN(auto row,
                             ledger::Find(store, merchant::kOfferTable, OfferNumber{number}));
      if (!row.has_value()) return NotFound("offer");
      return Subject{OfferFigureKind::kOffer, number, std::move(row->content.audience),
                     row->was_published};
    }
    case v1::GetOfferReportRequest::kMerchant: {
      PUHUI_ASSIGN_OR_RETURN(const auto merchant, ReadMerchant(store, request.merchant()));
      if (!merchant.has_value()) return InvalidField("merchant", "want merchants/{merchant}");
      return Subject{OfferFigureKind::kMerchant, static_cast<std::uint32_t>(*merchant)};
    }
    case v1::GetOfferReportRequest::OF_NOT_SET:
      break;
  }
  return Subject();
}

// Whether the union is told of it: members of it could see it at some time, or did something with
// it. Drafts are their merchant's own affair.
absl::StatusOr<bool> IsToldOf(const Subject& subject, const OfferFigures& figures,
                              OfferReach& reach) {
  if (figures != OfferFigures()) return true;
  if (!subject.was_published) return false;
  return reach.Touches(subject.audience);
}

// Whether members of the union could take an offer and nobody has. Its figures are set then.
absl::StatusOr<bool> IsUnused(const ledger::Readable& store, const OfferFigureKey& key,
                              const merchant::OfferRow& row, OfferReach& reach,
                              OfferFigures* figures) {
  if (row.state != merchant::OfferState::kPublished) return false;
  PUHUI_ASSIGN_OR_RETURN(*figures, merchant::OfferFiguresOf(store, key));
  if (figures->orders != 0 || figures->uses != 0) return false;
  return reach.Touches(row.content.audience);
}

}  // namespace

void OfferReportService::Serve(Calls& calls) {
  calls.Add(wire_.get());
  calls.UnaryOnWorker(Rpc::kGetOfferReport, wire_.get(), &Wire::RequestGetOfferReport,
                      [this](const CallContext& call, const v1::GetOfferReportRequest& asked) {
                        return DoGetOfferReport(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListTopOffers, wire_.get(), &Wire::RequestListTopOffers,
                      [this](const CallContext& call, const v1::ListTopOffersRequest& asked) {
                        return DoListTopOffers(call, asked);
                      });
  calls.UnaryOnWorker(Rpc::kListUnusedOffers, wire_.get(), &Wire::RequestListUnusedOffers,
                      [this](const CallContext& call, const v1::ListUnusedOffersRequest& asked) {
                        return DoListUnusedOffers(call, asked);
                      });
}

absl::StatusOr<v1::GetOfferReportResponse> OfferReportService::DoGetOfferReport(
    const CallContext& call, const v1::GetOfferReportRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const UnionNumber of, SeeUnion(call, id, *store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const Subject subject, ReadSubject(request, *store));
  PUHUI_ASSIGN_OR_RETURN(const OfferFigures figures,
                         merchant::OfferFiguresOf(*store, {of, subject.kind, subject.number}));
  OfferReach reach(store.get(), of);
  PUHUI_ASSIGN_OR_RETURN(const bool is_told, IsToldOf(subject, figures, reach));
  if (!is_told) return NotFound("offer");
  PUHUI_ASSIGN_OR_RETURN(const auto eligible, reach.MembersIn(subject.audience));
  v1::GetOfferReportResponse response;
  *response.mutable_figures() = ToProto(figures);
  if (eligible.has_value()) {
    response.mutable_figures()->set_eligible_members(*eligible);
    response.mutable_figures()->set_eligible_members_at_most(AsksForMore(subject.audience));
  }
  return response;
}

absl::StatusOr<v1::ListTopOffersResponse> OfferReportService::DoListTopOffers(
    const CallContext& call, const v1::ListTopOffersRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
  merchant::OfferRanking ranking;
  PUHUI_ASSIGN_OR_RETURN(ranking.measure, MeasureOf(request.measure()));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(ranking.of, SeeUnion(call, id, *store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(ranking.merchant, ReadMerchant(*store, request.merchant()));
  PUHUI_ASSIGN_OR_RETURN(const std::vector<merchant::RankedOffer> best,
                         merchant::RankOffers(*store, ranking, page_size));
  Names names(store.get());
  v1::ListTopOffersResponse response;
  for (const merchant::RankedOffer& ranked : best) {
    PUHUI_ASSIGN_OR_RETURN(const merchant::OfferRow row, OfferByNumber(*store, ranked.offer));
    PUHUI_RETURN_IF_ERROR(
        Describe(ranked.offer, row, ranked.figures, names, response.add_offers()));
  }
  return response;
}

// Offers have numbers from 1 without gaps, so one that is not there ends the list.
absl::StatusOr<v1::ListUnusedOffersResponse> OfferReportService::DoListUnusedOffers(
    const CallContext& call, const v1::ListUnusedOffersRequest& request) const {
  PUHUI_ASSIGN_OR_RETURN(const UnionId id, ParseUnionName(request.union_(), "union"));
  PUHUI_ASSIGN_OR_RETURN(const std::size_t page_size, PageSize(request.page_size()));
  const std::string filter = PageFilter(call.rpc(), request);
  PUHUI_ASSIGN_OR_RETURN(const std::string cursor,
                         parts_.tokens->Open(filter, request.page_token()));
  PUHUI_ASSIGN_OR_RETURN(auto last, NumberIn<std::uint32_t>(cursor));
  const std::unique_ptr<ledger::Readable> store = parts_.engine->Read();
  PUHUI_ASSIGN_OR_RETURN(const UnionNumber of, SeeUnion(call, id, *store, *parts_.tree));
  PUHUI_ASSIGN_OR_RETURN(const auto merchant, ReadMerchant(*store, request.merchant()));
  OfferReach reach(store.get(), of);
  Names names(store.get());
  v1::ListUnusedOffersResponse response;
  for (std::size_t looked_at = 0;; ++looked_at) {
    const bool is_full = static_cast<std::size_t>(response.offers_size()) == page_size;
    if (is_full || looked_at == kRowsPerPageMax) break;
    const OfferNumber number{last + 1};
    PUHUI_ASSIGN_OR_RETURN(const auto row, ledger::Find(*store, merchant::kOfferTable, number));
    if (!row.has_value()) return response;
    ++last;
    if (merchant.has_value() && row->merchant != *merchant) continue;
    OfferFigures figures;
    PUHUI_ASSIGN_OR_RETURN(const bool unused, IsUnused(*store, {of, OfferFigureKind::kOffer, last},
                                                       *row, reach, &figures));
    if (!unused) continue;
    PUHUI_RETURN_IF_ERROR(Describe(number, *row, figures, names, response.add_offers()));
  }
  response.set_next_page_token(parts_.tokens->Seal(filter, absl::StrCat(last)));
  return response;
}

}  // namespace puhui::services
