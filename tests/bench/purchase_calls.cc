// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/purchase_calls.h"

#include "ledger/base/check.h"
#include "merchant/app/device_keys.h"
#include "merchant/core/device_code.h"
#include "merchant/core/payment_code.h"
#include "tests/bench/code_turns.h"
#include "tests/bench/connections.h"
#include "tests/bench/request_id.h"

#include "absl/time/clock.h"
#include "absl/types/optional.h"

#include <random>
#include <utility>

namespace puhui::bench {

// What the calls of one connection share.
struct PurchaseCalls::Connection {
  std::unique_ptr<puhui::v1::PosService::Stub> stub;
  std::vector<std::string> terminals;
  const Accounts* accounts = nullptr;
  PurchaseWish wish;
  std::uint64_t purchases = 0;
  std::mt19937_64 random;
  absl::optional<CodeTurns> turns;  // If any device is to pay.
  Codes codes;
};

PurchaseCalls::PurchaseCalls(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                             const Accounts* accounts, const PurchaseWish& wish) {
  PUHUI_CHECK(!accounts->cards.empty());
  const absl::Time now = absl::Now();
  for (std::size_t i = 0; i < channels.size(); ++i) {
    auto connection = std::make_unique<Connection>();
    connection->stub = puhui::v1::PosService::NewStub(channels[i]);
    connection->terminals = accounts->TerminalsOf(MerchantOf(i));
    PUHUI_CHECK(!connection->terminals.empty());
    connection->accounts = accounts;
    connection->wish = wish;
    connection->random.seed((std::uint64_t{wish.batch} << 32) + i);
    if (wish.code_every > 0) {
      connection->turns.emplace(
          CodeTurns::Share{
              .connection = i, .connections = channels.size(), .devices = accounts->devices.size()},
          now);
    }
    connections_.push_back(std::move(connection));
  }
}

PurchaseCalls::~PurchaseCalls() = default;

PurchaseCalls::Codes PurchaseCalls::codes() const {
  Codes sum;
  for (const auto& connection : connections_) {
    sum.wanted += connection->codes.wanted;
    sum.used += connection->codes.used;
  }
  return sum;
}

void PurchaseCalls::Fill(Connection* over, puhui::v1::PurchaseRequest* request) {
  const std::uint64_t number = over->purchases++;
  const std::size_t terminals = over->terminals.size();
  const absl::Time now = absl::Now();
  request->set_request_id(NewRequestId(over->random));
  puhui::v1::Till& till = *request->mutable_till();
  till.set_terminal(over->terminals[number % terminals]);
  till.set_batch_number(over->wish.batch);
  till.set_trace_number(static_cast<std::uint32_t>(number / terminals + 1));
  till.mutable_local_time()->set_seconds(absl::ToUnixSeconds(now));
  request->set_points(kPurchasePoints);
  // The message may be that of the place's last call.
  request->clear_card_number();
  request->set_payment_code(CodeToUse(over, now));
  if (!request->payment_code().empty()) return;
  const std::vector<std::string>& cards = over->accounts->cards;
  request->set_card_number(cards[over->random() % cards.size()]);
}

// What a member's app shows; empty when the purchase is to be by card, or no device has its turn.
std::string PurchaseCalls::CodeToUse(Connection* over, absl::Time now) {
  if (!over->turns.has_value() || over->purchases % over->wish.code_every != 0) return "";
  ++over->codes.wanted;
  const absl::optional<CodeTurns::Turn> turn = over->turns->Take(now);
  if (!turn.has_value()) return "";
  ++over->codes.used;
  const Device& device = over->accounts->devices[turn->device];
  return merchant::PaymentCodeOf(over->accounts->code_prefix,
                                 merchant::NumberOf(merchant::ComputeDeviceCode(
                                     device.number, device.secret, device.cohort_key, turn->step)));
}

std::unique_ptr<Call> PurchaseCalls::NewCall(std::size_t connection) {
  class PurchaseCall final
      : public UnaryCall<puhui::v1::PurchaseRequest, puhui::v1::PurchaseResponse> {
   public:
    explicit PurchaseCall(Connection* over) : over_(*over) {}

   private:
    void Fill(puhui::v1::PurchaseRequest* request) override {
      PurchaseCalls::Fill(&over_, request);
    }
    Reader Send(grpc::ClientContext* context, const puhui::v1::PurchaseRequest& request,
                grpc::CompletionQueue* queue) override {
      return over_.stub->AsyncPurchase(context, request, queue);
    }

    Connection& over_;
  };
  return std::make_unique<PurchaseCall>(connections_.at(connection).get());
}

// Begins the stream with its first message; a message is written, and then its answer read.
class PurchaseCalls::StreamedCall final : public Call {
 public:
  explicit StreamedCall(Connection* over) : over_(*over) {}
  ~StreamedCall() override { context_.TryCancel(); }

  void Start(grpc::CompletionQueue* queue, void* tag) override {
    tag_ = tag;
    Fill(&over_, request_.mutable_purchase());
    if (stream_ != nullptr) return Write();
    doing_ = Doing::kBeginning;
    stream_ = over_.stub->AsyncPurchaseStream(&context_, queue, tag_);
  }
  bool Move(bool ok) override {
    if (!ok) {
      status_ = grpc::Status(grpc::StatusCode::UNAVAILABLE, "the stream broke");
      return true;
    }
    switch (doing_) {
      case Doing::kBeginning:
        Write();
        return false;
      case Doing::kWriting:
        doing_ = Doing::kReading;
        stream_->Read(&response_, tag_);
        return false;
      case Doing::kReading:
        break;
    }
    const puhui::v1::RpcStatus& refused = response_.refused();
    status_ = response_.has_accepted()
                  ? grpc::Status::OK
                  : grpc::Status(static_cast<grpc::StatusCode>(refused.code()), refused.message());
    return true;
  }
  const grpc::Status& status() const override { return status_; }
  std::size_t request_bytes() const override { return request_.ByteSizeLong(); }
  std::size_t answer_bytes() const override { return response_.ByteSizeLong(); }

 private:
  enum class Doing { kBeginning, kWriting, kReading };

  void Write() {
    doing_ = Doing::kWriting;
    stream_->Write(request_, tag_);
  }

  Connection& over_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<puhui::v1::PurchaseStreamRequest,
                                                puhui::v1::PurchaseStreamResponse>>
      stream_;
  puhui::v1::PurchaseStreamRequest request_;
  puhui::v1::PurchaseStreamResponse response_;
  grpc::Status status_;
  void* tag_ = nullptr;
  Doing doing_ = Doing::kBeginning;
};

std::unique_ptr<Call> PurchaseCalls::NewStreamedCall(std::size_t connection) {
  return std::make_unique<StreamedCall>(connections_.at(connection).get());
}

}  // namespace puhui::bench
