// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_FEES_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_FEES_H_

#include "audit/bundle/bundle_facts.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::audit {

// Rounded down: the remainder is the merchant's. Requires: 0 <= points, 0 <= basis points <=
// 10,000.
std::int64_t FeeOf(std::int64_t points, std::int64_t basis_points);

// Whether the fee of each purchase and capture is what its merchant's agreement in force says.
// Threads: none. Borrows: the facts.
class BundleFees {
 public:
  struct Figures {
    std::uint64_t checked = 0;
    std::uint64_t unchecked = 0;  // Of merchants of before the range that are not in the bundle.
  };

  // `whole`: the range begins with the journal, so that nothing is of before it.
  BundleFees(const BundleFacts* facts, bool whole) : facts_(*facts), whole_(whole) {}

  // Requires: the entry posts the points and the fee that it says (BundleSales).
  // Fails: kDataLoss, saying what does not fit.
  absl::Status Check(const journal::v1::Record& record);
  const Figures& figures() const { return figures_; }

 private:
  struct Charge {
    std::uint32_t agreement = 0;
    std::uint64_t rate = 0;  // Basis points, discount included.
    std::uint32_t discount = 0;
  };
  // What is charged at that moment; nullopt when the bundle does not say.
  absl::optional<Charge> ChargeAt(std::uint32_t merchant, std::int64_t now_micros) const;

  const BundleFacts& facts_;
  const bool whole_;
  Figures figures_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_FEES_H_
