// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for WalletService, for the files that serve it.
#ifndef PUHUI_SERVICES_WALLET_WALLET_WIRE_H_
#define PUHUI_SERVICES_WALLET_WALLET_WIRE_H_

#include "puhui/v1/wallet_service.grpc.pb.h"
#include "services/wallet/wallet_service.h"

namespace puhui::services {

struct WalletService::Wire final : v1::WalletService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_WALLET_WALLET_WIRE_H_
