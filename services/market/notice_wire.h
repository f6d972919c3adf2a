// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for NoticeService, for the files that serve it.
#ifndef PUHUI_SERVICES_MARKET_NOTICE_WIRE_H_
#define PUHUI_SERVICES_MARKET_NOTICE_WIRE_H_

#include "puhui/v1/notice_service.grpc.pb.h"
#include "services/market/notice_service.h"

namespace puhui::services {

struct NoticeService::Wire final : v1::NoticeService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_MARKET_NOTICE_WIRE_H_
