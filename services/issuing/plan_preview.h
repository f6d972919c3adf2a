// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_PLAN_PREVIEW_H_
#define PUHUI_SERVICES_ISSUING_PLAN_PREVIEW_H_

#include "issuing/app/plan_queries.h"
#include "issuing/app/queries.h"
#include "ledger/storage/store.h"
#include "puhui/v1/campaign_service.pb.h"
#include "services/rpc/server_stream.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>

namespace puhui::services {

// Previews a campaign message by message, so that a slow reader holds one message and no thread:
// what the issue run would do now with every row, then the summary.
// Threads: one at a time. Owns: the moment it reads.
class PlanPreview {
 public:
  static constexpr std::size_t kVerdictsPerMessage = 1'000;

  // `hidden`: as of VerdictOf. Requires: `campaign` was read from `store`, a snapshot.
  PlanPreview(std::unique_ptr<ledger::Readable> store, issuing::FoundCampaign campaign,
              absl::Time now, bool hidden)
      : store_(std::move(store)), campaign_(std::move(campaign)), now_(now), hidden_(hidden) {}

  absl::StatusOr<Pull> Next(v1::PreviewCampaignResponse* message);

 private:
  absl::Status Summarise(v1::PreviewCampaignResponse::Summary* summary);

  const std::unique_ptr<ledger::Readable> store_;
  const issuing::FoundCampaign campaign_;
  const absl::Time now_;
  const bool hidden_;
  std::uint64_t next_row_ = 0;
  bool summarised_ = false;
  v1::PreviewCampaignResponse::Summary summary_;
  std::map<ledger::Reason, std::uint64_t> refused_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_PLAN_PREVIEW_H_
