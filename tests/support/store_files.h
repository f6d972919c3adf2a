// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_STORE_FILES_H_
#define PUHUI_TESTS_SUPPORT_STORE_FILES_H_

#include "ledger/storage/store.h"

#include <string>
#include <vector>

namespace puhui {

// The paths of the settled files of one family of a store that nobody has open.
std::vector<std::string> FilesOf(ledger::Family family, const std::string& store_path);

// Brings the rows of the journal of such a store below level 0, as work of some weeks does: files
// of level 0 do not go when their rows are dropped.
void SettleJournal(const std::string& store_path);

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_STORE_FILES_H_
