// SPDX-License-Identifier: Apache-2.0
// The rows of plans and of what became of theirs. Readers use these with typed_reads.h.
#ifndef PUHUI_ISSUING_APP_PLAN_TABLES_H_
#define PUHUI_ISSUING_APP_PLAN_TABLES_H_

#include "issuing/core/rule_verdict.h"
#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "ledger/crypto/hash.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

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

// Why a row is in the plan.
struct PlanReason {
  std::uint32_t row = 0;  // Counted from the first of its chunk.
  std::string text{};

  template <class F>
  void Fields(F& f) {
    f(row, text);
  }
};

// Of a chunk in which any row says why: in the order of the rows.
struct PlanReasons {
  std::vector<PlanReason> of{};

  template <class F>
  void Fields(F& f) {
    f(of);
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
  friend bool operator==(const RefusedRowKey&, const RefusedRowKey&) = default;
  template <class H>
  friend H AbslHashValue(H hash, const RefusedRowKey& key) {
    return H::combine(std::move(hash), key.campaign, key.row);
  }
};

struct RefusedRow {
  ledger::Reason reason{};
  Verdict broken{};  // With kRulePackBroken.

  template <class F>
  void Fields(F& f) {
    f(reason, broken.rule, broken.allowed, broken.used, broken.asked);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_PLAN_TABLES_H_
