// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load.h"

#include "ledger/base/check.h"
#include "ledger/base/give_way.h"

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>
#include <utility>

namespace puhui::bench {
namespace {

using Clock = std::chrono::steady_clock;

Clock::duration ToSteady(absl::Duration duration) {
  return std::chrono::nanoseconds(absl::ToInt64Nanoseconds(duration));
}

// What the threads of one load share.
struct Shared {
  const LoadOptions& options;
  Clock::time_point measure_from;
  Clock::time_point end;
  std::atomic<std::uint64_t> started{0};
  std::atomic<std::uint64_t> answered{0};
};

// One thread of a load: its connections, its queue and its latencies.
class Driver {
 public:
  Driver(Shared* shared, std::size_t index, CallSource* source)
      : shared_(*shared), options_(shared->options) {
    const std::size_t threads = options_.threads;
    if (options_.calls_per_second > 0) {
      interval_ = std::chrono::duration_cast<Clock::duration>(
          std::chrono::duration<double>(static_cast<double>(threads) / options_.calls_per_second));
    }
    for (std::size_t place = 0; place < options_.in_flight; ++place) {
      const std::size_t connection = place % options_.connections;
      if (connection % threads != index) continue;
      places_.push_back(std::make_unique<Place>());
      places_.back()->call = source->NewCall(connection);
      free_.push_back(places_.back().get());
    }
    std::reverse(free_.begin(), free_.end());
    due_ = shared_.measure_from - ToSteady(options_.warmup) + interval_ * index / threads;
  }

  void Run() {
    for (;;) {
      StartWhatIsDue();
      if (in_flight_ == 0 && !going_on_) break;
      Await();
    }
    queue_.Shutdown();
  }

  void AddTo(LoadReport* report) const {
    report->failed += failed_;
    if (report->first_failure.empty()) report->first_failure = first_failure_;
    report->latencies.insert(report->latencies.end(), latencies_.begin(), latencies_.end());
    report->request_bytes = std::max(report->request_bytes, request_bytes_);
    report->answer_bytes = std::max(report->answer_bytes, answer_bytes_);
  }
  Clock::time_point last_measured() const { return last_measured_; }

 private:
  struct Place {
    std::unique_ptr<Call> call;
    Clock::time_point due;
  };

  bool paced() const { return interval_ != Clock::duration::zero(); }

  void StartWhatIsDue() {
    while (going_on_ && !free_.empty()) {
      const Clock::time_point now = Clock::now();
      if (paced() && now < due_) return;
      if (now >= shared_.end || shared_.started.fetch_add(1) >= options_.calls_max) {
        going_on_ = false;
        return;
      }
      Place* place = free_.back();
      free_.pop_back();
      place->due = paced() ? std::exchange(due_, due_ + interval_) : now;
      ++in_flight_;
      place->call->Start(&queue_, place);
    }
  }

  void Await() {
    void* tag = nullptr;
    bool ok = false;
    if (!paced() || !going_on_ || free_.empty()) {
      PUHUI_CHECK(queue_.Next(&tag, &ok));
    } else {
      const auto wake =
          std::chrono::system_clock::now() +
          std::chrono::duration_cast<std::chrono::system_clock::duration>(due_ - Clock::now());
      if (queue_.AsyncNext(&tag, &ok, wake) != grpc::CompletionQueue::GOT_EVENT) return;
    }
    auto* const place = static_cast<Place*>(tag);
    if (place->call->Move(ok)) Ended(place);
  }

  void Ended(Place* place) {
    --in_flight_;
    free_.push_back(place);
    if (!place->call->status().ok()) {
      ++failed_;
      if (first_failure_.empty()) {
        first_failure_ = absl::StrFormat("%d %s", place->call->status().error_code(),
                                         place->call->status().error_message());
      }
      if (options_.stop_at_failure) going_on_ = false;
      return;
    }
    const Clock::time_point now = Clock::now();
    if (now >= shared_.measure_from && now < shared_.end) {
      last_measured_ = now;
      latencies_.push_back(static_cast<std::uint32_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(now - place->due).count()));
      if (latencies_.size() == 1) {
        request_bytes_ = place->call->request_bytes();
        answer_bytes_ = place->call->answer_bytes();
      }
    }
    if (shared_.answered.fetch_add(1) + 1 == options_.milestone) options_.at_milestone();
  }

  Shared& shared_;
  const LoadOptions& options_;
  grpc::CompletionQueue queue_;
  std::vector<std::unique_ptr<Place>> places_;
  std::vector<Place*> free_;
  Clock::duration interval_{};  // Between two calls of this thread; zero in a closed loop.
  Clock::time_point due_;       // When the next call is.
  std::size_t in_flight_ = 0;
  bool going_on_ = true;
  std::uint64_t failed_ = 0;
  std::string first_failure_;
  std::vector<std::uint32_t> latencies_;
  Clock::time_point last_measured_;
  std::size_t request_bytes_ = 0;
  std::size_t answer_bytes_ = 0;
};

}  // namespace

double LoadReport::calls_per_second() const {
  return seconds > 0 ? static_cast<double>(latencies.size()) / seconds : 0;
}

std::uint32_t LoadReport::Percentile(double share) const {
  if (latencies.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(latencies.size()));
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return latencies[std::min(index, latencies.size() - 1)];
}

std::string LoadReport::ToJson() const {
  return absl::StrFormat(
      R"({"answered":%d,"failed":%d,"seconds":%.3f,"calls_per_second":%.1f,"p50_us":%d,)"
      R"("p90_us":%d,"p99_us":%d,"p999_us":%d,"request_bytes":%d,"answer_bytes":%d})",
      answered, failed, seconds, calls_per_second(), Percentile(0.5), Percentile(0.9),
      Percentile(0.99), Percentile(0.999), request_bytes, answer_bytes);
}

LoadReport RunLoad(const LoadOptions& options, CallSource* source) {
  PUHUI_CHECK(options.threads >= 1 && options.connections >= options.threads);
  PUHUI_CHECK(options.in_flight >= options.connections);
  const Clock::time_point measure_from = Clock::now() + ToSteady(options.warmup);
  Shared shared{.options = options,
                .measure_from = measure_from,
                .end = measure_from + ToSteady(options.duration)};
  std::vector<std::unique_ptr<Driver>> drivers;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < options.threads; ++i) {
    drivers.push_back(std::make_unique<Driver>(&shared, i, source));
  }
  for (const auto& driver : drivers) {
    threads.emplace_back([&driver, paced = options.calls_per_second > 0] {
      // A till has a machine of its own and does not wait behind what else is measured on this one.
      if (paced) ComeFirst();
      driver->Run();
    });
  }
  for (std::thread& thread : threads) thread.join();

  LoadReport report;
  Clock::time_point last = measure_from;
  for (const auto& driver : drivers) {
    driver->AddTo(&report);
    last = std::max(last, driver->last_measured());
  }
  report.answered = shared.answered.load();
  report.seconds = std::chrono::duration<double>(last - measure_from).count();
  std::sort(report.latencies.begin(), report.latencies.end());
  return report;
}

}  // namespace puhui::bench
