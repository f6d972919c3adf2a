// SPDX-License-Identifier: Apache-2.0
// A holiday as an HR system issues it, and how long each step of it takes.
#ifndef PUHUI_TESTS_BENCH_HOLIDAY_LOAD_H_
#define PUHUI_TESTS_BENCH_HOLIDAY_LOAD_H_

#include "tests/bench/roster_load.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/channel.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace puhui::bench {

struct HolidayChannels {
  std::shared_ptr<grpc::Channel> hr;        // Of unions/bench, as the others.
  std::shared_ptr<grpc::Channel> approver;  // Another person.
  std::shared_ptr<grpc::Channel> maker;     // Of finance.
  std::shared_ptr<grpc::Channel> checker;   // The same, another person.
};

// Seconds, but for the rows.
struct HolidayReport {
  std::uint64_t rows = 0;
  double roster = 0;    // The import of the people.
  double plan = 0;      // The upload, or the making of the plan.
  double preview = 0;   // Every verdict.
  double approval = 0;  // Submit and approve.
  double issue = 0;     // From the call to the end of the run.
  double verdicts = 0;  // All of them, in pages.

  double Total() const { return roster + plan + preview + approval + issue + verdicts; }
  std::string ToJson() const;
};

// How far a campaign has come.
struct HolidayStand {
  std::uint64_t rows_left = 0;  // Of its run, those still to be done.
  std::int64_t available = 0;   // Points that neither were spent nor have been swept.
  std::int64_t expired = 0;     // Points that have been swept.

  std::string ToJson() const;
};

// Issues `points` to each of the people E0 to E(people - 1) of unions/bench, who are named by their
// numbers there: funds the budget, uploads, previews, approves, issues and reads every verdict.
// Fails: as the calls, and kDataLoss when a row was not granted.
absl::StatusOr<HolidayReport> RunHoliday(const HolidayChannels& channels, std::size_t people,
                                         std::int64_t points);

// A campaign for everybody who is in unions/bench, up to its approval; its points expire when
// `good_for` is over. Returns its name.
absl::StatusOr<std::string> PrepareHoliday(const HolidayChannels& channels, std::int64_t points,
                                           absl::Duration good_for);
// Starts its run and returns when so many rows are done. Fails: as the calls.
absl::Status BeginIssue(const HolidayChannels& channels, const std::string& campaign,
                        std::uint64_t rows_done);
// Fails: as the calls.
absl::StatusOr<HolidayStand> StandOf(const HolidayChannels& channels, const std::string& campaign);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_HOLIDAY_LOAD_H_
