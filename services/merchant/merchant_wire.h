// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for MerchantService, for the files that serve it.
#ifndef PUHUI_SERVICES_MERCHANT_MERCHANT_WIRE_H_
#define PUHUI_SERVICES_MERCHANT_MERCHANT_WIRE_H_

#include "puhui/v1/merchant_service.grpc.pb.h"
#include "services/merchant/merchant_service.h"

namespace puhui::services {

struct MerchantService::Wire final : v1::MerchantService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MERCHANT_MERCHANT_WIRE_H_
