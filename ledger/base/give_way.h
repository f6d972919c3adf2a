// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_BASE_GIVE_WAY_H_
#define PUHUI_LEDGER_BASE_GIVE_WAY_H_

namespace puhui {

// Makes the calling thread give way, for good: where processors are short it gets a tenth of what a
// thread gets that somebody waits for. For work behind the scenes: views that follow, compactions,
// long reads. Not less than a tenth: what others need of it must be done some time, and a lock that
// it holds given back. Where the system does not let it, nothing changes.
void GiveWay();

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_GIVE_WAY_H_
