// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_EXPORT_SEATS_H_
#define PUHUI_SERVICES_AUDIT_EXPORT_SEATS_H_

#include "services/rpc/error.h"

#include "absl/status/statusor.h"

#include <atomic>
#include <memory>
#include <utility>

namespace puhui::services {

// How many bundles are made at a time. Each holds open wallets and lots in memory, and a worker now
// and then, for as long as its caller reads; an auditor can wait, a till cannot.
// Threads: safe.
class ExportSeats {
 public:
  static constexpr int kAtOnceMax = 2;

  // Left when it goes.
  class Seat {
   public:
    explicit Seat(std::shared_ptr<std::atomic<int>> taken) : taken_(std::move(taken)) {}
    ~Seat() { --*taken_; }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

   private:
    const std::shared_ptr<std::atomic<int>> taken_;
  };

  // Refuses: OVERLOADED.
  absl::StatusOr<std::unique_ptr<Seat>> Take() const {
    const int others = (*taken_)++;
    auto seat = std::make_unique<Seat>(taken_);
    if (others >= kAtOnceMax) return Overloaded();
    return seat;
  }

 private:
  const std::shared_ptr<std::atomic<int>> taken_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_EXPORT_SEATS_H_
