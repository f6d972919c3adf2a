// SPDX-License-Identifier: Apache-2.0
// Baskets: from API messages to what lots are asked for, and back.
#ifndef PUHUI_SERVICES_LEDGER_BASKET_H_
#define PUHUI_SERVICES_LEDGER_BASKET_H_

#include "ledger/base/points.h"
#include "ledger/core/basket.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/rows.h"
#include "puhui/journal/v1/record.pb.h"
#include "puhui/v1/basket.pb.h"

#include "absl/status/statusor.h"

#include <vector>

namespace puhui::services {

// Category and region are 0 where the line leaves them to the place. Refuses: kInvalidField, naming
// the line: one that asks for nothing or less; "lines" when there are more than kBasketLinesMax, or
// when they do not add up to `points`.
absl::StatusOr<std::vector<ledger::BasketLine>> ReadBasket(
    const google::protobuf::RepeatedPtrField<v1::BasketLine>& lines, Points points);
// Refuses: as ReadBasket; a line that is named twice.
absl::StatusOr<std::vector<merchant::LineRefund>> ReadRefundLines(
    const google::protobuf::RepeatedPtrField<v1::RefundLine>& lines, Points points);
absl::StatusOr<std::vector<merchant::LineCapture>> ReadCaptureLines(
    const google::protobuf::RepeatedPtrField<v1::CaptureLine>& lines, Points points);

// The line as it was asked for.
v1::BasketLine BasketLineOf(const ledger::BasketLine& line);
v1::PaidLine PaidLineOf(const merchant::PaidLine& line);
v1::PaidLine PaidLineOf(const journal::v1::BasketLine& line);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_LEDGER_BASKET_H_
