// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_TERMS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_TERMS_H_

#include "audit/bundle/bundle_facts.h"
#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace puhui::audit {

// What the terms of campaigns say that their issue runs and grants say again. Some 60 bytes for
// each campaign, and what its lists take. Threads: none.
class BundleTerms {
 public:
  void Learn(const journal::v1::Record& record);

  // Whether the lots that a grant opens are those of the terms of its campaign, if they are known.
  // Fails: kDataLoss.
  absl::Status CheckGrant(const journal::v1::Grant& grant) const;
  // Whether a run says of its campaign what the pack asks of it, and nothing else. Fails:
  // kDataLoss.
  absl::Status CheckFrame(std::uint32_t campaign, const BundleFacts::IssueRun& run,
                          const journal::v1::PackRules& pack) const;

 private:
  using Codes = std::vector<std::uint32_t>;
  struct Lists {
    Codes categories;
    Codes earmark_regions;
    Codes earmark_categories;
  };
  struct Terms {
    Sequence said_at = 0;
    std::int64_t expiry_micros = 0;
    absl::optional<std::int32_t> last_day;
    std::uint32_t earmark_basis_points = 0;
    std::unique_ptr<Lists> lists;  // Null: all are empty.
  };
  void Take(std::uint32_t campaign, const journal::v1::Terms& terms, Sequence at);
  static bool Expires(const Terms& terms, const BundleFacts::IssueRun& run);

  absl::flat_hash_map<std::uint32_t, Terms> terms_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_TERMS_H_
