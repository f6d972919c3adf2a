// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/call_metrics.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace puhui::services {
namespace {

std::vector<prometheus::ClientMetric::Label> Labels(const RpcRule& rule) {
  return {{"service", std::string(rule.service)}, {"method", std::string(rule.name)}};
}

}  // namespace

void CallMetrics::End(Rpc rpc, absl::StatusCode code, std::int64_t micros) {
  PerRpc& row = per_rpc_.at(static_cast<std::size_t>(rpc));
  row.codes.at(static_cast<std::size_t>(code)).fetch_add(1, std::memory_order_relaxed);
  const auto bound = std::lower_bound(kBoundMicros.begin(), kBoundMicros.end(), micros);
  const auto bucket = static_cast<std::size_t>(bound - kBoundMicros.begin());
  row.buckets.at(bucket).fetch_add(1, std::memory_order_relaxed);
  row.sum_micros.fetch_add(micros, std::memory_order_relaxed);
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
}

std::uint64_t CallMetrics::Count(Rpc rpc, absl::StatusCode code) const {
  return per_rpc_.at(static_cast<std::size_t>(rpc))
      .codes.at(static_cast<std::size_t>(code))
      .load(std::memory_order_relaxed);
}

prometheus::MetricFamily CallMetrics::Calls() const {
  prometheus::MetricFamily family;
  family.name = "puhui_calls_total";
  family.help = "Finished calls.";
  family.type = prometheus::MetricType::Counter;
  for (const RpcRule& rule : RpcRules()) {
    for (std::size_t code = 0; code < kCodeCount; ++code) {
      const std::uint64_t count = Count(rule.rpc, static_cast<absl::StatusCode>(code));
      if (count == 0) continue;
      prometheus::ClientMetric metric;
      metric.label = Labels(rule);
      metric.label.push_back(
          {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(code))});
      metric.counter.value = static_cast<double>(count);
      family.metric.push_back(std::move(metric));
    }
  }
  return family;
}

prometheus::MetricFamily CallMetrics::Seconds() const {
  constexpr double kSecondsPerMicro = 1e-6;
  prometheus::MetricFamily family;
  family.name = "puhui_call_seconds";
  family.help = "From a call's arrival to its answer.";
  family.type = prometheus::MetricType::Histogram;
  for (const RpcRule& rule : RpcRules()) {
    const PerRpc& row = per_rpc_.at(static_cast<std::size_t>(rule.rpc));
    prometheus::ClientMetric metric;
    metric.label = Labels(rule);
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < kBucketCount; ++i) {
      count += row.buckets.at(i).load(std::memory_order_relaxed);
      const double bound = i < kBoundMicros.size()
                               ? static_cast<double>(kBoundMicros.at(i)) * kSecondsPerMicro
                               : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back({.cumulative_count = count, .upper_bound = bound});
    }
    if (count == 0) continue;
    metric.histogram.sample_count = count;
    metric.histogram.sample_sum =
        static_cast<double>(row.sum_micros.load(std::memory_order_relaxed)) * kSecondsPerMicro;
    family.metric.push_back(std::move(metric));
  }
  return family;
}

std::vector<prometheus::MetricFamily> CallMetrics::Collect() const {
  prometheus::MetricFamily gauge;
  gauge.name = "puhui_calls_in_flight";
  gauge.help = "Calls that are under way.";
  gauge.type = prometheus::MetricType::Gauge;
  gauge.metric.emplace_back();
  gauge.metric.back().gauge.value = static_cast<double>(in_flight());
  return {Calls(), Seconds(), std::move(gauge)};
}

}  // namespace puhui::services
