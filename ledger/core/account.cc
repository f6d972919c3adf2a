// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/account.h"

#include "ledger/base/limits.h"
#include "ledger/base/points.h"

#include "absl/strings/str_cat.h"

#include <cstdlib>

namespace puhui::ledger {

absl::string_view AccountKindName(AccountKind kind) {
  switch (kind) {
    case AccountKind::kFunding:
      return "funding";
    case AccountKind::kBudget:
      return "budget";
    case AccountKind::kCampaign:
      return "campaign";
    case AccountKind::kWallet:
      return "wallet";
    case AccountKind::kHeld:
      return "held";
    case AccountKind::kPayable:
      return "payable";
    case AccountKind::kFee:
      return "fee";
    case AccountKind::kPayout:
      return "payout";
    case AccountKind::kExpired:
      return "expired";
    case AccountKind::kAid:
      return "aid";
  }
  std::abort();
}

AccountBound BoundOf(AccountKind kind) {
  switch (kind) {
    case AccountKind::kFunding:
      return AccountBound::kNeverAboveZero;
    case AccountKind::kBudget:
    case AccountKind::kCampaign:
    case AccountKind::kWallet:
    case AccountKind::kHeld:
    case AccountKind::kExpired:
    case AccountKind::kAid:
    case AccountKind::kPayout:
      return AccountBound::kNeverBelowZero;
    case AccountKind::kPayable:  // Refunds after settlement; netted later.
    case AccountKind::kFee:      // Fees of such refunds.
      return AccountBound::kAny;
  }
  std::abort();
}

bool WithinBound(AccountKind kind, std::int64_t balance) {
  switch (BoundOf(kind)) {
    case AccountBound::kNeverAboveZero:
      return balance <= 0;
    case AccountBound::kNeverBelowZero:
      return balance >= 0;
    case AccountBound::kAny:
      return true;
  }
  std::abort();
}

absl::Status CheckBalanced(absl::Span<const Posting> postings) {
  if (postings.size() < 2 || postings.size() > kPostingsPerEntryMax) {
    return absl::InternalError(absl::StrCat("an entry of ", postings.size(), " postings"));
  }
  // At most 64 lines: comparing each with each is quicker than a map, and needs no memory.
  for (const Posting& of : postings) {
    if (of.points == 0 || of.points > Points::kMax || of.points < -Points::kMax) {
      return absl::InternalError(absl::StrCat("a posting of ", of.points, " points"));
    }
    std::int64_t sum = 0;
    for (const Posting& other : postings) {
      if (other.origin == of.origin) sum += other.points;
    }
    if (sum != 0) {
      return absl::InternalError(absl::StrCat("an entry is off by ", sum, " points of origin ",
                                              static_cast<std::uint32_t>(of.origin)));
    }
  }
  return absl::OkStatus();
}

}  // namespace puhui::ledger
