// SPDX-License-Identifier: Apache-2.0
// The service's fifth part: purchases over one stream.
#include "ledger/base/limits.h"
#include "services/merchant/pos_service.h"
#include "services/merchant/pos_wire.h"
#include "services/rpc/error.h"
#include "services/rpc/serve_messages.h"

#include <utility>

namespace puhui::services {
namespace {

absl::StatusOr<absl::Duration> ReadTimeout(const v1::PurchaseStreamRequest& request) {
  if (!request.has_timeout()) return Pipeline::kMoneyDeadline;
  const absl::Duration timeout =
      absl::Seconds(request.timeout().seconds()) + absl::Nanoseconds(request.timeout().nanos());
  if (timeout > absl::ZeroDuration()) return timeout;
  return InvalidField("timeout", "want more than nothing");
}

void BuildAnswer(const v1::PurchaseStreamRequest& request, const grpc::Status& status,
                 v1::PurchaseStreamResponse* response) {
  response->set_request_id(request.purchase().request_id());
  if (status.ok()) return;
  // The status as it would stand in a call's trailers.
  v1::RpcStatus& refused = *response->mutable_refused();
  if (refused.ParseFromString(status.error_details()) && refused.code() != 0) return;
  refused.set_code(status.error_code());
  refused.set_message(status.error_message());
}

}  // namespace

void PosService::ServePurchaseStream(Calls& calls) {
  ServeMessages(calls, wire_.get(), &Wire::RequestPurchaseStream,
                MessageMethod<v1::PurchaseStreamRequest, v1::PurchaseStreamResponse>{
                    .rpc = Rpc::kPurchaseStream,
                    .message_rpc = Rpc::kPurchase,
                    .in_flight_max = kStreamedInFlightMax,
                    .inner = [](const v1::PurchaseStreamRequest& request)
                        -> const google::protobuf::Message& { return request.purchase(); },
                    .timeout = ReadTimeout,
                    .handle =
                        [this](const CallContext& call, const v1::PurchaseStreamRequest& request,
                               v1::PurchaseStreamResponse* response, Completion done) {
                          RunPurchase(call, request.purchase(), response->mutable_accepted(),
                                      std::move(done));
                        },
                    .answer = BuildAnswer});
}

}  // namespace puhui::services
