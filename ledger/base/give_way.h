// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_BASE_GIVE_WAY_H_
#define PUHUI_LEDGER_BASE_GIVE_WAY_H_

#include <cstdint>

namespace puhui {

// What a thread does that is not the first to be served.
enum class Precedence : std::uint8_t {
  kAfterTills,  // Somebody waits, and not at a till: searches, exports, statements.
  kLast,        // Nobody waits: views that follow, compactions, checks.
};

// Makes the calling thread give way, for good: where processors are short, long work gets two
// fifths of what any other thread gets, and unseen work a tenth; of what a thread gets that came
// first (below) an eighth, and a thirtieth. Not less: it must be done some time, and a lock that it
// holds given back. Where the system does not let it, nothing changes.
void GiveWay(Precedence precedence);

// Makes the calling thread, one that answers tills, take a processor as soon as it has something to
// do, and not after the slice of some milliseconds that the thread there has begun (from Linux 6.12
// on, sched_setattr(2)); and three times the share of them, where the process may ask for it
// (RLIMIT_NICE, CAP_SYS_NICE). What the system does not know, or let it, changes nothing.
void ComeFirst();

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_GIVE_WAY_H_
