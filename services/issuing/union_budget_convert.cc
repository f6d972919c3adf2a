// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/union_budget_convert.h"

#include "issuing/app/union_queries.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_time.h"
#include "services/ledger/names.h"
#include "services/rpc/timestamp.h"

#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

#include <string>
#include <utility>

namespace puhui::services {
namespace {

using ledger::TimeOf;

std::string FundingNameOf(absl::string_view union_name, Sequence proposal) {
  return absl::StrCat(union_name, "/fundings/", proposal);
}

// What a funding is from its proposal on, so that a replay still gives the same.
v1::Funding UnchangingFunding(absl::string_view union_name, Sequence proposal,
                              const issuing::FundingRow& row) {
  v1::Funding message;
  message.set_name(FundingNameOf(union_name, proposal));
  message.set_points(row.points);
  message.set_bank_reference(row.bank_reference);
  message.set_proposer(row.person);
  *message.mutable_create_time() = ToTimestamp(row.create_time);
  return message;
}

// The same of the funding that a record decided.
absl::StatusOr<v1::Funding> DecidedFunding(const ledger::Readable& store, UnionNumber of,
                                           Sequence proposal) {
  PUHUI_ASSIGN_OR_RETURN(const std::string union_name, Names(&store).OfUnion(of));
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<issuing::FundingRow> row,
                         issuing::FindFunding(store, proposal));
  if (!row.has_value()) return absl::DataLossError("a funding that was decided is missing");
  return UnchangingFunding(union_name, proposal, *row);
}

}  // namespace

template <class Request>
absl::StatusOr<issuing::BudgetTransferWish> ReadTransfer(const Request& request) {
  issuing::BudgetTransferWish wish;
  PUHUI_ASSIGN_OR_RETURN(wish.union_id, ParseUnionName(request.union_(), "union"));
  PUHUI_ASSIGN_OR_RETURN(wish.points, Points::FromRequest(request.points(), "points"));
  if (!request.origin().empty()) {
    PUHUI_ASSIGN_OR_RETURN(wish.origin, ParseUnionName(request.origin(), "origin"));
  }
  return wish;
}
template absl::StatusOr<issuing::BudgetTransferWish> ReadTransfer(
    const v1::AllocateBudgetRequest& request);
template absl::StatusOr<issuing::BudgetTransferWish> ReadTransfer(
    const v1::ReturnBudgetRequest& request);

absl::StatusOr<v1::Funding> ProposedFunding(const ledger::Readable& store,
                                            const journal::v1::Record& proposed) {
  const journal::v1::FundingProposed& stored = proposed.funding_proposed();
  PUHUI_ASSIGN_OR_RETURN(const std::string union_name,
                         Names(&store).OfUnion(UnionNumber{stored.union_number()}));
  v1::Funding message;
  message.set_name(FundingNameOf(union_name, proposed.sequence()));
  message.set_points(stored.points());
  message.set_bank_reference(stored.bank_reference());
  message.set_state(v1::FUNDING_STATE_PROPOSED);
  message.set_proposer(stored.person());
  *message.mutable_create_time() = ToTimestamp(TimeOf(proposed));
  return message;
}

absl::StatusOr<v1::Funding> ConfirmedFunding(const ledger::Readable& store,
                                             const journal::v1::Record& confirmed) {
  const journal::v1::FundingConfirmed& stored = confirmed.entry().funding();
  PUHUI_ASSIGN_OR_RETURN(
      v1::Funding message,
      DecidedFunding(store, UnionNumber{stored.union_number()}, stored.proposal()));
  message.set_confirmed(true);
  message.set_state(v1::FUNDING_STATE_CONFIRMED);
  message.set_decider(stored.person());
  *message.mutable_confirm_time() = ToTimestamp(TimeOf(confirmed));
  return message;
}

absl::StatusOr<v1::Funding> RejectedFunding(const ledger::Readable& store,
                                            const journal::v1::Record& rejected) {
  const journal::v1::FundingRejected& stored = rejected.funding_rejected();
  PUHUI_ASSIGN_OR_RETURN(
      v1::Funding message,
      DecidedFunding(store, UnionNumber{stored.union_number()}, stored.proposal()));
  message.set_state(v1::FUNDING_STATE_REJECTED);
  message.set_decider(stored.person());
  message.set_reason(stored.reason());
  *message.mutable_reject_time() = ToTimestamp(TimeOf(rejected));
  return message;
}

v1::Funding FundingOf(const FundingName& name, const issuing::FundingRow& row) {
  v1::Funding message = UnchangingFunding(FormatUnionName(name.union_id), name.funding, row);
  message.set_confirmed(row.confirm_time.has_value());
  message.set_state(static_cast<v1::FundingState>(row.state()));
  message.set_decider(row.decider);
  message.set_reason(row.reason);
  if (row.confirm_time.has_value()) {
    *message.mutable_confirm_time() = ToTimestamp(*row.confirm_time);
  }
  if (row.reject_time.has_value()) *message.mutable_reject_time() = ToTimestamp(*row.reject_time);
  return message;
}

absl::StatusOr<v1::BudgetTransfer> TransferOf(const ledger::Readable& store,
                                              const journal::v1::Record& moved) {
  const journal::v1::Entry& entry = moved.entry();
  const journal::v1::BudgetMoved& stored =
      entry.has_allocation() ? entry.allocation() : entry.budget_return();
  Names names(&store);
  v1::BudgetTransfer message;
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_from(), names.OfUnion(UnionNumber{stored.from_union()}));
  PUHUI_ASSIGN_OR_RETURN(*message.mutable_to(), names.OfUnion(UnionNumber{stored.to_union()}));
  message.set_points(stored.points());
  for (const journal::v1::Posting& posting : entry.postings()) {
    if (posting.owner() != stored.to_union()) continue;
    v1::Budget& line = *message.add_lines();
    PUHUI_ASSIGN_OR_RETURN(*line.mutable_origin(), names.OfUnion(UnionNumber{posting.origin()}));
    line.set_points(posting.points());
  }
  *message.mutable_transfer_time() = ToTimestamp(TimeOf(moved));
  return message;
}

}  // namespace puhui::services
