// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_ORDER_CALLS_H_
#define PUHUI_TESTS_BENCH_ORDER_CALLS_H_

#include "tests/bench/accounts.h"
#include "tests/bench/call.h"

#include <grpcpp/channel.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace puhui::bench {

// The names that the identities of a load of orders have: connection 0 speaks for the first member
// of the accounts, and so on.
std::string BuyerOf(std::size_t connection);

// Orders of one e-coupon each, sold at once, by the member whose certificate the connection shows:
// all of one hot offer, or of the others drawn at random.
// Threads: as CallSource. Borrows: the accounts.
class OrderCalls final : public CallSource {
 public:
  // Requires: there is a member for each channel, and an offer besides the hot one (checked).
  OrderCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels, const Accounts* accounts,
             bool hot);
  ~OrderCalls() override;
  std::unique_ptr<Call> NewCall(std::size_t connection) override;

 private:
  struct Connection;

  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_ORDER_CALLS_H_
