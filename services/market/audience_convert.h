// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_MARKET_AUDIENCE_CONVERT_H_
#define PUHUI_SERVICES_MARKET_AUDIENCE_CONVERT_H_

#include "ledger/base/id.h"
#include "ledger/storage/store.h"
#include "merchant/core/audience.h"
#include "merchant/core/offer.h"
#include "puhui/v1/offer.pb.h"
#include "services/ledger/names.h"
#include "services/rpc/timestamp.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"

#include <vector>

namespace puhui::services {

// An audience whose shape is right, with what it names still to be looked up.
struct AudienceDraft {
  merchant::Audience audience{};
  std::vector<UnionId> unions{};
  std::vector<CampaignId> campaigns{};
};
// Refuses: kInvalidField, at `field` and what is in it.
absl::StatusOr<AudienceDraft> ReadAudience(const v1::Audience& message, absl::string_view field);
// Refuses: kNotFound, at `field` and what does not exist.
absl::StatusOr<merchant::Audience> ResolveAudience(const AudienceDraft& draft,
                                                   absl::string_view field,
                                                   const ledger::Readable& store);
absl::StatusOr<v1::Audience> AudienceOf(const merchant::Audience& audience, Names& names);

// A day, or none for an empty text. Refuses: kInvalidField.
absl::StatusOr<absl::optional<absl::CivilDay>> ReadOptionalDay(absl::string_view text,
                                                               absl::string_view field);

// Sets the days of a message about an offer or a notice, and the moments that they are.
template <class Message>
void SetWindow(const merchant::DayWindow& window, Message* message) {
  if (window.first_day.has_value()) {
    message->set_first_day(absl::FormatCivilTime(*window.first_day));
    *message->mutable_start_time() = ToTimestamp(window.start);
  }
  message->set_last_day(absl::FormatCivilTime(window.last_day));
  message->set_time_zone(window.time_zone);
  *message->mutable_end_time() = ToTimestamp(window.end);
}

// A text of several lines, at most kOfferTextBytesMax bytes. Refuses: kInvalidField.
absl::Status CheckLongText(absl::string_view text, absl::string_view field);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_AUDIENCE_CONVERT_H_
