// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/give_way.h"

#include <sys/resource.h>
#include <unistd.h>

namespace puhui {

void GiveWay(Precedence precedence) {
  const int nice =
      precedence == Precedence::kAfterTills ? 4 : 10;  // Each step is worth a quarter: sched(7).
  // Of a thread, on Linux, whatever POSIX says of processes: setpriority(2).
  const auto thread = static_cast<id_t>(gettid());
  if (getpriority(PRIO_PROCESS, thread) < nice) {
    static_cast<void>(setpriority(PRIO_PROCESS, thread, nice));
  }
}

}  // namespace puhui
