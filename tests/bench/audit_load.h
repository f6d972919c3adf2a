// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_AUDIT_LOAD_H_
#define PUHUI_TESTS_BENCH_AUDIT_LOAD_H_

#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace puhui::bench {

// What auditors ask of a ledger of made-up purchases and refusals.
struct AuditWish {
  std::string directory;  // BuildAudit's.
  std::uint64_t records = 1'000'000;
  std::uint64_t members = 100'000;
  std::uint32_t merchants = 1'000;
  std::size_t queries = 10'000;  // Of each kind.
};

struct AuditBuild {
  std::uint64_t records = 0;
  double records_per_second = 0;  // Of an index that is built from nothing.
  std::uint64_t index_bytes = 0;

  std::string ToJson() const;
};

struct AuditReport {
  std::uint64_t records = 0;
  // Milliseconds, in the middle and at the 99th of a hundred.
  struct Times {
    double middle = 0;
    double slow = 0;
  };
  Times page{};           // 50 records of a member's history.
  Times balance{};        // Of a wallet as of a moment.
  Times trial_balance{};  // As of a record.
  // 50 records of a subtree of hundreds and of thousands of unions, one in so many that few records
  // of many are of it.
  Times hundreds{};
  Times thousands{};

  std::string ToJson() const;
};

// Builds the index anew, from a journal that is written when there is none. Requires: a journal
// that is there was written for the same wish. Fails: as the stores.
absl::StatusOr<AuditBuild> BuildAudit(const AuditWish& wish);

// Asks what was built, with nothing read before, so that ledgers can be asked in turn. Fails: as
// the stores.
absl::StatusOr<AuditReport> AskAudit(const AuditWish& wish);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_AUDIT_LOAD_H_
