// SPDX-License-Identifier: Apache-2.0
// What offers and notices say, to records and back.
#ifndef PUHUI_MERCHANT_APP_OFFER_RECORDS_H_
#define PUHUI_MERCHANT_APP_OFFER_RECORDS_H_

#include "merchant/core/audience.h"
#include "merchant/core/offer.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/statusor.h"

namespace puhui::merchant {

journal::v1::OfferContent RecordOf(const OfferContent& content);
journal::v1::Audience RecordOf(const Audience& audience);
journal::v1::DayWindow RecordOf(const DayWindow& window);

// Fail: kDataLoss when no decider writes such.
absl::StatusOr<OfferContent> ContentOf(const journal::v1::OfferContent& stored);
Audience AudienceOf(const journal::v1::Audience& stored);
DayWindow WindowOf(const journal::v1::DayWindow& stored);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_OFFER_RECORDS_H_
