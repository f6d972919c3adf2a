// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_ISSUING_PLAN_BUILDER_H_
#define PUHUI_SERVICES_ISSUING_PLAN_BUILDER_H_

#include "issuing/app/plan_check.h"
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

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace puhui::services {

// Makes a plan from a rule: walks the members of a snapshot, union by union and each in the order
// of their ids, has all rows judged as of the end of the walk, and gives them to the ledger as an
// upload does. Nothing is written before, so that a rule that is refused changes nothing. Only the
// end carries the caller's request id, so a stream that broke is begun anew, and one that ended is
// answered again.
// Threads: one at a time. Owns: the snapshots, and some 50 bytes for each row. Borrows: the parts.
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
  enum class Stage { kNew, kLooking, kChecking, kSending, kEnded };

  // The next few milliseconds of work; the stage that comes after them.
  absl::StatusOr<Stage> Advance(v1::BuildPlanResponse* message);
  absl::StatusOr<Stage> Begin(v1::BuildPlanResponse* message);
  // Looks at the next members. False when there are none.
  absl::StatusOr<bool> LookAtPage();
  absl::Status Consider(MemberId member);
  // Begins to judge the rows as of now.
  absl::Status BeginCheck();
  // Judges the next rows. False when there are none.
  absl::StatusOr<bool> CheckSome();
  absl::Status Start();
  // Gives the ledger the next rows. False when there are none, and all are durable.
  absl::StatusOr<bool> SendSome();
  absl::StatusOr<v1::Plan> Complete();

  const IssuingParts parts_;
  const std::unique_ptr<ledger::Readable> store_;
  const Wish wish_;
  issuing::UnionWalk walk_;
  BulkRun run_;
  absl::optional<UnionNumber> in_;    // Whose members are being looked at.
  absl::optional<MemberId> after_{};  // The last of them that was.
  Stage stage_ = Stage::kNew;
  std::uint32_t version_ = 0;
  std::deque<std::string> chunks_;  // Of packed rows, not yet sent.
  std::uint64_t rows_ = 0;          // That were ever in them.
  std::uint64_t members_ = 0;       // That were looked at.
  std::unique_ptr<ledger::Readable> checked_as_of_;
  absl::optional<issuing::PlanCheck> check_;
  std::size_t checked_ = 0;  // Chunks.
  std::uint64_t sent_ = 0;   // Rows.
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_ISSUING_PLAN_BUILDER_H_
