// SPDX-License-Identifier: Apache-2.0
#include "merchant/core/velocity.h"

#include <algorithm>
#include <cstdlib>

namespace puhui::merchant {
namespace {

std::int64_t NumberOf(LimitWindow window, const PayingMoment& moment) {
  switch (window) {
    case LimitWindow::kMinute:
      return absl::ToUnixSeconds(moment.now) / 60;
    case LimitWindow::kHour:
      return absl::ToUnixSeconds(moment.now) / 3'600;
    case LimitWindow::kDay:
      return moment.day - absl::CivilDay(1970, 1, 1);
  }
  std::abort();
}

const WindowCount& LastCount(LimitWindow window, const Velocity& velocity) {
  switch (window) {
    case LimitWindow::kMinute:
      return velocity.minute;
    case LimitWindow::kHour:
      return velocity.hour;
    case LimitWindow::kDay:
      return velocity.day;
  }
  std::abort();
}

// What came within the window that the moment is in.
WindowCount CountAt(LimitWindow window, const Velocity& velocity, const PayingMoment& moment) {
  const WindowCount& last = LastCount(window, velocity);
  return last.number == NumberOf(window, moment) ? last : WindowCount();
}

// A bound may have been lowered below what was paid already.
std::int64_t LeftOf(std::int64_t allowed, std::int64_t used) {
  return std::max<std::int64_t>(allowed - used, 0);
}

}  // namespace

absl::string_view LimitWindowName(LimitWindow window) {
  switch (window) {
    case LimitWindow::kMinute:
      return "MINUTE";
    case LimitWindow::kHour:
      return "HOUR";
    case LimitWindow::kDay:
      return "DAY";
  }
  std::abort();
}

absl::optional<LimitBroken> FindBroken(const std::vector<Limit>& limits, const Velocity& velocity,
                                       const PayingMoment& moment, Points points) {
  for (const Limit& limit : limits) {
    const WindowCount count = CountAt(limit.window, velocity, moment);
    if (limit.count_max.has_value() && LeftOf(*limit.count_max, count.count) == 0) {
      return LimitBroken{.window = limit.window, .allowed = *limit.count_max};
    }
    if (!limit.points_max.has_value()) continue;
    const std::int64_t left = LeftOf(*limit.points_max, count.points);
    if (points.value() > left) {
      return LimitBroken{
          .window = limit.window, .of_points = true, .allowed = *limit.points_max, .left = left};
    }
  }
  return absl::nullopt;
}

absl::optional<std::int64_t> MostPayable(const std::vector<Limit>& limits, const Velocity& velocity,
                                         const PayingMoment& moment) {
  absl::optional<std::int64_t> most;
  for (const Limit& limit : limits) {
    const WindowCount count = CountAt(limit.window, velocity, moment);
    if (limit.count_max.has_value() && LeftOf(*limit.count_max, count.count) == 0) return 0;
    if (!limit.points_max.has_value()) continue;
    const std::int64_t left = LeftOf(*limit.points_max, count.points);
    most = std::min(left, most.value_or(left));
  }
  return most;
}

void CountPayment(const PayingMoment& moment, Points points, Velocity* velocity) {
  const auto add = [&](LimitWindow window, WindowCount& count) {
    const std::int64_t number = NumberOf(window, moment);
    if (count.number != number) count = {.number = number};
    ++count.count;
    // A bound is at most Points::kMax: what is above it is above every bound.
    count.points = std::min(count.points + points.value(), Points::kMax);
  };
  add(LimitWindow::kMinute, velocity->minute);
  add(LimitWindow::kHour, velocity->hour);
  add(LimitWindow::kDay, velocity->day);
}

}  // namespace puhui::merchant
