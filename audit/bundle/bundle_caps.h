// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_CAPS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_CAPS_H_

#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_received.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstdint>
#include <string>

namespace puhui::audit {

// Whether the sums that a grant says its member had received are any.
bool SaysReceivable(const journal::v1::GrantRules& rules);
// Whether the grant names the rules that its run was begun under, or both name none.
bool IsUnderRulesOf(const journal::v1::Grant& grant, const BundleFacts::IssueRun& run);
// That the run's grants count in.
std::int64_t YearOf(const BundleFacts::IssueRun& run);

// Points that a member has not received any more.
struct TakenBack {
  std::uint32_t campaign = 0;
  std::int64_t points = 0;
};
bool TakesBack(const journal::v1::Entry& entry);
// Requires: TakesBack(entry). Fails: kDataLoss, when it posts or says something else.
absl::StatusOr<TakenBack> TakenBackBy(const journal::v1::Entry& entry);

// Whether each grant is one that its rule pack allows, and what it says its member had received is
// what earlier grants of the bundle come to, whoever issued them, less what was taken back.
// Threads: none. Borrows: the facts.
class BundleCaps {
 public:
  struct Figures {
    std::uint64_t followed = 0;    // Grants under rules whose inputs were all known before.
    std::uint64_t unfollowed = 0;  // Others: something of it was received before the range.
  };

  // `whole`: the range begins with the journal, so that nothing is of before it.
  BundleCaps(const BundleFacts* facts, bool whole)
      : facts_(*facts),
        whole_(whole),
        received_(whole ? ReceivedKnown::kAll : ReceivedKnown::kOfRange) {}

  // Requires: the entry's points are what it posts (BundleSales). Fails: kDataLoss, saying what
  // does not fit.
  absl::Status Check(const journal::v1::Entry& entry);
  // Gives the memory back: nothing more will be asked.
  void Forget() { received_.Forget(); }
  const Figures& figures() const { return figures_; }

 private:
  absl::Status CheckGrant(const journal::v1::Entry& entry);
  absl::Status CheckRules(const journal::v1::Grant& grant, const BundleReceived::Place& place);
  absl::Status TakeBack(const journal::v1::Entry& entry);
  // The occasion and the year that the points of a campaign count in. The year is not there when
  // the bundle does not say when its run began.
  absl::Status FindPlace(const journal::v1::Entry& entry, std::uint32_t campaign,
                         BundleReceived::Place* place);

  const BundleFacts& facts_;
  const bool whole_;
  // A run of before the range is missing, so that nobody can say what was received from there on:
  // as in bundles of versions that did not write them.
  bool lost_ = false;
  BundleReceived received_;
  Figures figures_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_CAPS_H_
