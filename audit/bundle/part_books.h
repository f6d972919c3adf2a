// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_PART_BOOKS_H_
#define PUHUI_AUDIT_BUNDLE_PART_BOOKS_H_

#include "audit/bundle/bundle_books.h"
#include "audit/bundle/part_scope.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <string>
#include <vector>

namespace puhui::audit {

// What the accounts of a part hold. Of the others it knows nothing. Threads: none.
class PartBooks {
 public:
  void Own(const OwnerRow& row) { owners_.insert(row); }
  bool Owns(const OwnerRow& row) const { return owners_.contains(row); }
  // All owners were there. Fails: as CheckOwners of a scope.
  absl::Status CheckOwners(const BundleScope& scope) const {
    return audit::CheckOwners(scope, owners_);
  }
  // Fails: kDataLoss, when the account is not of the part, has one, or is beyond its bound.
  absl::Status Open(const BalanceRow& row);

  // Applies what concerns the part, and says whether anything did.
  // Fails: kDataLoss, when the entry is not balanced, or an account of the part goes beyond its
  // bound.
  absl::StatusOr<bool> Apply(const journal::v1::Entry& entry);

  std::vector<std::string> BalanceFrames() const { return FramesOf(balances_); }
  std::size_t owners() const { return owners_.size(); }
  std::size_t accounts() const { return balances_.size(); }

 private:
  absl::flat_hash_set<OwnerRow> owners_;
  BundleBalances balances_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_PART_BOOKS_H_
