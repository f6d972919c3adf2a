// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_PROCESS_MEMORY_H_
#define PUHUI_SERVICES_SERVER_PROCESS_MEMORY_H_

#include "absl/status/status.h"

namespace puhui::services {

// Keeps what is in memory, keys and names among it, from being left on a disk or read by others who
// run as the same account: no core dumps, and no tracing but by the superuser. Call it before there
// is anything to keep. Fails: kUnavailable.
absl::Status KeepMemoryPrivate();

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_PROCESS_MEMORY_H_
