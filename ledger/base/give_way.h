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
// fifths of what a thread gets that answers tills, and unseen work a tenth. Not less: it must be
// done some time, and a lock that it holds given back. Where the system does not let it, nothing
// changes.
void GiveWay(Precedence precedence);

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_GIVE_WAY_H_
