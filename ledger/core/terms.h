// SPDX-License-Identifier: Apache-2.0
// When and where points may be spent. Whoever asks "may this lot pay for this now, and why not"
// asks Judge, so that till, preview and explanation cannot differ.
#ifndef PUHUI_LEDGER_CORE_TERMS_H_
#define PUHUI_LEDGER_CORE_TERMS_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/refusal.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::ledger {

struct Lot;

// Holidays are the listed days and no others: a weekend is a matter of the weekdays. Stored;
// numbers are those of the journal.
enum class HolidayRule : std::uint8_t { kEveryDay = 0, kHolidaysOnly = 1, kWorkdaysOnly = 2 };

// One bit for each weekday, Monday the lowest. Stored.
using Weekdays = std::uint8_t;
inline constexpr Weekdays kEveryWeekday = 0x7F;
constexpr Weekdays BitOf(absl::Weekday weekday) {
  return static_cast<Weekdays>(1U << static_cast<unsigned>(weekday));
}

// Of every grant, at least `share` may be spent here only, on top of what else the terms ask.
struct Earmark {
  BasisPoints share{};  // 0: there is no earmark.
  std::vector<std::uint32_t> categories{};
  std::vector<std::uint32_t> regions{};
};

// When and where the lots of one campaign may be spent: every condition has to hold. Lists are
// sorted, each value once (SortLists); an empty list asks nothing. Stored once per campaign.
struct Terms {
  UnionNumber origin{};                     // Whose money it is.
  absl::Time expiry{};                      // The first moment at which it can no longer be spent.
  std::vector<std::uint32_t> categories{};  // Merchant categories that may be paid.
  bool expire_to_union = false;  // Unspent points go to the expired account, not to the budget.
  absl::Time start{};            // The first moment at which it can be spent.
  // The civil days that the moments are made of, once (ResolveDays), both of them spendable. They
  // say what was meant; the moments count, also when the zone changes its rules later. Not set, and
  // without a zone: the moments were given as such.
  absl::optional<absl::CivilDay> first_day{};
  absl::optional<absl::CivilDay> last_day{};
  std::string time_zone{};
  // Regions of merchants that may be paid: codes of GB/T 2260. A province or a city stands for all
  // in it.
  std::vector<std::uint32_t> regions{};
  std::vector<MerchantNumber> allowed_merchants{};  // None but these.
  std::vector<MerchantNumber> denied_merchants{};
  Weekdays weekdays = kEveryWeekday;  // As all days below: of the day at the merchant.
  std::vector<absl::CivilDay> holidays{};
  HolidayRule holiday_rule = HolidayRule::kEveryDay;
  Points day_cap{};  // What one member may spend under these terms on one day; 0: any.
  Earmark earmark{};

  // The heap bytes behind it, for the cache's bound.
  std::size_t HeapBytes() const;

  // The earmark's fields stand one by one, so that more can follow them.
  template <class F>
  void Fields(F& f) {
    f(origin, expiry, categories, expire_to_union, start, first_day, last_day, time_zone, regions,
      allowed_merchants, denied_merchants, weekdays, holidays, holiday_rule, day_cap, earmark.share,
      earmark.categories, earmark.regions);
  }
};

void SortLists(Terms* terms);

// Sets the days, the zone's name and the moments that they are: from the first moment of
// `first_day` (without one: from ever) until the last of `last_day`, whatever the clocks do at
// midnight.
struct CivilDays {
  absl::optional<absl::CivilDay> first_day{};
  absl::CivilDay last_day{};
};
void ResolveDays(const CivilDays& days, absl::TimeZone zone, Terms* terms);

// Every contradiction, as kInvalidField naming a field of Terms: the window first, then the others
// in their order there, and last days and place together. None: something can be bought, as far as
// the terms alone can say. Requires: the lists are sorted (checked).
std::vector<Refusal> CheckTerms(const Terms& terms);

// Whether they let pay on a day at the merchant, its weekday and holidays considered.
bool AllowsWeekday(const Terms& terms, absl::CivilDay day);
bool AllowsHoliday(const Terms& terms, absl::CivilDay day);
// Province, city or district by GB/T 2260: six digits, and none of a city that is not there.
bool IsRegion(std::uint32_t code);
// Whether one of the regions takes this one in. Requires: `regions` are sorted.
bool TakesIn(const std::vector<std::uint32_t>& regions, std::uint32_t region);

// What a lot is asked to pay for.
struct Line {
  absl::Time now{};
  absl::CivilDay day{};  // At the merchant.
  MerchantNumber merchant{};
  std::uint32_t category = 0;  // Of the merchant.
  std::uint32_t region = 0;    // Of the merchant, GB/T 2260; 0: not known, and so in no region.
  // What the member has spent under the terms in question on `day`, held points included.
  std::int64_t spent_today = 0;
};

// Why a lot may not pay, in the order in which it is asked. Numbers never change.
enum class WhyNot : std::uint8_t {
  kNotStarted = 1,
  kExpired = 2,
  kMerchantDenied = 3,
  kMerchantNotAllowed = 4,
  kCategory = 5,
  kRegion = 6,
  kEarmarkCategory = 7,
  kEarmarkRegion = 8,
  kWeekday = 9,
  kHoliday = 10,
  kDayCap = 11,
  kNothingLeft = 12,  // Of the lot: all of it is held.
};
// For example "NOT_STARTED".
absl::string_view WhyNotName(WhyNot reason);

// May pay up to `points`; or may not, and then they are 0.
struct Verdict {
  std::int64_t points = 0;
  absl::optional<WhyNot> why_not{};
};

// The one rule. A lot ends by its own expiry, which is that of its terms or, after points came back
// to it, later. Requires: `lot` is of these terms, whose lists are sorted.
Verdict Judge(const Terms& terms, const Lot& lot, const Line& line);

// A grant with an earmark opens two lots of one number, which has this bit on top in the lot that
// the earmark binds: whatever stores a lot's number stores that too.
inline constexpr std::uint32_t kEarmarkedBit = std::uint32_t{1} << 31;
constexpr bool IsEarmarked(LotNumber lot) {
  return (static_cast<std::uint32_t>(lot) & kEarmarkedBit) != 0;
}
constexpr LotNumber Earmarked(LotNumber lot) {
  return LotNumber{static_cast<std::uint32_t>(lot) | kEarmarkedBit};
}
// Without the bit: lots are numbered in the order of their grants.
constexpr std::uint32_t GrantOf(LotNumber lot) {
  return static_cast<std::uint32_t>(lot) & ~kEarmarkedBit;
}

struct EarmarkSplit {
  Points earmarked{};
  Points free{};
};
// ceil(grant * share / 10,000) is earmarked: rounded up, because the share is the least; the
// remainder is what is free less.
EarmarkSplit SplitRoundedUp(Points grant, BasisPoints share);

// Finds the terms of a campaign.
class TermsReader {
 public:
  virtual ~TermsReader() = default;
  // Requires: the campaign exists (checked).
  virtual const Terms& TermsOf(CampaignNumber campaign) = 0;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_TERMS_H_
