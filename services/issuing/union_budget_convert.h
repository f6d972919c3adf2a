// SPDX-License-Identifier: Apache-2.0
// The money of unions: from API messages to wishes, from records and rows to answers.
#ifndef PUHUI_SERVICES_ISSUING_UNION_BUDGET_CONVERT_H_
#define PUHUI_SERVICES_ISSUING_UNION_BUDGET_CONVERT_H_

#include "issuing/app/budget_commands.h"
#include "issuing/app/funding_rows.h"
#include "ledger/storage/store.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/union_service.pb.h"
#include "services/rpc/resource_name.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace puhui::services {

// The fields that AllocateBudget and ReturnBudget share. Refuses: kInvalidField, naming the field.
template <class Request>
absl::StatusOr<issuing::BudgetTransferWish> ReadTransfer(const Request& request);

// A funding as it was proposed. Names are looked up in `store`; they never change.
absl::StatusOr<v1::Funding> ProposedFunding(const ledger::Readable& store,
                                            const journal::v1::Record& proposed);
// A funding as the entry `confirmed` left it.
absl::StatusOr<v1::Funding> ConfirmedFunding(const ledger::Readable& store,
                                             const journal::v1::Record& confirmed);
// A funding as the record `rejected` left it.
absl::StatusOr<v1::Funding> RejectedFunding(const ledger::Readable& store,
                                            const journal::v1::Record& rejected);
// A funding as its row has it. Requires: the row is that of `name`.
v1::Funding FundingOf(const FundingName& name, const issuing::FundingRow& row);
// What the entry of an allocation or a return moved.
absl::StatusOr<v1::BudgetTransfer> TransferOf(const ledger::Readable& store,
                                              const journal::v1::Record& moved);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_UNION_BUDGET_CONVERT_H_
