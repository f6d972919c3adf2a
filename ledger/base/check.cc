// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace puhui {

void CheckFailed(const char* file, int line, absl::string_view message) {
  std::fprintf(stderr, "%s:%d: check failed: %.*s\n", file, line, static_cast<int>(message.size()),
               message.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace puhui
