// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for CatalogService, for the files that serve it.
#ifndef PUHUI_SERVICES_MARKET_CATALOG_WIRE_H_
#define PUHUI_SERVICES_MARKET_CATALOG_WIRE_H_

#include "puhui/v1/catalog_service.grpc.pb.h"
#include "services/market/catalog_service.h"

namespace puhui::services {

struct CatalogService::Wire final : v1::CatalogService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_CATALOG_WIRE_H_
