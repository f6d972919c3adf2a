// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_PLANS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_PLANS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/merkle.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace puhui::audit {

// Whether each issue run carries out the plan that was approved for its campaign, under the terms
// of then, and grants the rows of that plan one after another. Some 250 bytes for each campaign,
// and 24 for each row of a plan of the range until its run has ended. Threads: none.
class BundlePlans {
 public:
  struct Figures {
    std::uint64_t approved = 0;    // Issue runs whose approval is there.
    std::uint64_t unapproved = 0;  // Others: it is of before the range, and not in the bundle.
    std::uint64_t planned = 0;     // Grants that were held against their row of the plan.
    std::uint64_t unplanned = 0;   // Others: the plan was uploaded before the range.
  };

  // `whole`: the range begins with the journal, so that nothing is of before it.
  explicit BundlePlans(bool whole) : whole_(whole) {}

  // A record of before the range that later ones go on from.
  void LearnEarlier(const journal::v1::Record& record);
  // Fails: kDataLoss, saying what does not fit.
  absl::Status Check(const journal::v1::Record& record);
  const Figures& figures() const { return figures_; }

 private:
  // What was uploaded, or is being uploaded.
  struct Rows {
    std::uint32_t version = 0;
    ledger::MerkleFrontier tree;
    std::int64_t points = 0;
    std::map<std::uint64_t, std::string> pieces;  // By the first row of each.
  };
  struct Plan {
    std::uint64_t rows = 0;
    std::int64_t points = 0;
    std::string hash;
    std::map<std::uint64_t, std::string> pieces;  // None: it was uploaded before the range.
  };
  struct Submission {
    std::string plan_hash;
    std::string pack;
    std::uint32_t version = 0;
    std::uint32_t approvers = 1;
    std::uint32_t approvals = 0;
    bool of_range = false;  // So that all approvals of it are there.
  };
  // Sequences say where something was last, of before the range too; 0: nothing is known of it.
  struct Campaign {
    bool of_range = false;  // It was created in the range, or a record of it voided what there was.
    Sequence changed_at = 0;  // What makes approvals void.
    Sequence planned_at = 0;
    Sequence submitted_at = 0;
    Sequence approved_at = 0;
    Sequence begun_at = 0;  // The issue run.
    bool row_known = false;
    bool counted = false;  // The run is of the range from its first row on.
    std::uint64_t next_row = 0;
    std::uint64_t granted = 0;
    std::int64_t points_granted = 0;
    std::string approved_hash;
    Plan plan;
    Submission submission;
    std::unique_ptr<Rows> upload;
  };

  Campaign& Of(std::uint32_t number);
  // What was approved of it, or is being uploaded, is void.
  void Change(std::uint32_t number, Sequence at);
  static void TakePlan(const journal::v1::Record& record, Campaign* campaign);
  static void TakeSubmission(const journal::v1::Record& record, Campaign* campaign);
  absl::Status CheckUpload(const journal::v1::Record& record);
  absl::Status CheckCompletion(const journal::v1::Record& record);
  absl::Status CheckSubmission(const journal::v1::Record& record);
  absl::Status CheckApprovalGiven(const journal::v1::ApprovalGiven& given);
  absl::Status CheckApproval(const journal::v1::Record& record);
  absl::Status CheckStart(const journal::v1::Record& record);
  absl::Status CheckApproved(const Campaign& campaign);
  absl::Status CheckVerdict(std::uint32_t number, std::uint64_t row);
  absl::Status CheckGrant(const journal::v1::Entry& entry);
  absl::Status CheckFinish(const journal::v1::IssueFinished& finished);

  const bool whole_;
  Figures figures_;
  absl::flat_hash_map<std::uint32_t, std::unique_ptr<Campaign>> campaigns_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_PLANS_H_
