// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for OrderService, for the files that serve it.
#ifndef PUHUI_SERVICES_MARKET_ORDER_WIRE_H_
#define PUHUI_SERVICES_MARKET_ORDER_WIRE_H_

#include "puhui/v1/order_service.grpc.pb.h"
#include "services/market/order_service.h"

namespace puhui::services {

struct OrderService::Wire final : v1::OrderService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_ORDER_WIRE_H_
