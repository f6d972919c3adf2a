// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for PayoutService, for the files that serve it.
#ifndef PUHUI_SERVICES_PAYOUT_PAYOUT_WIRE_H_
#define PUHUI_SERVICES_PAYOUT_PAYOUT_WIRE_H_

#include "puhui/v1/payout_service.grpc.pb.h"
#include "services/payout/payout_service.h"

namespace puhui::services {

struct PayoutService::Wire final : v1::PayoutService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_PAYOUT_PAYOUT_WIRE_H_
