// SPDX-License-Identifier: Apache-2.0
// Two tills race for a member's last points, ten thousand times; fewer under a sanitizer.
#include "tests/linearizability/till_ledger.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace puhui::testing {
namespace {

constexpr std::uint64_t kSeed = 20'261'126;
constexpr int kRaces = Rounds(10'000);
constexpr std::int64_t kLast = 100;

// Asks for more than half of the last points, so that only one can have them, gives them back when
// it has them, and asks again. Threads: its own.
class Racer {
 public:
  Racer(TillLedger* ledger, std::uint64_t wallet, std::uint32_t terminal)
      : ledger_(*ledger), wallet_(wallet), terminal_(terminal), random_(kSeed + terminal) {}

  void Race(std::atomic<int>* holders) {
    for (int i = 0; i < kRaces; ++i) {
      const TillInput wish = NextWish();
      const TillOutput heard = ledger_.Ask(wallet_, wish);
      if (heard.declined.has_value()) {
        ++lost_;
        EXPECT_EQ(heard.declined, ledger::Reason::kInsufficientPoints) << Where(i);
        EXPECT_LT(heard.points, wish.points) << Where(i);
        continue;
      }
      // Ours from before this line until after the next one.
      EXPECT_EQ(holders->fetch_add(1), 0) << Where(i) << ": both have the last points";
      ++won_;
      holders->fetch_sub(1);
      const TillInput undo{.verb = Verb::kReverseByRequest,
                           .terminal = terminal_,
                           .request = ++numbers_ * 2 + terminal_,
                           .trace = numbers_ * 2 + terminal_,
                           .original = wish.request};
      EXPECT_EQ(ledger_.Ask(wallet_, undo).reference, heard.reference) << Where(i);
    }
  }
  int won() const { return won_; }
  int lost() const { return lost_; }

 private:
  TillInput NextWish() {
    const std::uint32_t number = ++numbers_ * 2 + terminal_;
    return {.verb = random_.Below(2) == 0 ? Verb::kPurchase : Verb::kAuthorize,
            .terminal = terminal_,
            .request = number,
            .trace = number,
            .points = kLast / 2 + 1 + static_cast<std::int64_t>(random_.Below(kLast / 2))};
  }
  std::string Where(int race) const {
    return absl::StrCat("seed ", kSeed, ", till ", terminal_, ", race ", race);
  }

  TillLedger& ledger_;
  const std::uint64_t wallet_;
  const std::uint32_t terminal_;
  SeededRandom random_;
  std::uint32_t numbers_ = 0;
  int won_ = 0;
  int lost_ = 0;
};

TEST(LastPointsTest, GoToOneOfTwoTillsTenThousandTimes) {
  TillLedger ledger;
  const std::uint64_t wallet = ledger.AddWallet(kLast);
  std::atomic<int> holders = 0;
  Racer one(&ledger, wallet, 1);
  Racer two(&ledger, wallet, 2);
  std::thread first([&] { one.Race(&holders); });
  std::thread second([&] { two.Race(&holders); });
  first.join();
  second.join();
  for (const Racer* const racer : {&one, &two}) {
    EXPECT_EQ(racer->won() + racer->lost(), kRaces);
    EXPECT_GT(racer->won(), kRaces / 100);
    EXPECT_GT(racer->lost(), kRaces / 100);  // Who is alone races nobody.
  }
  const TillOutput left = ledger.Ask(wallet, {.verb = Verb::kBalance});
  EXPECT_EQ(left.points, kLast);
  EXPECT_EQ(left.more, 0);
  EXPECT_OK(ledger.Verify());
}

}  // namespace
}  // namespace puhui::testing
