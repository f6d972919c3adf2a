// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_RECONCILE_WALK_H_
#define PUHUI_SERVICES_CLI_RECONCILE_WALK_H_

#include "merchant/app/reconciliation.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace puhui::services {

// The other side of a reconciliation: the ledger, however it is reached.
class ReconcilePeer {
 public:
  struct Difference {
    std::string store;
    std::size_t piece = 0;
    std::size_t transactions = 0;  // That the ledger has in it.
  };
  struct Transactions {
    std::vector<merchant::ReconciledTransaction> ours{};  // Of the ledger, where they differ.
    std::vector<std::size_t> differing{};                 // Of what was sent.
  };
  using StoreHashes = std::map<std::string, std::vector<merchant::HashedPiece>>;

  virtual ~ReconcilePeer() = default;
  // Nothing when it is too much for one call.
  virtual absl::StatusOr<absl::optional<std::vector<Difference>>> ComparePieces(
      const merchant::Pieces& pieces, const StoreHashes& stores, bool only_these) = 0;
  virtual absl::StatusOr<absl::optional<Transactions>> CompareTransactions(
      const std::string& store, absl::Time start, absl::Time end,
      const std::vector<merchant::HashedTransaction>& transactions) = 0;
};

// What one transaction is on either side; on one of them it may not be at all.
struct ReconcileFinding {
  std::string store;                                        // Of the ledger, if it has it.
  std::string books_store{};                                // As the books have it, if they do.
  absl::optional<merchant::ReconciledTransaction> books{};  // The merchant's.
  absl::optional<merchant::ReconciledTransaction> ledger{};
};

// Compares all that the books and the ledger have in [start, end): hours of all stores, then
// minutes and seconds of those that differ, then their transactions. What both have at different
// times or stores is one finding. Requires: whole seconds, the books in the order of ComesBefore.
// Fails: as the peer; kResourceExhausted when one second has more than a call goes through.
// Threads: one at a time. Borrows: the books and the peer.
class ReconcileWalk {
 public:
  ReconcileWalk(const merchant::StoreBooks* books, ReconcilePeer* peer)
      : books_(*books), peer_(*peer) {}

  // By store and reference.
  absl::StatusOr<std::vector<ReconcileFinding>> Run(absl::Time start, absl::Time end);

 private:
  absl::Status CompareStores(const merchant::Pieces& pieces);
  absl::Status Compare(const merchant::Pieces& pieces, const std::vector<std::string>& stores,
                       bool only_these);
  absl::Status Ask(const merchant::Pieces& pieces, const ReconcilePeer::StoreHashes& hashes,
                   bool only_these);
  // It was too much for one call.
  absl::Status Halve(const merchant::Pieces& pieces, const ReconcilePeer::StoreHashes& hashes,
                     bool only_these);
  // Goes into one piece of one store.
  absl::Status Enter(const std::string& store, absl::Time start, absl::Duration length,
                     std::size_t of_ledger);
  absl::Status CompareTransactions(const std::string& store, absl::Time start,
                                   absl::Duration length);
  std::vector<ReconcileFinding> Join();

  const merchant::StoreBooks& books_;
  ReconcilePeer& peer_;
  std::vector<ReconcileFinding> found_;  // Each of one side.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RECONCILE_WALK_H_
