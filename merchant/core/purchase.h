// SPDX-License-Identifier: Apache-2.0
// What a purchase takes from whom, and what its refunds give back. Pure arithmetic: every point
// that leaves the wallet is in a payable or a fee account of the same origin.
#ifndef PUHUI_MERCHANT_CORE_PURCHASE_H_
#define PUHUI_MERCHANT_CORE_PURCHASE_H_

#include "ledger/base/id.h"
#include "ledger/base/points.h"
#include "ledger/core/account.h"
#include "ledger/core/basket.h"
#include "ledger/core/wallet.h"

#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::merchant {

// Stored.
enum class PurchaseState : std::uint8_t {
  kCaptured = 1,
  kPartlyRefunded = 2,
  kRefunded = 3,
  kReversed = 4,
};

// The slices that were kept, after `given_back` points went back: refunds take from the last slice
// first.
std::vector<ledger::LotSlice> KeptSlices(const std::vector<ledger::LotSlice>& taken,
                                         std::int64_t given_back);

// One line of a basket, what paid for it, and what of that is given back: the last part first.
struct PaidLine {
  std::uint32_t category = 0;
  std::uint32_t region = 0;
  std::int64_t points = 0;  // Asked for.
  std::int64_t refunded = 0;
  std::vector<ledger::LinePart> parts{};

  std::int64_t Paid() const;
  template <class F>
  void Fields(F& f) {
    f(category, region, points, refunded, parts);
  }
};

// Memory that lines hold beyond themselves.
std::size_t HeapBytesOf(const std::vector<PaidLine>& lines);

// What goes back to one line.
struct LineRefund {
  std::size_t line = 0;
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(line, points);
  }
  friend bool operator==(const LineRefund&, const LineRefund&) = default;
};

// The slices that are kept of a basket, in the order of `taken`.
std::vector<ledger::LotSlice> KeptOfLines(const std::vector<ledger::LotSlice>& taken,
                                          const std::vector<PaidLine>& lines);
// Where points go back to when no line is named: to the last first.
// Requires: so much is kept (checked).
std::vector<LineRefund> LinesToRefund(const std::vector<PaidLine>& lines, std::int64_t points);

// What of the slices in `before` is no longer in `after`, the last first.
std::vector<ledger::LotSlice> GivenBack(const std::vector<ledger::LotSlice>& before,
                                        const std::vector<ledger::LotSlice>& after);

// Who pays and who is paid.
struct Parties {
  MemberId member;
  MerchantNumber merchant{};
  BasisPoints fee_rate;
};

// Points of one origin that a merchant got, and what of them is its fee.
struct Share {
  std::int64_t points = 0;
  std::int64_t fee = 0;
};

// By how much adjustments made the fee on one origin's points less; negative: more.
struct FeeAdjustment {
  UnionNumber origin{};
  std::int64_t points = 0;

  template <class F>
  void Fields(F& f) {
    f(origin, points);
  }
  friend bool operator==(const FeeAdjustment&, const FeeAdjustment&) = default;
};

// One more. At most one is kept of an origin, and none that comes to nothing.
void AddAdjustment(const FeeAdjustment& more, std::vector<FeeAdjustment>* adjustments);

// What is kept of the origin, and the fee of it: the rounded-down one less what was adjusted, but
// never below zero and never above what is kept.
Share ShareOf(const std::vector<ledger::LotSlice>& kept, BasisPoints rate,
              const std::vector<FeeAdjustment>& adjustments, UnionNumber origin);
// What there still is of the adjustments once only `kept` is kept: that by which the fee is another
// than the rounded-down one. Nothing of an origin of which nothing is kept.
std::vector<FeeAdjustment> AdjustmentsLeft(const std::vector<ledger::LotSlice>& kept,
                                           BasisPoints rate,
                                           const std::vector<FeeAdjustment>& adjustments);

// wallet → payable and fee, by origin. The fee is rounded down, the remainder stays with the
// merchant. Requires: `taken` is not empty (checked).
std::vector<ledger::Posting> PurchasePostings(const Parties& parties,
                                              const std::vector<ledger::LotSlice>& taken);

// payable and fee → wallet, by origin, for keeping `after` of `before`. The merchant gets back the
// fee on what it no longer keeps, so that the fee on the rest is again the rounded-down one.
//
// What goes back from the end (KeptSlices) never has more postings than the purchase had, and so
// fits into kPostingsPerEntryMax: the fee and what is payable both grow, or stay, with every point
// of the purchase, so an origin without a fee (or with nothing payable) has none to give back
// either. What goes back from amid a basket moves a point of fee from one origin to another now and
// then; therefore kOriginsPerBasketMax.
//
// What adjustments gave back of the fee does not come back once more, and what they added to it
// comes back by the time that nothing is kept: the fee before and after is that of ShareOf.
// Requires: `adjustments` are those left on `before`.
std::vector<ledger::Posting> RefundPostings(const Parties& parties,
                                            const std::vector<ledger::LotSlice>& before,
                                            const std::vector<ledger::LotSlice>& after,
                                            const std::vector<FeeAdjustment>& adjustments = {});

// The fee in `postings`: what they add to fee accounts, negative for a refund.
std::int64_t FeeOf(const std::vector<ledger::Posting>& postings);

// When points go back to a lot, refunded or no longer held: unchanged while it runs, a grace period
// of kRefundGraceDays from now after it has expired.
absl::Time ExpiryAfterRefund(absl::Time lot_expiry, absl::Time now);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_CORE_PURCHASE_H_
