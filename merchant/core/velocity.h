// SPDX-License-Identifier: Apache-2.0
// How often, and with how many points, somebody may pay within a window of time. Windows are fixed:
// the minute and the hour of the clock and a civil day, of one zone for all, so that counting costs
// the same whatever came before.
#ifndef PUHUI_MERCHANT_CORE_VELOCITY_H_
#define PUHUI_MERCHANT_CORE_VELOCITY_H_

#include "ledger/base/points.h"

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

// Numbers are those of puhui.v1.LimitWindow.
enum class LimitWindow : std::uint8_t { kMinute = 1, kHour = 2, kDay = 3 };
inline constexpr std::size_t kLimitWindows = 3;
// MINUTE, HOUR or DAY.
absl::string_view LimitWindowName(LimitWindow window);

// Numbers are those of puhui.v1.LimitSubject.
enum class LimitSubject : std::uint8_t { kTerminal = 1, kMerchant = 2, kMember = 3, kCard = 4 };

// At least one of the two is given.
struct Limit {
  LimitWindow window{};
  absl::optional<std::uint32_t> count_max{};
  absl::optional<std::int64_t> points_max{};

  template <class F>
  void Fields(F& f) {
    f(window, count_max, points_max);
  }
  friend bool operator==(const Limit&, const Limit&) = default;
};

// What came within one window.
struct WindowCount {
  std::int64_t number = 0;  // Which one, counted from 1970.
  std::uint32_t count = 0;
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(number, count, points);
  }
};

// What came within the last of each window.
struct Velocity {
  WindowCount minute{};
  WindowCount hour{};
  WindowCount day{};

  template <class F>
  void Fields(F& f) {
    f(minute, hour, day);
  }
};

// When something is paid.
struct PayingMoment {
  absl::Time now{};
  absl::CivilDay day{};  // Of a zone that is the same for all; it never goes back.
};

// The first bound, in the order of `limits`, that one more payment of `points` would go beyond.
struct LimitBroken {
  LimitWindow window{};
  bool of_points = false;  // Not of their number.
  std::int64_t allowed = 0;
  std::int64_t left = 0;  // Of what is allowed.
};
absl::optional<LimitBroken> FindBroken(const std::vector<Limit>& limits, const Velocity& velocity,
                                       const PayingMoment& moment, Points points);
// The largest payment that goes beyond none; nothing when it may be of any size.
absl::optional<std::int64_t> MostPayable(const std::vector<Limit>& limits, const Velocity& velocity,
                                         const PayingMoment& moment);

// Counts it. An older payment than the last does not occur: times increase.
void CountPayment(const PayingMoment& moment, Points points, Velocity* velocity);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_VELOCITY_H_
