// SPDX-License-Identifier: Apache-2.0
// The limits of the marketplace; limits.h has the others and brings these along.
#ifndef PUHUI_LEDGER_BASE_MARKET_LIMITS_H_
#define PUHUI_LEDGER_BASE_MARKET_LIMITS_H_

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>

namespace puhui {

// Offers and notices.
inline constexpr std::size_t kOfferTextBytesMax = 4'000;
inline constexpr std::size_t kOfferComponentsMax = 32;
inline constexpr std::uint32_t kOfferComponentQuantityMax = 10'000;
inline constexpr std::size_t kOfferPicturesMax = 8;
inline constexpr std::int64_t kOfferStockMax = 1'000'000'000;
inline constexpr std::uint32_t kOfferUsesMax = 1'000'000'000;  // By one member.
inline constexpr std::uint32_t kVoucherDaysMax = 731;
inline constexpr std::size_t kAudienceUnionsMax = 64;
inline constexpr std::size_t kAudienceTextsMax = 64;  // In each of its lists.
// Of an audience; each is looked up for every member that is asked about.
inline constexpr std::size_t kAudienceCampaignsMax = 16;
// Notices looked at to fill a page, newest first: whoever asks for more goes on from there.
inline constexpr std::size_t kNoticesPerPageMax = 1'000;

// Outside malls: their own numbers of orders and refunds, how many a member links, and how often
// one may ask within a minute what one of its members has.
inline constexpr std::size_t kMallNumberBytesMax = 64;
inline constexpr std::size_t kMallsPerMemberMax = 32;
inline constexpr std::uint32_t kMallInquiriesMax = 10;
inline constexpr absl::Duration kMallInquiriesWithin = absl::Minutes(1);
inline constexpr std::size_t kMallInquirersMax = 100'000;  // Members asked about within that.
// Views of offers are counted in memory, by offer and union, and written down now and then.
inline constexpr absl::Duration kOfferViewsEvery = absl::Minutes(1);
inline constexpr std::size_t kOfferViewsCountedMax = 10'000;  // Until then.
inline constexpr std::size_t kOfferViewsPerRecordMax = 1'024;
// Of one report: fractions of a second of a worker.
inline constexpr std::size_t kUnionsPerOfferReportMax = 65'536;
inline constexpr std::size_t kOffersRankedMax = 131'072;

// Search for offers.
inline constexpr std::size_t kSearchTextCharactersMax = 128;
inline constexpr std::size_t kSearchTermsMax = 64;  // Of one text; what comes after is left out.
inline constexpr std::size_t kSearchResultsMax = 1'000;  // Shown of one search, page by page.
inline constexpr std::size_t kSearchCategoriesMax = 64;
inline constexpr std::size_t kFacetValuesMax = 32;  // Counted of each kind, beside the results.
inline constexpr std::size_t kIndexBatchOffers = 1'000;  // Of which the index is told at a time.
inline constexpr std::size_t kSynonymGroupsMax = 1'024;
inline constexpr std::size_t kSynonymsPerGroupMax = 16;
inline constexpr std::size_t kSynonymCharactersMax = 32;
// Of one merchant, so that the nearest is soon found.
inline constexpr std::size_t kStoreLocationsMax = 1'024;
// Pictures of offers. What no offer names is kept for a while, because its offer may be on its way.
inline constexpr std::size_t kPictureBytesMax = std::size_t{2} << 20;
inline constexpr std::uint32_t kPictureSideMax = 4'096;  // Dots.
inline constexpr std::uint32_t kPicturesPerMerchantMax = 100'000;
inline constexpr absl::Duration kUnusedPicturesKept = absl::Hours(24 * 7);

// Orders: how many of an offer one may be for, and how long a merchant has to accept it.
inline constexpr std::uint32_t kOrderQuantityMax = 1'000;
inline constexpr absl::Duration kOrderLifetime = absl::Hours(48);
inline constexpr std::size_t kOrderAddressesMax = 64;  // Of one member's orders, waiting.
inline constexpr std::size_t kAddressBytesMax = 512;
inline constexpr std::size_t kPhoneCharactersMax = 32;
inline constexpr std::size_t kTenderCharactersMax = 40;
// Digits that are no voucher's of the merchant: as of payment codes, counted apart from them.
inline constexpr std::size_t kWrongVouchersMax = 10;
inline constexpr absl::Duration kWrongVouchersWithin = absl::Minutes(1);
inline constexpr absl::Duration kWrongVouchersBlock = absl::Minutes(5);
inline constexpr std::uint32_t kWrongVouchersPerDayMax = 20;
// Codes that a merchant brings: of one offer, by one command, in one message.
inline constexpr std::uint32_t kVoucherCodesMax = 100'000;
inline constexpr std::size_t kVoucherCodesChunk = 1'000;
inline constexpr std::size_t kVoucherCodesPerMessageMax = 5'000;
inline constexpr std::size_t kVoucherCodeBytesMax = 64;

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_MARKET_LIMITS_H_
