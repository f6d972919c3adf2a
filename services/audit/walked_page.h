// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_WALKED_PAGE_H_
#define PUHUI_SERVICES_AUDIT_WALKED_PAGE_H_

#include "ledger/base/id.h"
#include "services/rpc/error.h"

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <cstddef>
#include <string>
#include <utility>

namespace puhui::services {

// A page of what is walked from its beginning for each page. Where it begins, and the last record
// that counts: what is added meanwhile moves nothing.
struct WalkedPage {
  std::size_t first = 0;
  Sequence last = 0;
};

inline std::string WalkedCursor(const WalkedPage& page) {
  return absl::StrCat(page.first, ":", page.last);
}

// `last`: the last record that there is. Refuses: INVALID_FIELD.
inline absl::StatusOr<WalkedPage> ReadWalkedPage(const std::string& cursor, Sequence last) {
  WalkedPage page{.last = last};
  if (cursor.empty()) return page;
  const std::pair<std::string, std::string> parts = absl::StrSplit(cursor, ':');
  if (absl::SimpleAtoi(parts.first, &page.first) && absl::SimpleAtoi(parts.second, &page.last) &&
      page.last <= last) {
    return page;
  }
  return InvalidField("page_token", "want a token of this list");
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_WALKED_PAGE_H_
