// SPDX-License-Identifier: Apache-2.0
// What gRPC generated; it takes long to compile, so only the files that serve calls see it.
#ifndef PUHUI_SERVICES_AUDIT_AUDIT_WIRE_H_
#define PUHUI_SERVICES_AUDIT_AUDIT_WIRE_H_

#include "puhui/v1/audit_service.grpc.pb.h"
#include "services/audit/audit_service.h"

namespace puhui::services {

struct AuditService::Wire final : v1::AuditService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_AUDIT_WIRE_H_
