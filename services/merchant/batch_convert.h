// SPDX-License-Identifier: Apache-2.0
// A till's batches: from API messages to totals and calls, and back.
#ifndef PUHUI_SERVICES_MERCHANT_BATCH_CONVERT_H_
#define PUHUI_SERVICES_MERCHANT_BATCH_CONVERT_H_

#include "merchant/app/batch_commands.h"
#include "merchant/app/batch_rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/batch.pb.h"

#include "absl/status/statusor.h"

#include <vector>

namespace puhui::services {

// Refuses: kInvalidField: a kind that is none or is named twice, a count or points below zero, more
// than kBatchCallsListedMax calls, a call outside of the trace numbers or listed twice.
absl::StatusOr<merchant::CloseBatchCommand::Wish> ReadCloseBatch(
    const v1::CloseBatchRequest& request);
// The part of the batch that the listed calls are all of.
absl::StatusOr<merchant::BatchRange> ReadRange(const v1::CloseBatchRequest& request,
                                               const merchant::BatchKey& batch);

void AddTotals(const merchant::BatchTotals& totals,
               google::protobuf::RepeatedPtrField<v1::KindTotal>* message);
merchant::BatchTotals TotalsOf(
    const google::protobuf::RepeatedPtrField<journal::v1::BatchTotal>& stored);

// What one of the two sides lacks, and what is not the same on both.
v1::BatchDifference CompareCalls(const std::vector<merchant::BatchCall>& ours,
                                 const v1::CloseBatchRequest& request);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_BATCH_CONVERT_H_
