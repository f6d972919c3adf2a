// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_AUDIT_WALKED_PAGE_H_
#define PUHUI_SERVICES_AUDIT_WALKED_PAGE_H_

#include "ledger/base/id.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/page_token.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include <cstddef>
#include <string>

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
  if (cursor.empty()) return WalkedPage{.last = last};
  PUHUI_ASSIGN_OR_RETURN(const auto numbers, NumbersIn<2>(cursor));
  if (numbers[1] > last) return NotOfThisList();
  return WalkedPage{.first = numbers[0], .last = numbers[1]};
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_WALKED_PAGE_H_
