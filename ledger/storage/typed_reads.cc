// SPDX-License-Identifier: Apache-2.0
#include "ledger/storage/typed_reads.h"

#include "ledger/base/check.h"

namespace puhui::ledger {
namespace {

// The smallest text above everything that begins with `prefix`; empty when there is none.
std::string Above(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace

void SeekToStart(const Range& range, Cursor& cursor) {
  PUHUI_CHECK(!range.prefix.empty());
  if (!range.backward) {
    cursor.Seek(range.from < range.prefix ? range.prefix : range.from);
    if (range.after_from && cursor.Valid() && cursor.key() == range.from) cursor.Next();
    return;
  }
  const std::string above = Above(range.prefix);
  const bool from_inside = !range.from.empty() && (above.empty() || range.from < above);
  if (from_inside) {
    cursor.SeekBackward(range.from);
    if (range.after_from && cursor.Valid() && cursor.key() == range.from) cursor.Prev();
  } else if (above.empty()) {
    cursor.SeekToLast();
  } else {
    cursor.SeekBackward(above);
    if (cursor.Valid() && cursor.key() == above) cursor.Prev();
  }
}

}  // namespace puhui::ledger
