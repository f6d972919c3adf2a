// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_RETURNS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_RETURNS_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace puhui::audit {

// Whether the fee of a sale is split among the unions whose points were spent as it has to be, what
// is given back of a sale goes back to the lots it came from and takes with it the fee on what is
// no longer kept, adjustments move no more than there is, and what gives up an authorisation
// charges nothing. Some 60 bytes for each sale, and 16 for each lot that it spent. Threads: none.
class BundleReturns {
 public:
  struct Figures {
    std::uint64_t followed = 0;    // Refunds, reversals of sales and adjustments.
    std::uint64_t unfollowed = 0;  // Others: of sales of before the range, or of no known sale.
  };

  // `whole`: the range begins with the journal, so that nothing is of before it.
  explicit BundleReturns(bool whole) : whole_(whole) {}

  // Requires: the postings balance, and the rate of a sale is at most the whole (BundleFees).
  // Fails: kDataLoss, saying what does not fit.
  absl::Status Check(const journal::v1::Record& record);
  const Figures& figures() const { return figures_; }

 private:
  // What a sale took of one lot, and the merchant keeps.
  struct Slice {
    std::uint32_t lot = 0;
    std::uint32_t origin = 0;
    std::int64_t points = 0;
  };
  using Slices = std::vector<Slice>;
  struct Sale {
    std::size_t first = 0;  // In slices_.
    std::uint32_t slices = 0;
    std::uint32_t merchant = 0;
    std::uint16_t rate = 0;
    std::uint16_t discount = 0;
    bool in_lines = false;  // A basket: which lots come back first, its lines say.
  };
  // Of one origin: what a merchant gets, and what of it is its fee.
  struct Share {
    std::int64_t points = 0;
    std::int64_t fee = 0;
  };
  using Shares = std::map<std::uint32_t, Share>;
  // By origin: by how much adjustments made the fee less.
  using Adjusted = std::map<std::uint32_t, std::int64_t>;
  // What a refund and a reversal say alike.
  struct GivenBack {
    Sequence sale = 0;
    std::int64_t points = 0;
    std::int64_t fee = 0;
    std::uint32_t rate = 0;
    std::uint32_t discount = 0;
    Adjusted left;
  };

  static Shares SharesOf(const Slices& slices, std::uint32_t rate, const Adjusted& adjusted);
  static Adjusted LeftOf(const Slices& kept, std::uint32_t rate, const Adjusted& adjusted);
  static absl::Status CheckPosted(const journal::v1::Entry& entry, std::uint32_t merchant,
                                  const Shares& shares);
  template <class Cause>
  static absl::StatusOr<GivenBack> GivenBackBy(const Cause& cause);
  static absl::StatusOr<Slices> KeptAfter(Slices kept, const Sale& sale,
                                          const journal::v1::Entry& entry, std::int64_t points);
  absl::Status CheckSale(const journal::v1::Record& record);
  absl::Status CheckGivenBack(const journal::v1::Entry& entry, const GivenBack& back);
  absl::Status CheckAdjustment(const journal::v1::Entry& entry);
  Slices SlicesOf(const Sale& sale) const;

  const bool whole_;
  Figures figures_;
  absl::flat_hash_map<Sequence, Sale> sales_;
  std::deque<Slice> slices_;
  absl::flat_hash_map<Sequence, Adjusted> adjusted_;  // Of few sales.
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_RETURNS_H_
