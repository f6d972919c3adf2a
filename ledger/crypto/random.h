// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CRYPTO_RANDOM_H_
#define PUHUI_LEDGER_CRYPTO_RANDOM_H_

#include "ledger/base/random.h"

#include "absl/types/span.h"

#include <cstdint>

namespace puhui::ledger {

// OpenSSL's generator, seeded by the operating system. Stops the process when there is no
// randomness to be had. Small draws come from a stock of the calling thread, so a process that uses
// it must not fork without exec.
// Threads: safe.
class OpenSslRandom final : public RandomSource {
 public:
  void Fill(absl::Span<std::uint8_t> bytes) override;
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CRYPTO_RANDOM_H_
