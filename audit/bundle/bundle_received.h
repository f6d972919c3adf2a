// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_RECEIVED_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_RECEIVED_H_

#include "ledger/base/id.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <deque>
#include <set>
#include <string>
#include <utility>

namespace puhui::audit {

// Whether an occasion is an event in a life, which counts in no sum of holidays.
bool IsLifeEventName(const std::string& occasion);

// What a bundle has of what people received.
enum class ReceivedKnown {
  kAll,      // Its range begins with the journal.
  kOfRange,  // There may be more of before its range.
  kLeast,    // A part: there may be more at any time, and less only when it says so.
};

// What people have received, added up from the grants of a bundle less what was taken back. Where
// not all of it is known, each sum lies between two bounds until a grant says it. Some 60 bytes for
// each member and year, and 24 for each occasion. Threads: none.
class BundleReceived {
 public:
  // Where points count.
  struct Place {
    MemberId member{};
    std::int64_t year = 0;
    std::string occasion{};
  };
  // What a grant says its member had received. What its pack does not ask for is not looked at.
  struct Said {
    bool asks_occasion = false;
    bool asks_others = false;
    bool asks_year = false;
    std::int64_t for_occasion = 0;
    std::int64_t others = 0;  // Holidays other than this one.
    std::int64_t this_year = 0;
  };

  explicit BundleReceived(ReceivedKnown known) : known_(known) {}

  // Holds what a grant says against what is known, and learns from it. True when all of it was
  // known. Requires: sums from 0 to Points::kMax. Fails: kDataLoss, when it does not follow.
  absl::StatusOr<bool> Follow(const Place& place, const Said& said);
  // Requires: 0 < points <= Points::kMax. Fail: kDataLoss.
  absl::Status Grant(const Place& place, std::int64_t points);
  absl::Status TakeBack(const Place& place, std::int64_t points);
  // Of whatever year and occasion. Requires: kLeast.
  void TakeBackOfAny(MemberId member, std::int64_t points);

  // Nothing more will be asked.
  void Forget();

 private:
  struct Range {
    std::int64_t low = 0;
    std::int64_t high = 0;
  };
  // Of a list: an occasion, or one of the two below.
  struct Node {
    Range range;
    std::uint32_t what = 0;
    std::uint32_t next = 0;  // From 1; 0: none.
  };
  struct Person {
    MemberId member{};
    std::int32_t year = 0;

    friend bool operator==(const Person&, const Person&) = default;
    template <class H>
    friend H AbslHashValue(H hash, const Person& person) {
      return H::combine(std::move(hash), person.member, person.year);
    }
  };
  struct Found {
    Node* own = nullptr;     // Of the occasion.
    Node* year = nullptr;    // What all holidays come to; null: the sum of those in the list.
    Node* hidden = nullptr;  // How many other holidays something was received for; null: none.
    std::uint32_t first = 0;
    bool fresh = false;  // `own` is new, and what it was before the range is not known.
  };
  struct Count {
    Range holidays;  // Other than the own one.
    Range points;    // Of all holidays.
  };
  static bool IsHoliday(std::uint32_t what);

  std::uint32_t NumberOf(const std::string& occasion);
  Found Find(const Place& place);
  Node* Add(std::uint32_t what, const Range& range, std::uint32_t& first);
  Count CountOf(const Found& found) const;
  // Of a part nothing is the most.
  void Loosen(const Found& found) const;

  const ReceivedKnown known_;
  std::set<std::int32_t> years_;
  absl::flat_hash_map<std::string, std::uint32_t> occasions_;
  absl::flat_hash_map<Person, std::uint32_t> persons_;  // The first node of each.
  std::deque<Node> nodes_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_RECEIVED_H_
