// SPDX-License-Identifier: Apache-2.0
#include "services/server/process_memory.h"

#include "absl/strings/str_cat.h"
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

namespace puhui::services {
namespace {

absl::Status Failed(absl::string_view what) {
  return absl::UnavailableError(absl::StrCat("cannot ", what, ": ", std::strerror(errno)));
}

}  // namespace

absl::Status KeepMemoryPrivate() {
  rlimit core{};
  if (getrlimit(RLIMIT_CORE, &core) != 0) return Failed("read the limit of core dumps");
  if (core.rlim_cur != 0 || core.rlim_max != 0) {
    core = {.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_CORE, &core) != 0) return Failed("switch core dumps off");
  }
  // Also where dumps are piped to a program, which the limit does not stop.
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return Failed("make the process undumpable");
  return absl::OkStatus();
}

}  // namespace puhui::services
