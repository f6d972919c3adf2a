// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_SEEDED_RANDOM_H_
#define PUHUI_TESTS_SUPPORT_SEEDED_RANDOM_H_

#include "ledger/base/check.h"
#include "ledger/base/mutex.h"
#include "ledger/base/random.h"

#include "absl/base/thread_annotations.h"
#include "absl/types/span.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

namespace puhui {

// The same bytes for the same seed, on every machine. Never for anything but tests.
// Threads: safe; the order of calls decides who gets which bytes.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

  void Fill(absl::Span<std::uint8_t> bytes) override {
    MutexLock lock(&mutex_);
    for (std::size_t at = 0; at < bytes.size();) {
      std::uint64_t word = engine_();
      const std::size_t end = std::min(bytes.size(), at + sizeof(word));
      for (; at < end; ++at, word >>= 8) bytes[at] = static_cast<std::uint8_t>(word & 0xFF);
    }
  }

  // Begins again, as if it were new.
  void Restart(std::uint64_t seed) {
    MutexLock lock(&mutex_);
    engine_.seed(seed);
  }

  // Requires: bound > 0 (checked). The modulo's bias does not matter to a test.
  std::uint64_t Below(std::uint64_t bound) {
    PUHUI_CHECK(bound > 0);
    MutexLock lock(&mutex_);
    return engine_() % bound;
  }

 private:
  Mutex mutex_;
  std::mt19937_64 engine_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_SEEDED_RANDOM_H_
