// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/purchase_calls.h"

#include "ledger/base/check.h"
#include "tests/bench/connections.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include <random>
#include <string>

namespace puhui::bench {

// What the calls of one connection share.
struct PurchaseCalls::Connection {
  std::unique_ptr<puhui::v1::PosService::Stub> stub;
  std::vector<std::string> terminals;
  const std::vector<std::string>* cards = nullptr;
  std::uint32_t batch = 0;
  std::uint64_t purchases = 0;
  std::mt19937_64 random;
};

namespace {

std::string NewRequestId(std::mt19937_64& random) {
  const std::uint64_t high = random();
  const std::uint64_t low = random();
  return absl::StrFormat("%08x-%04x-4%03x-8%03x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xfff, low >> 52, low & 0xffff'ffff'ffff);
}

}  // namespace

PurchaseCalls::PurchaseCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                             const Accounts* accounts, std::uint32_t batch)
    : accounts_(*accounts), batch_(batch) {
  PUHUI_CHECK(!accounts_.cards.empty());
  for (std::size_t i = 0; i < channels.size(); ++i) {
    auto connection = std::make_unique<Connection>();
    connection->stub = puhui::v1::PosService::NewStub(channels[i]);
    connection->terminals = accounts_.TerminalsOf(MerchantOf(i));
    PUHUI_CHECK(!connection->terminals.empty());
    connection->cards = &accounts_.cards;
    connection->batch = batch_;
    connection->random.seed((std::uint64_t{batch_} << 32) + i);
    connections_.push_back(std::move(connection));
  }
}

PurchaseCalls::~PurchaseCalls() = default;

std::unique_ptr<Call> PurchaseCalls::NewCall(std::size_t connection) {
  class PurchaseCall final
      : public UnaryCall<puhui::v1::PurchaseRequest, puhui::v1::PurchaseResponse> {
   public:
    explicit PurchaseCall(Connection* over) : over_(*over) {}

   private:
    void Fill(puhui::v1::PurchaseRequest* request) override {
      const std::uint64_t number = over_.purchases++;
      const std::size_t terminals = over_.terminals.size();
      request->set_request_id(NewRequestId(over_.random));
      puhui::v1::Till& till = *request->mutable_till();
      till.set_terminal(over_.terminals[number % terminals]);
      till.set_batch_number(over_.batch);
      till.set_trace_number(static_cast<std::uint32_t>(number / terminals + 1));
      till.mutable_local_time()->set_seconds(absl::ToUnixSeconds(absl::Now()));
      request->set_card_number((*over_.cards)[over_.random() % over_.cards->size()]);
      request->set_points(kPurchasePoints);
    }
    Reader Send(grpc::ClientContext* context, const puhui::v1::PurchaseRequest& request,
                grpc::CompletionQueue* queue) override {
      return over_.stub->AsyncPurchase(context, request, queue);
    }

    Connection& over_;
  };
  return std::make_unique<PurchaseCall>(connections_.at(connection).get());
}

}  // namespace puhui::bench
