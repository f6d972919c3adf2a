// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_REQUESTS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_REQUESTS_H_

#include "ledger/crypto/hash.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include <array>
#include <cstdint>

namespace puhui::audit {

// That one request id of a caller has one outcome, until a record forgets it. Requests of before
// the range are not known. Each that is not forgotten, so those of some 35 days, has 25 bytes for
// each place of a table that is between 7/16 and 7/8 full. Threads: none.
class BundleRequests {
 public:
  // Fails: kDataLoss, at a record that answers a request which an earlier one has answered, or that
  // forgets one too early.
  absl::Status Check(const journal::v1::Record& record);

 private:
  using Key = std::array<char, 16>;

  static Key KeyFrom(absl::string_view bytes);
  absl::Status Forget(absl::string_view keys, std::int64_t time_micros);

  ledger::Sha256 sha256_;
  absl::flat_hash_map<Key, std::int64_t> answered_;  // When, in microseconds since 1970.
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_REQUESTS_H_
