// SPDX-License-Identifier: Apache-2.0
// A real-name base of any size, and how quickly it is filled and read.
#ifndef PUHUI_TESTS_BENCH_ROSTER_LOAD_H_
#define PUHUI_TESTS_BENCH_ROSTER_LOAD_H_

#include "absl/status/statusor.h"
#include <grpcpp/channel.h>

#include <cstddef>
#include <memory>
#include <string>

namespace puhui::bench {

// People who do not exist, as an HR system exports them (UTF-8): with surnames as frequent as they
// are, and ID numbers whose dates and check characters are right. At most fifteen million.
std::string MakeRoster(std::size_t people);

struct RosterReport {
  double import_seconds = 0;  // From the first byte sent to the summary.
  std::size_t created = 0;
  double lookup_p50_us = 0;
  double lookup_p99_us = 0;
  double first_pages_us = 0;  // The median of the first pages of ListMembers, and of the last.
  double last_pages_us = 0;
  double search_p99_us = 0;  // A page of SearchMembers by two characters.

  std::string ToJson() const;
};

struct RosterChannels {
  std::shared_ptr<grpc::Channel> its_operator;  // Makes the union.
  std::shared_ptr<grpc::Channel> hr;            // Of unions/bench.
};

// Makes unions/bench in an empty ledger and imports a roster into it. Fails: as the calls.
absl::StatusOr<RosterReport> ImportRoster(const RosterChannels& channels,
                                          const std::string& roster);

// Imports a roster into a new union of an empty ledger, then looks up `lookups` people at random,
// one after another, and lists everybody. Fails: as the calls.
absl::StatusOr<RosterReport> RunRoster(const RosterChannels& channels, const std::string& roster,
                                       std::size_t lookups);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_ROSTER_LOAD_H_
