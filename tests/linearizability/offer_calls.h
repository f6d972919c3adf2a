// SPDX-License-Identifier: Apache-2.0
// What buyers, a merchant and its tills ask about one offer and what they hear, in words that the
// ledger and its model share.
#ifndef PUHUI_TESTS_LINEARIZABILITY_OFFER_CALLS_H_
#define PUHUI_TESTS_LINEARIZABILITY_OFFER_CALLS_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "tests/linearizability/checker.h"

#include "absl/types/optional.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::testing {

enum class OfferVerb {
  kPlace,
  kCancel,  // By the member.
  kAccept,
  kGiveUp,  // Cancelled by the merchant.
  kRedeem,  // At a till, by the digits that the order's voucher has once it is accepted.
  kLook,    // How many are in stock: reads what is durable.
};

struct OfferInput {
  OfferVerb verb{};
  std::uint32_t buyer = 0;
  std::uint32_t quantity = 0;
  Sequence order = 0;
};

struct OfferOutput {
  absl::optional<ledger::Reason> refused{};
  Sequence order = 0;          // That was placed.
  std::int64_t available = 0;  // Of a look, and with OUT_OF_STOCK.

  friend bool operator==(const OfferOutput&, const OfferOutput&) = default;
};

using OfferOperation = Operation<OfferInput, OfferOutput>;
using OfferHistory = std::vector<OfferOperation>;  // Of one offer.

// One offer that is asked one thing after the other.
struct OfferModel {
  static constexpr std::size_t kBuyers = 4;
  static constexpr std::int64_t kStock = 5;
  static constexpr std::uint32_t kLimit = 3;  // Of one member.

  using Input = OfferInput;
  using Output = OfferOutput;
  enum class Standing : std::uint8_t { kPlaced, kAccepted, kRedeemed, kOver, kGivenUp };
  struct Order {
    Sequence number = 0;
    std::uint32_t buyer = 0;
    std::uint32_t quantity = 0;
    Standing standing{};

    friend bool operator==(const Order&, const Order&) = default;
    template <class H>
    friend H AbslHashValue(H hash, const Order& order) {
      return H::combine(std::move(hash), order.number, order.standing);
    }
  };
  struct State {
    std::int64_t available = kStock;
    std::array<std::uint32_t, kBuyers> uses{};
    std::vector<Order> orders{};  // By number.

    friend bool operator==(const State&, const State&) = default;
    template <class H>
    friend H AbslHashValue(H hash, const State& state) {
      return H::combine(std::move(hash), state.available, state.uses, state.orders);
    }
  };
  // Does it, or returns false where it would have said something else.
  static bool Step(const OfferInput& input, const OfferOutput& output, State* state);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_OFFER_CALLS_H_
