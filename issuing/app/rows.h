// SPDX-License-Identifier: Apache-2.0
// The rows of campaigns; those of unions are in union_rows.h, those of people in member_rows.h.
// Readers use these with typed_reads.h.
#ifndef PUHUI_ISSUING_APP_ROWS_H_
#define PUHUI_ISSUING_APP_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/crypto/hash.h"
#include "ledger/storage/tables.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

// Numbers are those of puhui.v1.CampaignState.
enum class CampaignState : std::uint8_t {
  kDraft = 1,
  kSubmitted = 2,
  kApproved = 3,
  kIssuing = 4,
  kIssued = 5,
};
// While it is, its union cannot be closed: something is waiting for approval, or reserved.
constexpr bool IsActive(CampaignState state) {
  return state >= CampaignState::kSubmitted && state <= CampaignState::kIssuing;
}

// A complete list; version 0: none yet. Nested rows never grow: see codec.h.
struct Plan {
  std::uint32_t version = 0;
  std::uint64_t rows = 0;
  std::int64_t points = 0;
  ledger::Hash hash{};
  std::string uploader{};

  template <class F>
  void Fields(F& f) {
    f(version, rows, points, hash, uploader);
  }
};

// A list that is still arriving.
struct PlanUpload {
  std::uint32_t version = 0;
  std::uint64_t rows = 0;
  std::int64_t points = 0;
  std::string person{};
  std::vector<ledger::Hash>
      frontier{};  // Of the Merkle tree: one per set bit of rows, lowest first.

  template <class F>
  void Fields(F& f) {
    f(version, rows, points, person, frontier);
  }
};

struct CampaignRow {
  std::string id{};
  UnionNumber union_number{};  // Who pays.
  std::string display_name{};
  std::string occasion{};
  CampaignState state = CampaignState::kDraft;
  absl::Time create_time{};
  std::string creator{};
  std::string submitter{};
  std::string approver{};
  Plan plan{};
  absl::optional<PlanUpload> upload{};
  std::uint32_t plan_versions = 0;  // The number of the last upload that was started.

  // The issue run.
  absl::optional<absl::Time> run_due{};  // Its timer, while it is under way.
  std::uint64_t rows_done = 0;
  std::uint64_t rows_granted = 0;
  std::uint64_t rows_refused = 0;
  std::int64_t points_granted = 0;

  // The sweep of what expired.
  absl::optional<absl::Time> sweep_due{};  // Its timer, while there is one.
  std::uint64_t sweep_next_row = 0;
  absl::Time reopened_until = absl::InfinitePast();  // The latest that a lot was given anew.

  template <class F>
  void Fields(F& f) {
    f(id, union_number, display_name, occasion, state, create_time, creator, submitter, approver,
      plan, upload, plan_versions, run_due, rows_done, rows_granted, rows_refused, points_granted,
      sweep_due, sweep_next_row, reopened_until);
  }
};

// One of the stored pieces of a plan, each of kPlanChunkRows rows but for the last.
struct PlanChunkKey {
  CampaignNumber campaign{};
  std::uint32_t version = 0;
  std::uint32_t chunk = 0;

  template <class F>
  void Fields(F& f) {
    f(campaign, version, chunk);
  }
};

struct PlanMemberKey {
  CampaignNumber campaign{};
  MemberId member{};

  template <class F>
  void Fields(F& f) {
    f(campaign, member);
  }
  friend bool operator==(const PlanMemberKey&, const PlanMemberKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const PlanMemberKey& key) {
    return H::combine(std::move(hash), key.campaign, key.member);
  }
};

struct RefusedRowKey {
  CampaignNumber campaign{};
  std::uint64_t row = 0;

  template <class F>
  void Fields(F& f) {
    f(campaign, row);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_ROWS_H_
