// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_INTEGRATION_HEARD_H_
#define PUHUI_TESTS_INTEGRATION_HEARD_H_

#include "ledger/base/id.h"
#include "puhui/v1/audit_service.pb.h"
#include "tests/support/wire/deployment.h"

#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace puhui {

// What auditors hear of the first records of a ledger, word for word.
struct Heard {
  std::vector<std::string> records;
  std::string one;  // Of them, with its bytes.
  std::vector<std::string> path;
  std::string balance;
  std::string bundle;
};

absl::StatusOr<v1::ListRecordsResponse> FirstRecords(const Deployment& deployment,
                                                     std::size_t count);

// Hears it again and again, as long as nothing is lost. Threads: none. Borrows: the deployment.
class Listener {
 public:
  // Of records 1 to `count` and some more, in the tree of `size` records, which is signed.
  Listener(const Deployment* deployment, std::size_t count, std::uint64_t size)
      : deployment_(*deployment), count_(count), size_(size) {}

  absl::StatusOr<Heard> Listen();

 private:
  // Until `most` bytes are there.
  absl::StatusOr<std::string> Export(std::size_t most);

  const Deployment& deployment_;
  const std::size_t count_;
  const std::uint64_t size_;
  std::string token_;  // Says which head the bundle is of.
};

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_HEARD_H_
