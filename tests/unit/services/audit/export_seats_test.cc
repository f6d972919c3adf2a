// SPDX-License-Identifier: Apache-2.0
#include "services/audit/export_seats.h"

#include "ledger/core/reason.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace puhui::services {
namespace {

TEST(ExportSeatsTest, RefusesBeyondTheLastUntilOneIsLeft) {
  ExportSeats seats;
  std::vector<std::unique_ptr<ExportSeats::Seat>> taken;
  for (int seat = 0; seat < ExportSeats::kAtOnceMax; ++seat) {
    ASSERT_OK_AND_ASSIGN(taken.emplace_back(), seats.Take());
  }
  // A refusal takes none.
  EXPECT_THAT(seats.Take(), Refuses(ledger::Reason::kOverloaded));
  EXPECT_THAT(seats.Take(), Refuses(ledger::Reason::kOverloaded));
  taken.pop_back();
  EXPECT_OK(seats.Take());
}

// A call may end after its service.
TEST(ExportSeatsTest, ASeatOutlivesWhoGaveIt) {
  auto seats = std::make_unique<ExportSeats>();
  ASSERT_OK_AND_ASSIGN(const auto seat, seats->Take());
  seats = nullptr;
}

}  // namespace
}  // namespace puhui::services
