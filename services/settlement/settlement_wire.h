// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for SettlementService, for the files that serve it.
#ifndef PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_WIRE_H_
#define PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_WIRE_H_

#include "puhui/v1/settlement_service.grpc.pb.h"
#include "services/settlement/settlement_service.h"

namespace puhui::services {

struct SettlementService::Wire final : v1::SettlementService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SETTLEMENT_SETTLEMENT_WIRE_H_
