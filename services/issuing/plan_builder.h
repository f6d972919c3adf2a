// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_PLAN_BUILDER_H_
#define PUHUI_SERVICES_ISSUING_PLAN_BUILDER_H_

#include "issuing/app/queries.h"
#include "issuing/app/union_walk.h"
#include "ledger/storage/store.h"
#include "puhui/v1/campaign_service.pb.h"
#include "services/issuing/issuing_parts.h"
#include "services/issuing/plan_rule.h"
#include "services/ledger/bulk_run.h"
#include "services/rpc/server_stream.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <memory>
#include <string>

namespace puhui::services {

// Makes a plan from a rule: walks the members of a snapshot, union by union and each in the order
// of their ids, and gives the ledger the rows as an upload does. Only the end carries the caller's
// request id, so a stream that broke is begun anew, and one that ended is answered again.
// Threads: one at a time. Owns: the snapshot. Borrows: the parts.
class PlanBuilder {
 public:
  struct Wish {
    issuing::FoundCampaign campaign{};
    PlanRule rule{};
    std::string person{};
    ledger::RequestIdentity identity{};
  };
  // Requires: the campaign was read from `store`, a snapshot.
  PlanBuilder(const IssuingParts& parts, std::unique_ptr<ledger::Readable> store, Wish wish);

  absl::StatusOr<Pull> Next(v1::BuildPlanResponse* message);

 private:
  absl::StatusOr<bool> KnowsOutcome() const;
  absl::Status Start();
  absl::Status RefuseEmpty();
  // Looks at the next members. False when there are none.
  absl::StatusOr<bool> LookAtPage();
  absl::Status Consider(MemberId member);
  absl::Status SendFullChunks(bool last);
  absl::StatusOr<v1::Plan> Complete();

  const IssuingParts parts_;
  const std::unique_ptr<ledger::Readable> store_;
  const Wish wish_;
  issuing::UnionWalk walk_;
  BulkRun run_;
  absl::optional<UnionNumber> in_;    // Whose members are being looked at.
  absl::optional<MemberId> after_{};  // The last of them that was.
  std::uint32_t version_ = 0;
  std::string rows_;  // Packed, not yet sent.
  std::uint64_t sent_ = 0;
  std::uint64_t members_ = 0;
  bool ended_ = false;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_PLAN_BUILDER_H_
