// SPDX-License-Identifier: Apache-2.0
// Finding by hashes what two books say differently: pieces of time first, then single transactions.
// The server and the merchant's client stand on the same. Pure.
#ifndef PUHUI_MERCHANT_APP_RECONCILIATION_H_
#define PUHUI_MERCHANT_APP_RECONCILIATION_H_

#include "ledger/engine/ledger_rows.h"
#include "merchant/core/reconciled_transaction.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::merchant {

// What a merchant's books have of each store, by its id, each in the order of ComesBefore.
using StoreBooks = std::map<std::string, std::vector<ReconciledTransaction>>;

// Equal pieces of time, one after the other.
struct Pieces {
  absl::Time start{};  // A whole second.
  absl::Duration length{};
  std::size_t count = 0;

  absl::Time StartOf(std::size_t piece) const {
    return start + static_cast<std::int64_t>(piece) * length;
  }
  absl::Time end() const { return StartOf(count); }
};

// The first half of SHA-256 over the texts, one after the other. Requires: they stand in the order
// of ComesBefore.
ledger::Tag HashOf(absl::Span<const ReconciledTransaction> transactions);

// A piece as it is compared; without a hash it has no transaction.
struct HashedPiece {
  absl::optional<ledger::Tag> hash{};
  std::size_t transactions = 0;
  friend bool operator==(const HashedPiece& a, const HashedPiece& b) { return a.hash == b.hash; }
};
// Those of a store's books that fall into the pieces. Requires: as HashOf.
std::vector<HashedPiece> HashPieces(absl::Span<const ReconciledTransaction> transactions,
                                    const Pieces& pieces);

// Those in [start, end). Requires: as HashOf.
absl::Span<const ReconciledTransaction> Within(absl::Span<const ReconciledTransaction> transactions,
                                               absl::Time start, absl::Time end);

// How a transaction is named, and its hash.
struct HashedTransaction {
  Sequence reference = 0;
  ReconciledKind kind{};
  ledger::Tag hash{};
};
struct TransactionDifferences {
  std::vector<ReconciledTransaction> ours{};  // Not in theirs, or there with another hash.
  std::vector<std::size_t> theirs{};          // Not in ours, or there with another hash.
};
// Requires: each of `theirs` is named once.
TransactionDifferences CompareTransactions(absl::Span<const ReconciledTransaction> ours,
                                           absl::Span<const HashedTransaction> theirs);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_RECONCILIATION_H_
