// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_AUDIT_INDEX_MERGED_LIST_H_
#define PUHUI_AUDIT_INDEX_MERGED_LIST_H_

#include "audit/index/index_rows.h"
#include "audit/index/sequence_list.h"
#include "ledger/storage/store.h"

#include <cstddef>
#include <vector>

namespace puhui::audit {

// Lists that are merged at most: so many seeks, no more than CommonList makes between two looks
// whether somebody still waits, are what it takes to begin.
inline constexpr std::size_t kMergedListsMax = kSeeksAtOnce;

// What is in any of many lists: as AnyOf, with one cursor for all of them, and of each list a few
// sequences in memory instead of a row; some 800 KiB for kMergedListsMax of them. The first Seek
// seeks in each list once, and every later one in those alone whose sequences are passed by.
// Requires: at most kMergedListsMax `lists` (checked). Borrows: the index.
SequenceListPtr MergeOf(const ledger::Readable& index, const std::vector<ListName>& lists,
                        Direction direction);

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_INDEX_MERGED_LIST_H_
