// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/call_log.h"

#include "services/rpc/call_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::HasSubstr;

// An hour between blocks, so that only Flush and the end write.
constexpr absl::Duration kNever = absl::Hours(1);

CallLine Line() {
  CallLine line;
  line.time = absl::FromUnixMicros(1'735'689'600'000'042);
  line.service = "PosService";
  line.method = "Purchase";
  line.caller = "/terminal/merchants/m-7/terminals/t-2";
  line.micros = 417;
  return line;
}

TEST(CallLogTest, WritesOneJsonLinePerCall) {
  std::string out;
  CallLog log([&out](absl::string_view lines) { out.append(lines.data(), lines.size()); }, kNever);
  CallLine line = Line();
  log.Append(line);
  line.code = absl::StatusCode::kInternal;
  line.reason = "INTERNAL";
  line.detail = "block \"7\"\nis \\ bad";
  line.caller = "";
  log.Append(line);
  EXPECT_EQ(out, "");
  log.Flush();
  EXPECT_EQ(out,
            "{\"time\":\"2025-01-01T00:00:00.000042Z\",\"rpc\":\"PosService/Purchase\","
            "\"caller\":\"/terminal/merchants/m-7/terminals/t-2\",\"code\":\"OK\",\"reason\":\"\","
            "\"micros\":417}\n"
            "{\"time\":\"2025-01-01T00:00:00.000042Z\",\"rpc\":\"PosService/Purchase\","
            "\"caller\":\"\",\"code\":\"INTERNAL\",\"reason\":\"INTERNAL\",\"micros\":417,"
            "\"detail\":\"block \\\"7\\\"\\u000ais \\\\ bad\"}\n");
}

TEST(CallLogTest, WritesWhatIsLeftAtTheEnd) {
  std::string out;
  {
    CallLog log([&out](absl::string_view lines) { out.append(lines.data(), lines.size()); },
                kNever);
    log.Append(Line());
  }
  EXPECT_THAT(out, HasSubstr("PosService/Purchase"));
}

TEST(CallLogTest, CountsWhatItDropsWhenTheSinkIsBehind) {
  std::string out;
  CallLog log([&out](absl::string_view lines) { out.append(lines.data(), lines.size()); }, kNever);
  CallLine line = Line();
  const std::string detail(100'000, 'x');
  line.detail = detail;
  for (int i = 0; i < 50; ++i) log.Append(line);
  log.Flush();
  EXPECT_LT(out.size(), CallLog::kPendingBytesMax + 200'000);
  const auto written = std::count(out.begin(), out.end(), '\n') - 1;
  EXPECT_LT(written, 50);
  EXPECT_THAT(out, HasSubstr("{\"dropped_lines\":" + std::to_string(50 - written) + "}\n"));
}

TEST(CallLogTest, LosesNoLineOfManyThreads) {
  std::string out;
  {
    CallLog log([&out](absl::string_view lines) { out.append(lines.data(), lines.size()); },
                absl::Milliseconds(1));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&log] {
        for (int i = 0; i < 1'000; ++i) log.Append(Line());
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 4'000);
}

TEST(CallMetricsTest, CountsByMethodAndCodeAndObservesTheTime) {
  CallMetrics metrics;
  for (int i = 0; i < 3; ++i) metrics.Begin();
  metrics.End(Rpc::kPurchase, absl::StatusCode::kOk, 300);
  metrics.End(Rpc::kPurchase, absl::StatusCode::kFailedPrecondition, 90'000'000);
  EXPECT_EQ(metrics.in_flight(), 1);
  EXPECT_EQ(metrics.Count(Rpc::kPurchase, absl::StatusCode::kOk), 1U);

  const std::vector<prometheus::MetricFamily> families = metrics.Collect();
  ASSERT_EQ(families.size(), 3U);
  EXPECT_EQ(families[0].name, "puhui_calls_total");
  ASSERT_EQ(families[0].metric.size(), 2U);
  EXPECT_EQ(families[0].metric[1].label.back().value, "FAILED_PRECONDITION");
  ASSERT_EQ(families[1].metric.size(), 1U);
  const auto& histogram = families[1].metric[0].histogram;
  EXPECT_EQ(histogram.sample_count, 2U);
  EXPECT_DOUBLE_EQ(histogram.sample_sum, 90.0003);
  EXPECT_EQ(histogram.bucket[0].cumulative_count, 0U);  // 250 µs
  EXPECT_EQ(histogram.bucket[1].cumulative_count, 1U);  // 500 µs
  EXPECT_TRUE(std::isinf(histogram.bucket.back().upper_bound));
  EXPECT_EQ(histogram.bucket.back().cumulative_count, 2U);
  EXPECT_DOUBLE_EQ(families[2].metric[0].gauge.value, 1.0);
}

}  // namespace
}  // namespace puhui::services
