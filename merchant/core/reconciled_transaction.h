// SPDX-License-Identifier: Apache-2.0
// A transaction as a merchant's books and the ledger compare it. Pure.
#ifndef PUHUI_MERCHANT_CORE_RECONCILED_TRANSACTION_H_
#define PUHUI_MERCHANT_CORE_RECONCILED_TRANSACTION_H_

#include "ledger/base/id.h"

#include "absl/time/time.h"

#include <cstdint>
#include <string>

namespace puhui::merchant {

// Numbers are those of puhui.v1.ReconciledKind, and of the text.
enum class ReconciledKind : std::uint8_t {
  kPurchase = 1,
  kCapture = 2,
  kRefund = 3,
  kReversal = 4,
};

struct ReconciledTransaction {
  Sequence reference = 0;  // Our reference (RRN) as a number. With the kind it is unique.
  ReconciledKind kind{};
  std::string terminal{};  // Its id.
  std::uint32_t batch_number = 0;
  std::uint32_t trace_number = 0;
  std::int64_t points = 0;  // Above zero, whatever the kind.
  absl::Time time{};        // When it succeeded: a whole second.

  friend bool operator==(const ReconciledTransaction&, const ReconciledTransaction&) = default;
};

// Cut to a whole second, towards the past.
absl::Time ReconciledTime(absl::Time time);

// What is hashed (docs/settlement.md): the reference in 12 digits, the kind, the terminal, batch
// and trace number, points, and the second since 1970, separated by commas, and a line feed;
// numbers in decimal without zeros in front.
std::string TextOf(const ReconciledTransaction& transaction);

// The order in which they are hashed: by time, reference, kind.
bool ComesBefore(const ReconciledTransaction& a, const ReconciledTransaction& b);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_RECONCILED_TRANSACTION_H_
