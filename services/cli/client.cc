// SPDX-License-Identifier: Apache-2.0
#include "services/cli/client.h"

#include "services/rpc/access_text.h"

#include "absl/types/span.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace puhui::services {
namespace {

constexpr absl::Duration kPauseMin = absl::Milliseconds(100);
constexpr absl::Duration kPauseMax = absl::Seconds(2);

}  // namespace

grpc::Status Client::Retry(absl::Duration timeout,
                           absl::FunctionRef<Attempt(grpc::ClientContext&)> attempt) {
  const absl::Time deadline = environment_.now() + timeout;
  for (absl::Duration pause = kPauseMin;; pause = std::min(pause * 2, kPauseMax)) {
    const absl::Duration left = deadline - environment_.now();
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(left));
    if (!purpose_.empty()) context.AddMetadata(std::string(kPurposeHeader), purpose_);
    const Attempt result = attempt(context);
    const absl::Duration wait = Jittered(pause);
    if (result.status.error_code() != grpc::StatusCode::UNAVAILABLE || !result.repeatable ||
        environment_.now() + wait >= deadline) {
      return result.status;
    }
    if (pause == kPauseMin) {
      *environment_.err << "note: the service is unavailable; trying again for up to "
                        << absl::FormatDuration(absl::Ceil(left, absl::Seconds(1))) << std::endl;
    }
    environment_.sleep(wait);
  }
}

// Between three and five quarters of `pause`, so that many clients do not come back at once.
absl::Duration Client::Jittered(absl::Duration pause) {
  std::uint8_t random = 0;
  environment_.random->Fill(absl::MakeSpan(&random, 1));
  return pause * (0.75 + random / 512.0);
}

}  // namespace puhui::services
