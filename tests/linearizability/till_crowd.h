// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_LINEARIZABILITY_TILL_CROWD_H_
#define PUHUI_TESTS_LINEARIZABILITY_TILL_CROWD_H_

#include "ledger/base/mutex.h"
#include "tests/linearizability/till_calls.h"
#include "tests/linearizability/till_ledger.h"
#include "tests/support/seeded_random.h"

#include "absl/base/thread_annotations.h"
#include "absl/types/optional.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::testing {

// Several tills that ask about the same few wallets at once, each from a thread of its own, and
// what each was told and when. The seed decides what a till would ask next; the machine decides
// which of them is first.
// Threads: Play from one. Borrows: the desks.
class TillCrowd {
 public:
  static constexpr std::size_t kTills = 4;
  static constexpr std::int64_t kPoints = 400;  // Of a wallet: few, so that they fight for them.

  // One desk for each wallet.
  TillCrowd(std::vector<TillDesk*> desks, std::uint64_t seed);

  // Returns a history for each wallet, `calls` of each till in all.
  std::vector<TillHistory> Play(std::size_t calls);

 private:
  // What is known of a wallet, whoever found it out.
  struct Wallet {
    TillDesk* desk = nullptr;
    std::uint32_t numbers = 0;  // Given to request ids and trace numbers so far.
    std::vector<Sequence> references{};
    std::vector<TillInput> asked{};  // Whether or not there is an answer yet.
    std::vector<TillInput> late{};   // Reversed, and not yet asked.
    TillHistory history{};
  };

  void PlayOne(std::uint64_t seed, std::size_t calls);
  TillInput Next(SeededRandom& random, std::size_t at);
  // Each of these adds what it can only say knowing the wallet; false when there is nothing to say.
  static bool Repeat(SeededRandom& random, Wallet& wallet, TillInput* input);
  static bool Reverse(SeededRandom& random, Wallet& wallet, TillInput* input);
  static void Spend(SeededRandom& random, Wallet& wallet, TillInput* input);
  static void Settle(SeededRandom& random, Wallet& wallet, TillInput* input);
  void Learn(std::size_t at, const TillOperation& operation);

  const std::uint64_t seed_;
  std::atomic<std::uint64_t> moment_{0};
  Mutex mutex_;
  std::vector<Wallet> wallets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_TILL_CROWD_H_
