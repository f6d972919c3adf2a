// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for PosService, for the files that serve it.
#ifndef PUHUI_SERVICES_MERCHANT_POS_WIRE_H_
#define PUHUI_SERVICES_MERCHANT_POS_WIRE_H_

#include "puhui/v1/pos_service.grpc.pb.h"
#include "services/merchant/pos_service.h"

namespace puhui::services {

struct PosService::Wire final : v1::PosService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_POS_WIRE_H_
