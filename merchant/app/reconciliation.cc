// SPDX-License-Identifier: Apache-2.0
#include "merchant/app/reconciliation.h"

#include "ledger/crypto/hash.h"

#include "absl/container/flat_hash_map.h"

#include <algorithm>

namespace puhui::merchant {
namespace {

ledger::Tag FirstHalf(const ledger::Hash& hash) {
  return ledger::TagFromBytes(ledger::AsBytes(hash).substr(0, sizeof(ledger::Tag)));
}

auto FirstAt(absl::Span<const ReconciledTransaction> transactions, absl::Time time) {
  return std::partition_point(
      transactions.begin(), transactions.end(),
      [time](const ReconciledTransaction& transaction) { return transaction.time < time; });
}

}  // namespace

ledger::Tag HashOf(absl::Span<const ReconciledTransaction> transactions) {
  ledger::Sha256 sha256;
  for (const ReconciledTransaction& transaction : transactions) {
    sha256.Update(TextOf(transaction));
  }
  return FirstHalf(sha256.Finish());
}

absl::Span<const ReconciledTransaction> Within(absl::Span<const ReconciledTransaction> transactions,
                                               absl::Time start, absl::Time end) {
  const auto from = FirstAt(transactions, start);
  const auto until = FirstAt(transactions, end);
  return transactions.subspan(static_cast<std::size_t>(from - transactions.begin()),
                              static_cast<std::size_t>(std::max(until - from, std::ptrdiff_t{0})));
}

std::vector<HashedPiece> HashPieces(absl::Span<const ReconciledTransaction> transactions,
                                    const Pieces& pieces) {
  std::vector<HashedPiece> hashed(pieces.count);
  for (std::size_t i = 0; i < pieces.count; ++i) {
    const auto part = Within(transactions, pieces.StartOf(i), pieces.StartOf(i + 1));
    if (part.empty()) continue;
    hashed[i] = {.hash = HashOf(part), .transactions = part.size()};
  }
  return hashed;
}

TransactionDifferences CompareTransactions(absl::Span<const ReconciledTransaction> ours,
                                           absl::Span<const HashedTransaction> theirs) {
  using Name = std::pair<Sequence, ReconciledKind>;
  absl::flat_hash_map<Name, std::size_t> named;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    named.emplace(Name{theirs[i].reference, theirs[i].kind}, i);
  }
  TransactionDifferences differences;
  std::vector<bool> agrees(theirs.size(), false);
  for (const ReconciledTransaction& transaction : ours) {
    const auto theirs_of_it = named.find(Name{transaction.reference, transaction.kind});
    if (theirs_of_it != named.end() && theirs[theirs_of_it->second].hash == HashOf({transaction})) {
      agrees[theirs_of_it->second] = true;
    } else {
      differences.ours.push_back(transaction);
    }
  }
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    if (!agrees[i]) differences.theirs.push_back(i);
  }
  return differences;
}

}  // namespace puhui::merchant
