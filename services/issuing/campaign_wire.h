// SPDX-License-Identifier: Apache-2.0
// What gRPC generated for campaigns, for the files of their service alone: it takes long to
// compile.
#ifndef PUHUI_SERVICES_ISSUING_CAMPAIGN_WIRE_H_
#define PUHUI_SERVICES_ISSUING_CAMPAIGN_WIRE_H_

#include "puhui/v1/campaign_service.grpc.pb.h"
#include "services/issuing/campaign_service.h"

namespace puhui::services {

struct CampaignService::Wire final : v1::CampaignService::AsyncService {};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_CAMPAIGN_WIRE_H_
