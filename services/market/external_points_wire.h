// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for ExternalPointsService, for the files that serve it.
#ifndef PUHUI_SERVICES_MARKET_EXTERNAL_POINTS_WIRE_H_
#define PUHUI_SERVICES_MARKET_EXTERNAL_POINTS_WIRE_H_

#include "puhui/v1/external_points_service.grpc.pb.h"
#include "services/market/external_points_service.h"

namespace puhui::services {

struct ExternalPointsService::Wire final : v1::ExternalPointsService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_EXTERNAL_POINTS_WIRE_H_
