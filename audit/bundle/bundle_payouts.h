// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_PAYOUTS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_PAYOUTS_H_

#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// Points by the union whose money they are.
using BundleSums = std::map<std::uint32_t, std::int64_t>;

// Whether merchants are paid what their statements came to: an agreement is upon the statement that
// was cut, a run pays what the day and what earlier ones fell short by come to, and once; and a
// payout is of a payment of an approved run, to the merchant and by whose money that says.
// Threads: none.
class BundlePayouts {
 public:
  struct Figures {
    std::uint64_t agreed = 0;          // Agreements upon cuts that are in the range.
    std::uint64_t agreed_earlier = 0;  // Others.
    std::uint64_t due = 0;             // Payments in runs, of what their statements came to.
    std::uint64_t due_unknown = 0;     // Others: what that is, the bundle does not tell.
    std::uint64_t approved = 0;        // Payouts of runs whose approval is there.
    std::uint64_t unapproved = 0;      // Others: of runs of before the range.
  };

  // `whole`: the range begins with the journal, so that nothing is of before it.
  explicit BundlePayouts(bool whole) : whole_(whole) {}

  // A record of before the range that later ones go on from.
  void LearnEarlier(const journal::v1::Record& record);
  // `came_to`: of a cut, what its day came to; null when it was not added up.
  // Fails: kDataLoss, saying what does not fit.
  absl::Status Check(const journal::v1::Record& record, const BundleSums* came_to);
  const Figures& figures() const { return figures_; }

 private:
  using StatementKey = std::pair<std::uint32_t, std::int32_t>;  // Merchant and day.
  struct Statement {
    bool cut = false;
    bool agreed = false;
    bool settled = false;  // In a run that had nothing to pay of it.
    bool due_known = false;
    std::uint32_t attempts = 0;
    std::string digest;
    absl::optional<BundleSums> came_to;
    absl::optional<BundleSums> sums;     // What each attempt pays.
    std::map<std::uint32_t, bool> paid;  // By origin, as far as it is known.
  };
  struct Payment {
    StatementKey statement;
    BundleSums sums;
  };
  struct Run {
    std::string maker;
    std::vector<Payment> payments;
    bool earlier = false;
  };
  enum class RunState { kApproved, kCancelled };
  struct Payee {
    absl::optional<BundleSums> carried;  // What days fell short by so far, below zero.
    std::set<std::int32_t> waiting;      // Days that were cut, and are in no run yet.
  };

  absl::Status Cut(const journal::v1::DayCut& cut, const BundleSums* came_to);
  absl::Status Agree(const journal::v1::StatementAgreed& agreed);
  absl::Status Create(const journal::v1::PayoutRunCreated& created);
  absl::Status TakePayment(const journal::v1::RunPayment& payment, Run* run);
  absl::Status TakeFirst(const StatementKey& key, const BundleSums& sums, const BundleSums& carried,
                         Statement* statement);
  absl::Status Approve(const journal::v1::PayoutRunApproved& approved);
  absl::Status Cancel(std::uint32_t run);
  absl::Status CheckPosted(const journal::v1::Entry& entry);
  // What was not paid of the statement becomes paid, or the other way round.
  absl::Status Turn(const Payment& of, const BundleSums& moved, bool back);
  absl::Status CheckApproved(std::uint32_t number, const Run& run);

  const bool whole_;
  Figures figures_;
  absl::optional<std::uint32_t> last_run_;  // Of the range.
  absl::flat_hash_map<std::uint32_t, Run> runs_;
  absl::flat_hash_map<std::uint32_t, RunState> states_;  // Of those that have one.
  absl::flat_hash_map<StatementKey, Statement> statements_;
  absl::flat_hash_map<std::uint32_t, Payee> payees_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_PAYOUTS_H_
