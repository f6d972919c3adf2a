// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_RUNS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_RUNS_H_

#include "audit/bundle/bundle_facts.h"
#include "audit/bundle/bundle_terms.h"
#include "audit/bundle/bundle_unions.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::audit {

// Whether each issue run is under the rule pack that binds the union of its campaign, says of the
// campaign what its terms say, and grants what these terms are. Threads: none. Borrows: the facts.
class BundleRuns {
 public:
  struct Figures {
    std::uint64_t bound = 0;    // Issue runs whose rule pack is the one that binds their union.
    std::uint64_t unbound = 0;  // Others: of unions that the bundle does not have.
  };

  // `whole`: the range begins with the journal, so that nothing is of before it.
  BundleRuns(const BundleFacts* facts, bool whole) : facts_(*facts), whole_(whole) {}

  // A record of before the range that later ones go on from.
  void LearnEarlier(const journal::v1::Record& record) { Learn(record); }
  // Requires: the facts have learnt the record. Fails: kDataLoss, saying what does not fit.
  absl::Status Check(const journal::v1::Record& record);
  const Figures& figures() const { return figures_; }

 private:
  void Learn(const journal::v1::Record& record);
  absl::Status CheckStart(const journal::v1::Record& record);
  // That the run's rule pack is the one that binds its union now, and what it says of the campaign
  // what the pack asks. `known` says whether the bundle tells which one binds.
  absl::Status CheckBound(std::uint32_t campaign, bool* known);
  absl::Status CheckGrant(const journal::v1::Entry& entry);

  const BundleFacts& facts_;
  const bool whole_;
  Figures figures_;
  BundleUnions unions_;
  BundleTerms terms_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_RUNS_H_
