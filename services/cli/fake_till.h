// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_FAKE_TILL_H_
#define PUHUI_SERVICES_CLI_FAKE_TILL_H_

#include "ledger/base/random.h"
#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/cli/bad_line.h"
#include "services/cli/till_requests.h"
#include "services/cli/till_text.h"

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace puhui::services {

// A till on a good line, and for chosen calls on a bad one.
// Threads: Send from any, the rest from one. Borrows: the randomness.
class FakeTill : public TillRequests {
 public:
  using Stub = v1::PosService::Stub;
  static constexpr absl::Duration kPatience = absl::Seconds(20);

  struct Wish {
    Identity identity;
    std::int64_t points = 0;  // Of an ordinary purchase.
    std::string server;       // host:port
    // Opens a channel to the server that is reached at another address.
    std::function<absl::StatusOr<std::shared_ptr<grpc::Channel>>(const std::string& address)>
        connect_by;
  };
  // Fails: as connect_by.
  static absl::StatusOr<std::unique_ptr<FakeTill>> Make(Wish wish, RandomSource* random);

  std::int64_t points() const { return wish_.points; }

  // Asks over the good line.
  template <class Request>
  auto Send(const Request& request) {
    grpc::ClientContext context;
    return Ask(*stub_, request, context);
  }
  // Several at a time.
  template <class Request>
  auto SendAll(const std::vector<Request>& requests) {
    std::vector<decltype(Send(requests.front()))> heard(requests.size());
    std::vector<std::thread> lanes;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      lanes.emplace_back([&, lane] {
        for (std::size_t i = lane; i < requests.size(); i += kLanes) heard[i] = Send(requests[i]);
      });
    }
    for (std::thread& lane : lanes) lane.join();
    return heard;
  }

  enum class Loss { kRequest, kAnswer };
  enum class End { kReset, kGiveUp };  // Of the line; of the till, which waits no longer.
  // Asks over a line that loses the request, or, once the server has decided, the answer.
  template <class Request>
  auto SendLost(const Request& request, Loss loss, End end) {
    return SendBadly(
        request,
        [&](BadLine& line, grpc::ClientContext& context) {
          if (loss == Loss::kRequest) {
            line.AwaitKept(BadLine::Way::kToServer, request.ByteSizeLong(), kPatience);
          } else {
            AwaitDecided(request.request_id());
          }
          if (end == End::kGiveUp) context.TryCancel();
          line.Reset();
        },
        loss == Loss::kRequest ? BadLine::Way::kToServer : BadLine::Way::kToTill, true);
  }
  // Asks over a line that holds the request back until `meanwhile` is over.
  template <class Request>
  auto SendLate(const Request& request, absl::FunctionRef<void()> meanwhile) {
    return SendBadly(
        request,
        [&](BadLine& line, grpc::ClientContext&) {
          line.AwaitKept(BadLine::Way::kToServer, request.ByteSizeLong(), kPatience);
          meanwhile();
          line.Release(BadLine::Way::kToServer);
        },
        BadLine::Way::kToServer, false);
  }
  // Asks over a line that breaks when so many bytes more have gone that way.
  template <class Request>
  auto SendCut(const Request& request, BadLine::Way way, std::uint64_t bytes) {
    const Line line = OpenBadLine();
    if (line.stub == nullptr) return NoLine(request);
    line.line->ResetAfter(way, bytes);
    grpc::ClientContext context;
    return Ask(*line.stub, request, context);
  }

  // Over one stream, by request id. What is not in it was not answered.
  using StreamHeard = std::map<std::string, Heard<v1::PurchaseResponse>>;
  StreamHeard SendStream(const std::vector<v1::PurchaseRequest>& requests);
  // Over one on a line that breaks when so many bytes more have gone that way.
  StreamHeard SendStreamCut(const std::vector<v1::PurchaseRequest>& requests, BadLine::Way way,
                            std::uint64_t bytes);

  template <class Key>  // A request id, or the till's keys.
  Heard<v1::GetTransactionResponse> StatusOf(const Key& key) {
    return Send(StatusBy(key));
  }
  std::string StatusText(const std::string& request_id) { return TextOf(StatusOf(request_id)); }

  // Reverses what was asked for since the last time. Returns what could not be.
  std::vector<std::string> CleanUp();

 private:
  static constexpr std::size_t kLanes = 4;
  // A bad line and what talks over it.
  struct Line {
    std::unique_ptr<BadLine> line;
    std::unique_ptr<Stub> stub;
  };

  FakeTill(Wish wish, RandomSource* random, const std::shared_ptr<grpc::Channel>& channel)
      : TillRequests(std::move(wish.identity), random),
        wish_(std::move(wish)),
        stub_(v1::PosService::NewStub(channel)) {}

  // Good when it is returned, and with nothing under way; without a stub when there is none.
  Line OpenBadLine();
  void AwaitDecided(const std::string& request_id);
  static StreamHeard AskStream(Stub& stub, const std::vector<v1::PurchaseRequest>& requests);

  template <class Request>
  static auto Ask(Stub& stub, const Request& request, grpc::ClientContext& context) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    return AskStub(stub, MethodFor(request), request, context);
  }
  template <class Request, class Response>
  static Heard<Response> AskStub(Stub& stub,
                                 grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                                 const Request& request, grpc::ClientContext& context) {
    Heard<Response> heard;
    heard.status = (stub.*method)(&context, request, &heard.response);
    return heard;
  }
  template <class Request>
  static auto NoLine(const Request& request) {
    grpc::ClientContext context;
    decltype(Ask(std::declval<Stub&>(), request, context)) heard;
    heard.status = grpc::Status(grpc::StatusCode::INTERNAL, "cannot open a line to the server");
    return heard;
  }
  // `meddle` is called once the request is on its way.
  template <class Request, class Meddle>
  auto SendBadly(const Request& request, Meddle meddle, BadLine::Way way, bool loses) {
    const Line line = OpenBadLine();
    if (line.stub == nullptr) return NoLine(request);
    if (loses) {
      line.line->Lose(way);
    } else {
      line.line->Hold(way);
    }
    grpc::ClientContext context;
    auto heard = NoLine(request);
    std::thread asks([&] { heard = Ask(*line.stub, request, context); });
    meddle(*line.line, context);
    asks.join();
    return heard;
  }

  static auto MethodFor(const v1::PurchaseRequest&) { return &Stub::Purchase; }
  static auto MethodFor(const v1::AuthorizeRequest&) { return &Stub::Authorize; }
  static auto MethodFor(const v1::CaptureRequest&) { return &Stub::Capture; }
  static auto MethodFor(const v1::VoidRequest&) { return &Stub::Void; }
  static auto MethodFor(const v1::RefundRequest&) { return &Stub::Refund; }
  static auto MethodFor(const v1::ReverseRequest&) { return &Stub::Reverse; }
  static auto MethodFor(const v1::GetTransactionRequest&) { return &Stub::GetTransaction; }
  static auto MethodFor(const v1::CreateBillRequest&) { return &Stub::CreateBill; }
  static auto MethodFor(const v1::GetTotalsRequest&) { return &Stub::GetTotals; }
  static auto MethodFor(const v1::CloseBatchRequest&) { return &Stub::CloseBatch; }

  const Wish wish_;  // But for the identity.
  const std::unique_ptr<Stub> stub_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_FAKE_TILL_H_
