// SPDX-License-Identifier: Apache-2.0
// A business day as finance ends it: cut, and its statement read to the last line.
#ifndef PUHUI_TESTS_BENCH_STATEMENT_LOAD_H_
#define PUHUI_TESTS_BENCH_STATEMENT_LOAD_H_

#include "absl/status/statusor.h"
#include <grpcpp/channel.h>

#include <cstdint>
#include <memory>
#include <string>

namespace puhui::bench {

struct StatementReport {
  std::uint64_t lines = 0;
  std::uint64_t bytes = 0;  // Of the messages.
  double cut_seconds = 0;   // From the call to the answer.
  double read_seconds = 0;  // From the call until the last line was hashed.

  // One line of JSON.
  std::string ToJson() const;
};

// Cuts the day whose statement has that name; a day that the timer cut is answered as it was cut.
// Fails: as the call.
absl::StatusOr<StatementReport> CutStatement(const std::shared_ptr<grpc::Channel>& channel,
                                             const std::string& name);
// Reads all of it, and compares numbers, sums and digest of the lines with what it says. Adds to
// `report`. Fails: as the call; kDataLoss when they differ.
absl::Status ReadStatement(const std::shared_ptr<grpc::Channel>& channel, const std::string& name,
                           StatementReport* report);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_STATEMENT_LOAD_H_
