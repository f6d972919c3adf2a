// SPDX-License-Identifier: Apache-2.0
#include "services/cli/reconcile_walk.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace puhui::services {
namespace {

using merchant::Pieces;
using merchant::ReconciledTransaction;

// So long are pieces, from the first look to the last.
constexpr std::array<absl::Duration, 3> kLengths = {absl::Hours(1), absl::Minutes(1),
                                                    absl::Seconds(1)};
constexpr std::size_t kHoursPerCall = 24;
// So few are sent one by one rather than looked at in shorter pieces.
constexpr std::size_t kFewTransactions = 200;

absl::Duration Shorter(absl::Duration length) {
  for (const absl::Duration candidate : kLengths) {
    if (candidate < length) return candidate;
  }
  return absl::ZeroDuration();
}

absl::Status TooMuch(absl::Time second) {
  return absl::ResourceExhaustedError(
      absl::StrCat("the second ", absl::FormatTime(absl::RFC3339_sec, second, absl::UTCTimeZone()),
                   " has more transactions than one call goes through"));
}

}  // namespace

absl::StatusOr<std::vector<ReconcileFinding>> ReconcileWalk::Run(absl::Time start, absl::Time end) {
  found_.clear();
  // Hours while there are whole ones, then minutes, then seconds.
  for (const absl::Duration length : kLengths) {
    const std::size_t at_most =
        length == kLengths.front() ? kHoursPerCall : std::size_t{kReconciledPiecesMax};
    while (end - start >= length) {
      const auto whole = static_cast<std::size_t>((end - start) / length);
      const Pieces pieces{.start = start, .length = length, .count = std::min(whole, at_most)};
      PUHUI_RETURN_IF_ERROR(CompareStores(pieces));
      start = pieces.end();
    }
  }
  return Join();
}

absl::Status ReconcileWalk::CompareStores(const Pieces& pieces) {
  std::vector<std::string> stores;
  for (const auto& [store, transactions] : books_) stores.push_back(store);
  if (stores.size() <= kReconciledStoresMax) {
    return Compare(pieces, stores, /*only_these=*/false);
  }
  for (std::size_t from = 0; from < stores.size(); from += kReconciledStoresMax) {
    const auto begin = stores.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = stores.begin() + static_cast<std::ptrdiff_t>(
                                          std::min(from + kReconciledStoresMax, stores.size()));
    PUHUI_RETURN_IF_ERROR(Compare(pieces, {begin, end}, /*only_these=*/true));
  }
  // Whatever the ledger has of stores that are not in the books.
  return Compare(pieces, {}, /*only_these=*/false);
}

absl::Status ReconcileWalk::Compare(const Pieces& pieces, const std::vector<std::string>& stores,
                                    bool only_these) {
  ReconcilePeer::StoreHashes hashes;
  for (const std::string& store : stores) {
    const auto of_store = books_.find(store);
    hashes[store] = of_store == books_.end() ? std::vector<merchant::HashedPiece>(pieces.count)
                                             : merchant::HashPieces(of_store->second, pieces);
  }
  return Ask(pieces, hashes, only_these);
}

absl::Status ReconcileWalk::Ask(const Pieces& pieces, const ReconcilePeer::StoreHashes& hashes,
                                bool only_these) {
  PUHUI_ASSIGN_OR_RETURN(const auto differences, peer_.ComparePieces(pieces, hashes, only_these));
  if (!differences.has_value()) return Halve(pieces, hashes, only_these);
  for (const ReconcilePeer::Difference& difference : *differences) {
    // With too many stores for one call, those of the books were asked about by themselves.
    if (hashes.empty() && books_.count(difference.store) != 0) continue;
    PUHUI_RETURN_IF_ERROR(Enter(difference.store, pieces.StartOf(difference.piece), pieces.length,
                                difference.transactions));
  }
  return absl::OkStatus();
}

absl::Status ReconcileWalk::Halve(const Pieces& pieces, const ReconcilePeer::StoreHashes& hashes,
                                  bool only_these) {
  if (pieces.count > 1) {
    const std::size_t half = pieces.count / 2;
    ReconcilePeer::StoreHashes first;
    ReconcilePeer::StoreHashes second;
    for (const auto& [store, of_store] : hashes) {
      const auto middle = of_store.begin() + static_cast<std::ptrdiff_t>(half);
      first[store].assign(of_store.begin(), middle);
      second[store].assign(middle, of_store.end());
    }
    PUHUI_RETURN_IF_ERROR(Ask({pieces.start, pieces.length, half}, first, only_these));
    return Ask({pieces.StartOf(half), pieces.length, pieces.count - half}, second, only_these);
  }
  const absl::Duration shorter = Shorter(pieces.length);
  if (shorter == absl::ZeroDuration()) return TooMuch(pieces.start);
  std::vector<std::string> stores;
  for (const auto& [store, of_store] : hashes) stores.push_back(store);
  const auto count = static_cast<std::size_t>(pieces.length / shorter);
  return Compare({pieces.start, shorter, count}, stores, only_these);
}

absl::Status ReconcileWalk::Enter(const std::string& store, absl::Time start, absl::Duration length,
                                  std::size_t of_ledger) {
  const auto of_store = books_.find(store);
  const std::size_t of_books =
      of_store == books_.end() ? 0
                               : merchant::Within(of_store->second, start, start + length).size();
  const absl::Duration shorter = Shorter(length);
  if (std::max(of_books, of_ledger) <= kFewTransactions || shorter == absl::ZeroDuration()) {
    return CompareTransactions(store, start, length);
  }
  const auto count = static_cast<std::size_t>(length / shorter);
  return Compare({start, shorter, count}, {store}, /*only_these=*/true);
}

absl::Status ReconcileWalk::CompareTransactions(const std::string& store, absl::Time start,
                                                absl::Duration length) {
  absl::Span<const ReconciledTransaction> books;
  if (const auto of_store = books_.find(store); of_store != books_.end()) {
    books = merchant::Within(of_store->second, start, start + length);
  }
  if (books.size() > kReconciledHashesMax) return TooMuch(start);
  std::vector<merchant::HashedTransaction> hashed;
  hashed.reserve(books.size());
  for (const ReconciledTransaction& transaction : books) {
    hashed.push_back({transaction.reference, transaction.kind, merchant::HashOf({transaction})});
  }
  PUHUI_ASSIGN_OR_RETURN(auto answer,
                         peer_.CompareTransactions(store, start, start + length, hashed));
  if (!answer.has_value()) return TooMuch(start);
  for (ReconciledTransaction& transaction : answer->ours) {
    found_.push_back({.store = store, .ledger = std::move(transaction)});
  }
  for (const std::size_t at : answer->differing) {
    if (at >= books.size()) return absl::InternalError("the service names what was not sent");
    found_.push_back({.store = store, .books_store = store, .books = books[at]});
  }
  return absl::OkStatus();
}

// Both sides of one transaction may have been found in different hours, or stores.
std::vector<ReconcileFinding> ReconcileWalk::Join() {
  using Name = std::pair<Sequence, merchant::ReconciledKind>;
  std::map<Name, ReconcileFinding> joined;
  for (ReconcileFinding& finding : found_) {
    const ReconciledTransaction& one = finding.books.has_value() ? *finding.books : *finding.ledger;
    const auto [entry, is_new] = joined.try_emplace(Name{one.reference, one.kind});
    // The store that the ledger says is the one that the terminal stands in.
    if (is_new || finding.ledger.has_value()) entry->second.store = finding.store;
    if (finding.books.has_value()) {
      entry->second.books_store = std::move(finding.books_store);
      entry->second.books = std::move(finding.books);
    }
    if (finding.ledger.has_value()) entry->second.ledger = std::move(finding.ledger);
  }
  std::vector<ReconcileFinding> findings;
  findings.reserve(joined.size());
  for (auto& [name, finding] : joined) findings.push_back(std::move(finding));
  std::stable_sort(
      findings.begin(), findings.end(),
      [](const ReconcileFinding& a, const ReconcileFinding& b) { return a.store < b.store; });
  return findings;
}

}  // namespace puhui::services
