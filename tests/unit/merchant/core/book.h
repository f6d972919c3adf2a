// SPDX-License-Identifier: Apache-2.0
// What tests of postings add them up with.
// Threads: any.
#ifndef PUHUI_TESTS_UNIT_MERCHANT_CORE_BOOK_H_
#define PUHUI_TESTS_UNIT_MERCHANT_CORE_BOOK_H_

#include "merchant/core/purchase.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace puhui::merchant {

// A moment like any other.
inline const absl::Time kNow = absl::FromUnixSeconds(1'735'689'600);

// Somebody who buys where this many basis points are the fee.
inline Parties With(std::uint32_t rate) {
  return {.member = MemberId(1, 2),
          .merchant = MerchantNumber{7},
          .fee_rate = BasisPoints::FromStored(rate)};
}

inline ledger::LotSlice Slice(std::uint32_t lot, std::uint32_t origin, std::int64_t points) {
  return {.lot = LotNumber{lot}, .origin = UnionNumber{origin}, .points = points};
}

// What each kind of account has of each origin.
using Book = std::map<std::pair<ledger::AccountKind, UnionNumber>, std::int64_t>;

inline void Post(const std::vector<ledger::Posting>& postings, Book* book) {
  for (const ledger::Posting& posting : postings) {
    (*book)[{posting.kind, posting.origin}] += posting.points;
  }
}

}  // namespace puhui::merchant

#endif  // PUHUI_TESTS_UNIT_MERCHANT_CORE_BOOK_H_
