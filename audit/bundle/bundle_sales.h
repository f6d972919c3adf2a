// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_SALES_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_SALES_H_

#include "audit/bundle/bundle_facts.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"

#include <cstdint>
#include <tuple>
#include <utility>

namespace puhui::audit {

// Whether what was granted, sold, given back and paid out fits together: each row of a plan is
// granted once, an authorisation ends once, no purchase gives back more than it took, no payment
// pays more than its run says, no day's spending is above the cap of its terms.
// Threads: none. Borrows: the facts.
class BundleSales {
 public:
  struct Figures {
    std::uint64_t grants = 0;
    std::uint64_t under_rules = 0;  // Of the grants.
    std::uint64_t purchases = 0;    // And captures.
    std::uint64_t given_back = 0;   // Refunds and reversals of purchases.
    std::uint64_t authorizations = 0;
    std::uint64_t capped = 0;  // Changes of lots under a cap per day.
    std::uint64_t payouts = 0;
  };

  // `whole`: the range begins with the journal, so that nothing is of before it.
  BundleSales(const BundleFacts* facts, bool whole) : facts_(*facts), whole_(whole) {}

  // A record of before the range that later ones go on from.
  void LearnEarlier(const journal::v1::Record& record);
  // Fails: kDataLoss, saying what does not fit.
  absl::Status Check(const journal::v1::Record& record);
  const Figures& figures() const { return figures_; }

 private:
  struct Sale {
    std::int64_t points = 0;  // Of an earlier authorisation or bill, the most that it may be.
    std::int64_t back = 0;    // Given back so far; below zero: not known yet.
    bool held = false;        // An authorisation that has not ended.
    bool earlier = false;     // Of before the range: whether it has ended is not known.
  };
  using DayKey = std::tuple<MemberId, std::uint32_t, std::int32_t>;

  absl::Status CheckGrant(const journal::v1::Entry& entry);
  absl::Status CheckPurchase(const journal::v1::Entry& entry, Sequence sequence);
  absl::Status CheckAuthorization(const journal::v1::Entry& entry, Sequence sequence);
  absl::Status CheckCapture(const journal::v1::Entry& entry);
  absl::Status CheckRelease(const journal::v1::Entry& entry, Sequence of, std::int64_t points);
  absl::Status CheckRefund(const journal::v1::Entry& entry);
  absl::Status CheckReversal(const journal::v1::Entry& entry);
  absl::Status GiveBack(Sale* sale, std::int64_t points, std::int64_t fee,
                        const journal::v1::Entry& entry);
  absl::Status CheckPayout(const journal::v1::Entry& entry);
  absl::Status CheckDays(const journal::v1::Entry& entry, std::int64_t time_micros);
  absl::StatusOr<Sale*> Held(Sequence of);

  const BundleFacts& facts_;
  const bool whole_;
  Figures figures_;
  absl::flat_hash_map<Sequence, Sale> sales_;
  absl::flat_hash_set<std::pair<std::uint32_t, std::uint64_t>> granted_;  // Campaign and row.
  absl::flat_hash_map<DayKey, std::int64_t> days_;
  absl::flat_hash_map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> paid_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_SALES_H_
