// SPDX-License-Identifier: Apache-2.0
// Buyers, a merchant and its tills who ask about the same few pieces at once hear what they could
// have heard one after the other: of stock, of limits and of vouchers.
#include "ledger/base/mutex.h"
#include "tests/linearizability/offer_ledger.h"
#include "tests/support/rounds.h"
#include "tests/support/seeded_random.h"
#include "tests/support/status_matchers.h"

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace puhui::testing::orders_test {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kCallsEach = 40;
constexpr std::size_t kStepsMax = 1'000'000;
constexpr std::uint64_t kHistories = Rounds(300);

class LedgerDesk final : public OfferDesk {
 public:
  LedgerDesk(OfferLedger* ledger, std::uint32_t offer) : ledger_(*ledger), offer_(offer) {}
  OfferOutput Ask(const OfferInput& input) override { return ledger_.Ask(offer_, input); }

 private:
  OfferLedger& ledger_;
  const std::uint32_t offer_;
};

// Says that a member's order is cancelled, and leaves it as it is.
class DeskThatDropsCancels final : public OfferDesk {
 public:
  explicit DeskThatDropsCancels(OfferDesk* sound) : sound_(*sound) {}
  OfferOutput Ask(const OfferInput& input) override {
    return input.verb == OfferVerb::kCancel ? OfferOutput() : sound_.Ask(input);
  }

 private:
  OfferDesk& sound_;
};

// Several who ask, each from a thread of its own. Threads: Play from one. Borrows: the desk.
class OfferCrowd {
 public:
  OfferCrowd(OfferDesk* desk, std::uint64_t seed) : desk_(*desk), seed_(seed) {}

  OfferHistory Play() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, i] { PlayOne(seed_ * kThreads + i); });
    }
    for (std::thread& thread : threads) thread.join();
    MutexLock lock(&mutex_);
    return history_;
  }

 private:
  struct Known {
    Sequence order = 0;
    std::uint32_t buyer = 0;
    bool accepted = false;
  };

  void PlayOne(std::uint64_t seed) {
    SeededRandom random(seed);
    for (std::size_t i = 0; i < kCallsEach; ++i) {
      OfferOperation operation{.input = Next(random)};
      operation.invoked = moment_.fetch_add(1);
      operation.output = desk_.Ask(operation.input);
      operation.responded = moment_.fetch_add(1);
      Learn(operation);
    }
  }
  OfferInput Next(SeededRandom& random) {
    MutexLock lock(&mutex_);
    const std::uint64_t dice = random.Below(10);
    if (dice == 0) return {.verb = OfferVerb::kLook};
    if (dice < 5 || orders_.empty()) {
      return {.verb = OfferVerb::kPlace,
              .buyer = static_cast<std::uint32_t>(random.Below(OfferModel::kBuyers)),
              .quantity = static_cast<std::uint32_t>(1 + random.Below(2))};
    }
    // What was ordered last is what the others are busy with.
    const std::size_t back = random.Below(std::min<std::size_t>(orders_.size(), 4));
    const Known& known = orders_[orders_.size() - 1 - back];
    OfferInput input{.buyer = known.buyer, .order = known.order};
    if (known.accepted) {
      input.verb = random.Below(2) == 0 ? OfferVerb::kRedeem : OfferVerb::kGiveUp;
    } else {
      input.verb = random.Below(3) == 0 ? OfferVerb::kAccept : OfferVerb::kCancel;
    }
    return input;
  }
  void Learn(const OfferOperation& operation) {
    MutexLock lock(&mutex_);
    history_.push_back(operation);
    if (operation.output.refused.has_value()) return;
    if (operation.input.verb == OfferVerb::kPlace) {
      orders_.push_back({operation.output.order, operation.input.buyer});
    }
    if (operation.input.verb != OfferVerb::kAccept) return;
    for (Known& known : orders_) {
      if (known.order == operation.input.order) known.accepted = true;
    }
  }

  OfferDesk& desk_;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> moment_{0};
  Mutex mutex_;
  std::vector<Known> orders_ ABSL_GUARDED_BY(mutex_);
  OfferHistory history_ ABSL_GUARDED_BY(mutex_);
};

std::string TextOf(const OfferHistory& history) {
  std::string text;
  for (const OfferOperation& operation : history) {
    absl::StrAppend(
        &text, operation.invoked, "-", operation.responded, " verb ",
        static_cast<int>(operation.input.verb), " buyer ", operation.input.buyer, " quantity ",
        operation.input.quantity, " order ", operation.input.order, ": ",
        operation.output.refused.has_value() ? ledger::ReasonName(*operation.output.refused) : "OK",
        " ", operation.output.order, " ", operation.output.available, "\n");
  }
  return text;
}

Linearizability Check(const OfferHistory& history) {
  return LinearizabilityChecker<OfferModel>(history, kStepsMax).Check({});
}

TEST(OrdersLinearizabilityTest, WhoeverAsksHearsWhatOneAfterTheOtherCouldHaveHeard) {
  OfferLedger ledger;
  std::size_t overlaps = 0;
  std::size_t out_of_stock = 0;
  std::size_t limited = 0;
  std::size_t redeemed = 0;
  for (std::uint64_t seed = 1; seed <= kHistories; ++seed) {
    LedgerDesk desk(&ledger, ledger.AddOffer());
    const OfferHistory history = OfferCrowd(&desk, seed).Play();
    ASSERT_EQ(Check(history), Linearizability::kYes) << "seed " << seed << "\n" << TextOf(history);
    for (const OfferOperation& operation : history) {
      if (operation.responded > operation.invoked + 1) ++overlaps;
      if (operation.output.refused == ledger::Reason::kOutOfStock) ++out_of_stock;
      if (operation.output.refused == ledger::Reason::kOfferLimitReached) ++limited;
      const bool is_redeemed =
          operation.input.verb == OfferVerb::kRedeem && !operation.output.refused.has_value();
      if (is_redeemed) ++redeemed;
    }
  }
  // Histories that hold no race, and none of what is asked about, prove nothing.
  EXPECT_GT(overlaps, kHistories * kThreads * kCallsEach / 10);
  EXPECT_GT(out_of_stock, kHistories);
  EXPECT_GT(limited, kHistories);
  EXPECT_GT(redeemed, kHistories / 2);
  EXPECT_OK(ledger.Verify());
}

TEST(OrdersLinearizabilityTest, ACancelThatIsDroppedIsFound) {
  OfferLedger ledger;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    LedgerDesk sound(&ledger, ledger.AddOffer());
    DeskThatDropsCancels desk(&sound);
    if (Check(OfferCrowd(&desk, seed).Play()) == Linearizability::kNo) return;
  }
  ADD_FAILURE() << "nobody noticed";
}

}  // namespace
}  // namespace puhui::testing::orders_test
