// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_PLAN_UPLOAD_H_
#define PUHUI_SERVICES_ISSUING_PLAN_UPLOAD_H_

#include "issuing/app/rows.h"
#include "ledger/base/id.h"
#include "ledger/base/limits.h"
#include "puhui/v1/campaign_service.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/issuing/plan_rows_reader.h"
#include "services/rpc/client_stream.h"
#include "services/rpc/request_id.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace puhui::services {

// Uploads a plan: rows are kept as they arrive, and nothing is written before as many as the first
// message said were read and all were found to be sound. Only somebody who moves while they are
// written has an upload refused half way. What the first message says is judged when it arrives.
// The end of the upload is its outcome and carries the caller's request id; the steps before it
// have ids that follow from that and from the rows, so that an upload that was cut goes on where it
// stopped, and a refused one leaves no id behind. Threads: none; the stream calls it. Borrows: the
// parts, the call.
class PlanUpload final : public StreamReceiver<v1::UploadPlanRequest, v1::UploadPlanResponse> {
 public:
  static constexpr std::size_t kStreamBytesMax = static_cast<std::size_t>(kPlanRowsMax) * 64;

  PlanUpload(const IssuingParts& parts, const CallContext* call) : parts_(parts), call_(*call) {}

  absl::Status Receive(v1::UploadPlanRequest&& message) override;
  absl::StatusOr<v1::UploadPlanResponse> Finish() override;

 private:
  struct Target {
    CampaignId id{};
    CampaignNumber number{};
    UnionNumber union_number{};
    std::uint64_t rows = 0;  // As the first message says.
  };

  absl::Status ReceiveStart(const v1::UploadPlanRequest::Start& start);
  absl::Status ReceiveRows(const v1::UploadPlanRequest::Rows& rows);
  // Recognises the upload: its campaign and its rows.
  void SetDigest();
  absl::StatusOr<bool> KnowsOutcome(const ledger::Readable& store) const;
  // Judges all of it, before anything is written.
  absl::Status Check(const ledger::Readable& store);
  absl::StatusOr<std::uint32_t> Begin() const;
  absl::Status SendRows(std::uint32_t version) const;
  absl::StatusOr<v1::UploadPlanResponse> Complete(std::uint32_t version) const;
  void IdentifyStep(std::uint64_t step, ledger::Command& command) const;

  const IssuingParts parts_;
  const CallContext& call_;
  absl::optional<Target> target_;
  std::string request_id_;  // 16 bytes.
  ledger::Tag digest_{};
  PlanRowsReader rows_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_PLAN_UPLOAD_H_
