// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_CALL_METRICS_H_
#define PUHUI_SERVICES_RPC_CALL_METRICS_H_

#include "services/auth/policy.h"

#include "absl/status/status.h"
#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::services {

// Counts of calls by method and code, and how long they took, for Prometheus. Counters of ours
// rather than the library's, whose histogram takes a lock per observation. Threads: safe.
class CallMetrics final : public prometheus::Collectable {
 public:
  void Begin() { in_flight_.fetch_add(1, std::memory_order_relaxed); }
  void End(Rpc rpc, absl::StatusCode code, std::int64_t micros);

  std::int64_t in_flight() const { return in_flight_.load(std::memory_order_relaxed); }
  std::uint64_t Count(Rpc rpc, absl::StatusCode code) const;

  // puhui_calls_total{service,method,code}, puhui_call_seconds{service,method},
  // puhui_calls_in_flight.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  static constexpr std::size_t kCodeCount = 17;
  static constexpr std::array<std::int64_t, 15> kBoundMicros = {
      250,    500,     1'000,   2'000,   4'000,     8'000,     16'000,    32'000,
      64'000, 125'000, 250'000, 500'000, 1'000'000, 5'000'000, 30'000'000};
  static constexpr std::size_t kBucketCount = kBoundMicros.size() + 1;

  struct PerRpc {
    std::array<std::atomic<std::uint64_t>, kCodeCount> codes{};
    std::array<std::atomic<std::uint64_t>, kBucketCount> buckets{};
    std::atomic<std::int64_t> sum_micros{0};
  };

  prometheus::MetricFamily Calls() const;
  prometheus::MetricFamily Seconds() const;

  std::array<PerRpc, kRpcCount> per_rpc_;
  std::atomic<std::int64_t> in_flight_{0};
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_CALL_METRICS_H_
