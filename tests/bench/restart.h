// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_RESTART_H_
#define PUHUI_TESTS_BENCH_RESTART_H_

#include "tests/bench/accounts.h"
#include "tests/support/wire/server_process.h"

#include "absl/status/statusor.h"
#include "absl/time/time.h"

#include <cstdint>
#include <string>

namespace puhui::bench {

struct RestartWish {
  ServerProcess::Wish server;
  std::string certificates;
  std::uint64_t purchases = 100'000;  // Answered before the kill, which comes amid the load.
  absl::Duration load_max = absl::Minutes(2);
  std::size_t connections = 8;
  std::size_t in_flight = 64;
  std::uint32_t batch = 1;  // Of the tills; the next one is used as well.
};

struct RestartReport {
  std::uint64_t answered = 0;    // Purchases before the kill.
  double seconds_to_port = 0;    // From the exec until the server listens.
  double seconds_to_answer = 0;  // From the exec to the first purchase that was answered.
};

// Kills a server amid a load, starts it again and buys something.
// Fails: as ServerProcess; kInternal when the server did not answer.
absl::StatusOr<RestartReport> KillAndRestart(const RestartWish& wish, const Accounts& accounts);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_RESTART_H_
