// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MARKET_MODEL_H_
#define PUHUI_TESTS_MODEL_MARKET_MODEL_H_

#include "tests/model/ledger_model.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>

namespace puhui::testing {

// The model with orders: what becomes of their points. What is in stock, order_steps.h keeps.
// Calls about orders are of no till: of kNoTill and the merchant's number. Threads: none.
class MarketModel final : public LedgerModel {
 public:
  // What an offer's own rules come to: before what is asked of the wallet, of the limits, and of
  // the funds.
  struct OfferRules {
    Verdict state{};
    Verdict uses{};
    Verdict stock{};
  };
  struct Wished {
    MemberId member{};
    std::int64_t points = 0;
    absl::optional<absl::Time> expiry{};  // Absent: it is sold at once.
  };
  Verdict PlaceOrder(const TillCall& call, const Wished& wished, const OfferRules& rules);
  void AcceptOrder(const TillCall& call, Sequence order);
  void EndOrder(const TillCall& call, Sequence order);
  void ReturnOrder(const TillCall& call, Sequence order, std::int64_t points);
  // `voucher`: what forbids it, once it is known to be of the till's merchant.
  Verdict RedeemVoucher(const TillCall& call, bool is_known, const Verdict& voucher);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MARKET_MODEL_H_
