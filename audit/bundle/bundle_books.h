// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_BOOKS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_BOOKS_H_

#include "audit/bundle/bundle_format.h"
#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui::audit {

// The postings of an entry. Fails: kDataLoss, unless they are such, balanced, and those to members'
// accounts are of the entry's member.
absl::StatusOr<std::vector<ledger::Posting>> PostingsOf(const journal::v1::Entry& entry);
BundleAccount AccountOf(const ledger::Posting& posting);
// Adds a posting to `balance`. Fails: kDataLoss, when that is beyond the account's bound then.
absl::Status AddTo(const ledger::Posting& posting, std::int64_t* balance);

using BundleBalances = absl::flat_hash_map<BundleAccount, std::int64_t>;  // Never zero.
// The rows of frames, in the order of the bytes.
std::vector<std::string> FramesOf(const BundleBalances& balances);

// What every account and every lot holds after the records that were applied: the same sums as the
// ledger's views, by other code. In memory: what is zero is forgotten, so it grows with accounts
// and open lots, and not with records.
// Threads: none.
class BundleBooks {
 public:
  // One row of what was held before the first record.
  // Fails: kDataLoss, when the account has one, or is beyond its bound.
  absl::Status Open(const BalanceRow& row);
  absl::Status Open(const LotRow& row);
  // All rows were there. Fails: kDataLoss, unless the accounts of each origin sum to zero, and
  // those of each member to what is in the lots.
  absl::Status CheckOpening() const;

  // Fails: kDataLoss, when an invariant of docs/domain.md is broken: the entry is not balanced, an
  // account goes beyond its bound, or the lots do not follow the postings.
  absl::Status Apply(const journal::v1::Entry& entry, std::int64_t time_micros);

  std::int64_t Balance(const BundleAccount& account) const;
  const BundleBalances& balances() const { return accounts_; }
  // What is payable to a merchant, of all origins.
  std::int64_t PayableTo(std::uint64_t merchant) const;

  // What is held now, in the order of the bytes: the rows of frames, as many as kRowsPerFrameMax in
  // each.
  std::vector<std::string> BalanceFrames() const { return FramesOf(accounts_); }
  std::vector<std::string> LotFrames() const;
  std::size_t accounts() const { return accounts_.size(); }
  std::size_t lots() const { return lot_count_; }
  std::uint64_t postings() const { return postings_; }

 private:
  using Lots = std::vector<LotRow>;  // Of one member, by number.
  struct Sums {
    std::int64_t points = 0;
    std::int64_t held = 0;
  };
  absl::Status Post(const journal::v1::Entry& entry, Sums* posted);
  absl::Status Grant(const journal::v1::Entry& entry, MemberId member, Sums* changed);
  absl::Status OpenGranted(const LotRow& lot);
  absl::Status Change(const journal::v1::Entry& entry, const journal::v1::LotChange& change,
                      std::int64_t time_micros);

  BundleBalances accounts_;
  absl::flat_hash_map<std::uint64_t, std::int64_t> payable_;
  absl::flat_hash_map<MemberId, Lots> lots_;
  std::size_t lot_count_ = 0;
  std::uint64_t postings_ = 0;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_BOOKS_H_
