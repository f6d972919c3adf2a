// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_requests.h"

#include "audit/bundle/misfit.h"

#include <algorithm>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

// A ledger keeps a request id for 35 days at least (ADR 2).
constexpr std::int64_t kKeptMicros = std::int64_t{35} * 86'400 * 1'000'000;

}  // namespace

BundleRequests::Key BundleRequests::KeyFrom(absl::string_view bytes) {
  Key key{};
  std::copy_n(bytes.begin(), key.size(), key.begin());
  return key;
}

absl::Status BundleRequests::Check(const jv1::Record& record) {
  const jv1::Request& request = record.request();
  if (!request.request_id().empty()) {
    const ledger::Hash hash =
        sha256_.Digest(request.caller(), absl::string_view("\0", 1), request.request_id());
    if (!answered_.emplace(KeyFrom(ledger::AsBytes(hash)), record.time_micros()).second) {
      return Misfit("it answers a request that an earlier record has answered");
    }
  }
  return record.has_requests_forgotten()
             ? Forget(record.requests_forgotten().requests(), record.time_micros())
             : absl::OkStatus();
}

// What is not known is of before the range.
absl::Status BundleRequests::Forget(absl::string_view keys, std::int64_t time_micros) {
  if (keys.size() % Key().size() != 0) return Misfit("requests that cannot be forgotten");
  for (; !keys.empty(); keys.remove_prefix(Key().size())) {
    const auto found = answered_.find(KeyFrom(keys));
    if (found == answered_.end()) continue;
    // Both times may be any number: the difference of two that ascend fits in 64 bits.
    const std::uint64_t age =
        static_cast<std::uint64_t>(time_micros) - static_cast<std::uint64_t>(found->second);
    if (age < static_cast<std::uint64_t>(kKeptMicros)) {
      return Misfit("it forgets a request that was answered less than 35 days ago");
    }
    answered_.erase(found);
  }
  return absl::OkStatus();
}

}  // namespace puhui::audit
