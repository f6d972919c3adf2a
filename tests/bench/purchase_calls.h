// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_PURCHASE_CALLS_H_
#define PUHUI_TESTS_BENCH_PURCHASE_CALLS_H_

#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/bench/accounts.h"
#include "tests/bench/call.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace puhui::bench {

inline constexpr std::int64_t kPurchasePoints = 100;

// Purchases of kPurchasePoints by members drawn at random, at the terminals of each connection's
// merchant in turn.
// Threads: as CallSource. Borrows: the accounts.
class PurchaseCalls final : public CallSource {
 public:
  // `batch` is the till's batch number: two loads on one ledger need two, because a till never uses
  // its keys twice. Also seeds what is random.
  // Requires: the merchant of each channel has a terminal; there is a card (checked).
  PurchaseCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                const Accounts* accounts, std::uint32_t batch);
  ~PurchaseCalls() override;
  std::unique_ptr<Call> NewCall(std::size_t connection) override;
  // The same as messages of PurchaseStream, each place with a stream of its own.
  std::unique_ptr<Call> NewStreamedCall(std::size_t connection);

 private:
  struct Connection;
  class StreamedCall;
  static void Fill(Connection* over, puhui::v1::PurchaseRequest* request);

  const Accounts& accounts_;
  const std::uint32_t batch_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

// The purchases of another source, over streams.
// Threads: as CallSource. Borrows: the other.
class StreamedPurchases final : public CallSource {
 public:
  explicit StreamedPurchases(PurchaseCalls* calls) : calls_(*calls) {}
  std::unique_ptr<Call> NewCall(std::size_t connection) override {
    return calls_.NewStreamedCall(connection);
  }

 private:
  PurchaseCalls& calls_;
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_PURCHASE_CALLS_H_
