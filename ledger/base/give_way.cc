// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/give_way.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace puhui {
namespace {

// What the system calls sched_attr: sched_setattr(2). Its header and the C library's cannot be
// included together.
struct SchedulingAttributes {
  std::uint32_t size = 0, policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0, deadline = 0, period = 0;  // Nanoseconds.
};
static_assert(sizeof(SchedulingAttributes) == 48);  // SCHED_ATTR_SIZE_VER0

}  // namespace

void GiveWay(Precedence precedence) {
  const int nice =
      precedence == Precedence::kAfterTills ? 4 : 10;  // Each step is worth a quarter: sched(7).
  // Of a thread, on Linux, whatever POSIX says of processes: setpriority(2).
  const auto thread = static_cast<id_t>(gettid());
  if (getpriority(PRIO_PROCESS, thread) < nice) {
    static_cast<void>(setpriority(PRIO_PROCESS, thread, nice));
  }
}

// Who asks for less at a time goes before others that ask for more: the least there is.
void ComeFirst() {
  constexpr std::uint64_t kResetOnFork = 1;  // Threads that it starts are as any other.
  SchedulingAttributes asked{
      .size = sizeof(asked), .policy = SCHED_OTHER, .flags = kResetOnFork, .runtime = 100'000};
  const int before = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
  asked.nice = std::min(before, -5);
  if (syscall(SYS_sched_setattr, 0, &asked, 0U) == 0) return;
  asked.nice = before;
  static_cast<void>(syscall(SYS_sched_setattr, 0, &asked, 0U));
}

}  // namespace puhui
