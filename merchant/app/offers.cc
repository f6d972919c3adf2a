// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/offers.h"

#include "ledger/base/limits.h"
#include "ledger/crypto/etag.h"
#include "merchant/core/voucher.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

#include <algorithm>
#include <utility>

namespace puhui::merchant {

using ledger::Reason;
using ledger::Refusal;

std::string EtagOf(OfferNumber number, std::uint32_t version) {
  return ledger::EtagOf("offer", static_cast<std::uint32_t>(number), version);
}

std::int64_t AvailableOf(const OfferContent& offer, const OfferStockRow* stock,
                         const OfferCodeCounts* codes) {
  const std::int64_t available = stock == nullptr ? 0 : stock->available;
  if (!offer.external_codes) return available;
  return std::min(available, std::int64_t{codes == nullptr ? 0 : codes->left()});
}

absl::optional<Refusal> RefuseOfferState(const OfferRow& offer) {
  if (offer.state == OfferState::kPublished) return absl::nullopt;
  return Refusal{.reason = Reason::kOfferNotPublished,
                 .field = "offer",
                 .message = "the offer is a draft, or was withdrawn"};
}

absl::optional<Refusal> RefuseOfferVersion(const OfferRow& offer, std::uint32_t version) {
  if (offer.version == version) return absl::nullopt;
  return Refusal{.reason = Reason::kOfferChanged,
                 .field = "offer_version",
                 .message = absl::StrCat("the offer is in version ", offer.version, ", want that"),
                 .metadata = {{"version", absl::StrCat(offer.version)}}};
}

absl::optional<Refusal> RefuseOfferTime(const OfferRow& offer, absl::Time now) {
  const DayWindow& window = offer.content.window;
  if (window.OpenAt(now)) {
    if (!IsJourneyOver(offer.content, now)) return absl::nullopt;
    const std::string day = absl::FormatCivilTime(offer.content.journey.day);
    return Refusal{.reason = Reason::kOfferNotOpen,
                   .field = "offer",
                   .message = "the day of the journey is over",
                   .metadata = {{"last_day", day}}};
  }
  Refusal refusal{.reason = Reason::kOfferNotOpen,
                  .field = "offer",
                  .message = now < window.start ? "the offer's first day has not begun"
                                                : "the offer's last day is over"};
  if (window.first_day.has_value()) {
    refusal.metadata.emplace_back("first_day", absl::FormatCivilTime(*window.first_day));
  }
  refusal.metadata.emplace_back("last_day", absl::FormatCivilTime(window.last_day));
  return refusal;
}

absl::optional<Refusal> RefuseAudience(const Audience& audience, MemberId member,
                                       MemberProfiles& profiles) {
  const absl::optional<MemberProfile> profile = profiles.Read(member, audience);
  if (profile.has_value() && Admits(audience, *profile)) return absl::nullopt;
  return Refusal{.reason = Reason::kOfferNotForMember,
                 .field = "offer",
                 .message = "the offer is for other members"};
}

absl::optional<Refusal> RefuseUses(Tables& tables, OfferNumber number, const OfferRow& offer,
                                   MemberId member, std::uint32_t more) {
  const std::uint32_t asked = offer.content.per_member_limit;
  const std::uint32_t limit = asked == 0 ? kOfferUsesMax : asked;
  const std::uint32_t* used = tables.offer_uses.Find({number, member});
  const std::uint64_t sum = std::uint64_t{used == nullptr ? 0 : *used} + more;
  if (sum <= limit) return absl::nullopt;
  return Refusal{.reason = Reason::kOfferLimitReached,
                 .field = "offer",
                 .message = "the member has used the offer as often as one may",
                 .metadata = {{"limit", absl::StrCat(limit)}}};
}

absl::Status CountUses(Tables& tables, const OfferUseKey& key, std::int64_t change) {
  std::uint32_t& used = tables.offer_uses.Edit(key);
  const std::int64_t sum = std::int64_t{used} + change;
  if (sum < 0 || sum > std::int64_t{kOfferUsesMax}) {
    return absl::DataLossError(absl::StrCat("an offer is used ", sum, " times by one member"));
  }
  used = static_cast<std::uint32_t>(sum);
  if (sum == 0) tables.offer_uses.Erase(key);
  return absl::OkStatus();
}

}  // namespace puhui::merchant
