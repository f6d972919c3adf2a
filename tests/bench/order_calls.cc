// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/order_calls.h"

#include "ledger/base/check.h"
#include "puhui/v1/order_service.grpc.pb.h"
#include "tests/bench/request_id.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

#include <random>

namespace puhui::bench {

// What the calls of one connection share.
struct OrderCalls::Connection {
  std::unique_ptr<puhui::v1::OrderService::Stub> stub;
  std::string member;
  const std::vector<std::string>* offers = nullptr;
  bool hot = false;
  std::mt19937_64 random;
};

namespace {

// It was created, then published.
constexpr std::uint32_t kVersion = 2;

}  // namespace

std::string BuyerOf(std::size_t connection) { return absl::StrCat("buyer-", connection); }

OrderCalls::OrderCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                       const Accounts* accounts, bool hot) {
  PUHUI_CHECK(accounts->members.size() >= channels.size() && accounts->offers.size() > 1);
  const auto seed = static_cast<std::uint64_t>(absl::ToUnixMicros(absl::Now()));
  for (std::size_t i = 0; i < channels.size(); ++i) {
    auto connection = std::make_unique<Connection>();
    connection->stub = puhui::v1::OrderService::NewStub(channels[i]);
    connection->member = accounts->members[i];
    connection->offers = &accounts->offers;
    connection->hot = hot;
    connection->random.seed(seed + i);
    connections_.push_back(std::move(connection));
  }
}

OrderCalls::~OrderCalls() = default;

std::unique_ptr<Call> OrderCalls::NewCall(std::size_t connection) {
  class OrderCall final
      : public UnaryCall<puhui::v1::PlaceOrderRequest, puhui::v1::PlaceOrderResponse> {
   public:
    explicit OrderCall(Connection* over) : over_(*over) {}

   private:
    void Fill(puhui::v1::PlaceOrderRequest* request) override {
      const std::size_t others = over_.offers->size() - 1;
      const std::size_t offer = over_.hot ? 0 : 1 + over_.random() % others;
      request->set_request_id(NewRequestId(over_.random));
      request->set_parent(over_.member);
      request->set_offer((*over_.offers)[offer]);
      request->set_offer_version(kVersion);
      request->set_quantity(1);
      request->set_fulfilment(puhui::v1::FULFILMENT_KIND_E_COUPON);
    }
    Reader Send(grpc::ClientContext* context, const puhui::v1::PlaceOrderRequest& request,
                grpc::CompletionQueue* queue) override {
      return over_.stub->AsyncPlaceOrder(context, request, queue);
    }

    Connection& over_;
  };
  return std::make_unique<OrderCall>(connections_.at(connection).get());
}

}  // namespace puhui::bench
