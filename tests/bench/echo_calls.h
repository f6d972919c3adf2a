// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_ECHO_CALLS_H_
#define PUHUI_TESTS_BENCH_ECHO_CALLS_H_

#include "tests/bench/call.h"

#include "echo.grpc.pb.h"

#include <memory>
#include <utility>
#include <vector>

namespace puhui::bench {

// What a purchase measures on the wire, half of them by code, with a fee; a test holds them to real
// ones.
inline constexpr std::size_t kPurchaseRequestBytes = 109;
inline constexpr std::size_t kPurchaseAnswerBytes = 259;

// Calls of the echo, as large as purchases.
// Threads: as CallSource.
class EchoCalls final : public CallSource {
 public:
  explicit EchoCalls(std::vector<std::shared_ptr<grpc::Channel>> channels);
  std::unique_ptr<Call> NewCall(std::size_t connection) override;

 private:
  std::vector<std::unique_ptr<v1::EchoService::Stub>> stubs_;
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_ECHO_CALLS_H_
