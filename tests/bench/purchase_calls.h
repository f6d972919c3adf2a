// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_PURCHASE_CALLS_H_
#define PUHUI_TESTS_BENCH_PURCHASE_CALLS_H_

#include "puhui/v1/pos_service.grpc.pb.h"
#include "tests/bench/accounts.h"
#include "tests/bench/call.h"

#include "absl/time/time.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui::bench {

inline constexpr std::int64_t kPurchasePoints = 100;

struct PurchaseWish {
  // The till's batch number: two loads on one ledger need two, because a till never uses its keys
  // twice. Also seeds what is random.
  std::uint32_t batch = 1;
  // Of so many purchases one is by the code of a device, while there is one whose turn it is; the
  // others are by card. 0: none.
  std::uint32_t code_every = 0;
};

// Purchases of kPurchasePoints by members drawn at random, or by the devices in turn, at the
// terminals of each connection's merchant in turn.
// Threads: as CallSource. Borrows: the accounts.
class PurchaseCalls final : public CallSource {
 public:
  // Requires: the merchant of each channel has a terminal; there is a card, and a device if any is
  // to pay (checked).
  PurchaseCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                const Accounts* accounts, const PurchaseWish& wish);
  ~PurchaseCalls() override;
  std::unique_ptr<Call> NewCall(std::size_t connection) override;
  // The same as messages of PurchaseStream, each place with a stream of its own.
  std::unique_ptr<Call> NewStreamedCall(std::size_t connection);

  // Purchases that were to be by code, and how many were. Once the load has ended.
  struct Codes {
    std::uint64_t wanted = 0;
    std::uint64_t used = 0;
  };
  Codes codes() const;

 private:
  struct Connection;
  class StreamedCall;
  static void Fill(Connection* over, puhui::v1::PurchaseRequest* request);
  static std::string CodeToUse(Connection* over, absl::Time now);

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
