// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_SEARCH_LOAD_H_
#define PUHUI_TESTS_BENCH_SEARCH_LOAD_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include <grpcpp/channel.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace puhui::bench {

struct SearchLoad {
  std::shared_ptr<grpc::Channel> its_operator{};  // Changes offers.
  std::shared_ptr<grpc::Channel> hr{};            // Of unions/bench: searches for its member.
  std::size_t offers = 100'000;                   // There are, as FillOffers left them.
  absl::Duration duration = absl::Seconds(30);
  double searches_per_second = 50;
  double updates_per_second = 500;
};

struct SearchReport {
  double index_seconds = 0;  // From the beginning until words are found, every offer known.
  std::uint64_t searches = 0;
  double found = 0;  // Offers by one search, in the middle.
  double p50_us = 0;
  double p99_us = 0;
  double update_rate = 0;  // Offers that were changed a second.

  std::string ToJson() const;
};

// Waits until the index is there, then searches at a steady pace for words that are frequent or
// rare, for all there is, near by and in a region, while titles and texts of offers are changed. A
// search's time counts from when it was due, so that a stall cannot hide what it delays. Fails: as
// the calls.
absl::StatusOr<SearchReport> RunSearches(const SearchLoad& load);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_SEARCH_LOAD_H_
