// SPDX-License-Identifier: Apache-2.0
#include "tests/linearizability/offer_calls.h"

#include <algorithm>

namespace puhui::testing {
namespace {

using ledger::Reason;

bool Refuses(const OfferOutput& output, Reason reason) { return output.refused == reason; }

bool Place(const OfferInput& input, const OfferOutput& output, OfferModel::State* state) {
  std::uint32_t& uses = state->uses.at(input.buyer);
  if (uses + input.quantity > OfferModel::kLimit) {
    return Refuses(output, Reason::kOfferLimitReached);
  }
  if (input.quantity > state->available) {
    return Refuses(output, Reason::kOutOfStock) && output.available == state->available;
  }
  if (output.refused.has_value()) return false;
  uses += input.quantity;
  state->available -= input.quantity;
  const auto at = std::lower_bound(
      state->orders.begin(), state->orders.end(), output.order,
      [](const OfferModel::Order& order, Sequence number) { return order.number < number; });
  state->orders.insert(at,
                       {output.order, input.buyer, input.quantity, OfferModel::Standing::kPlaced});
  return true;
}

void GiveBack(const OfferModel::Order& order, OfferModel::State* state) {
  state->available += order.quantity;
  state->uses.at(order.buyer) -= order.quantity;
}

bool Change(const OfferInput& input, const OfferOutput& output, OfferModel::Order& order,
            OfferModel::State* state) {
  const bool placed = order.standing == OfferModel::Standing::kPlaced;
  const bool sold = order.standing == OfferModel::Standing::kAccepted;
  if (input.verb == OfferVerb::kRedeem) {
    if (order.standing == OfferModel::Standing::kRedeemed)
      return Refuses(output, Reason::kVoucherRedeemed);
    if (order.standing == OfferModel::Standing::kGivenUp)
      return Refuses(output, Reason::kVoucherVoid);
    if (!sold || output.refused.has_value()) return false;
    order.standing = OfferModel::Standing::kRedeemed;
    return true;
  }
  const bool may = placed || (sold && input.verb == OfferVerb::kGiveUp);
  if (!may) return Refuses(output, Reason::kOrderState);
  if (output.refused.has_value()) return false;
  if (input.verb == OfferVerb::kAccept) {
    order.standing = OfferModel::Standing::kAccepted;
    return true;
  }
  GiveBack(order, state);
  order.standing = sold ? OfferModel::Standing::kGivenUp : OfferModel::Standing::kOver;
  return true;
}

}  // namespace

bool OfferModel::Step(const OfferInput& input, const OfferOutput& output, State* state) {
  if (input.verb == OfferVerb::kLook) return output.available == state->available;
  if (input.verb == OfferVerb::kPlace) return Place(input, output, state);
  const auto order = std::find_if(state->orders.begin(), state->orders.end(),
                                  [&](const Order& known) { return known.number == input.order; });
  // Nobody names an order before its answer came.
  return order != state->orders.end() && Change(input, output, *order, state);
}

}  // namespace puhui::testing
