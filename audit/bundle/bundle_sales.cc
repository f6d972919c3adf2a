// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_sales.h"

#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

absl::Status DoesNotFit(absl::string_view what) { return absl::DataLossError(what); }

// What the entry adds to all accounts of a kind. The entry is balanced, so nothing overflows.
std::int64_t Posted(const jv1::Entry& entry, jv1::AccountKind kind) {
  std::int64_t sum = 0;
  for (const jv1::Posting& posting : entry.postings()) {
    if (posting.kind() == kind) sum += posting.points();
  }
  return sum;
}

// What the merchant's two accounts get: what is payable, and the fee.
std::int64_t Sold(const jv1::Entry& entry) {
  return Posted(entry, jv1::ACCOUNT_KIND_PAYABLE) + Posted(entry, jv1::ACCOUNT_KIND_FEE);
}

// False when the sum is beyond what any account holds.
bool AddTo(std::int64_t points, std::int64_t* sum) {
  *sum += points;
  return *sum <= Points::kMax && *sum >= -Points::kMax;
}

bool InRange(std::int64_t points) { return points > 0 && points <= Points::kMax; }

}  // namespace

void BundleSales::LearnEarlier(const jv1::Record& record) {
  Sale sale{.back = -1, .earlier = true};
  if (record.has_bill_created()) {
    sale.points = record.bill_created().points();
  } else if (record.entry().has_purchase()) {
    sale.points = record.entry().purchase().points();
  } else if (record.entry().has_authorization()) {
    sale.points = record.entry().authorization().points();
    sale.held = true;
  } else {
    return;
  }
  sales_.emplace(record.sequence(), sale);
}

absl::Status BundleSales::Check(const jv1::Record& record) {
  if (!record.has_entry()) return absl::OkStatus();
  const jv1::Entry& entry = record.entry();
  PUHUI_RETURN_IF_ERROR(CheckDays(entry, record.time_micros()));
  if (entry.has_grant()) return CheckGrant(entry);
  if (entry.has_purchase()) return CheckPurchase(entry, record.sequence());
  if (entry.has_authorization()) return CheckAuthorization(entry, record.sequence());
  if (entry.has_capture()) return CheckCapture(entry);
  if (entry.has_voided()) {
    return CheckRelease(entry, entry.voided().authorization(), entry.voided().points());
  }
  if (entry.has_authorization_expiry()) {
    return CheckRelease(entry, entry.authorization_expiry().authorization(),
                        entry.authorization_expiry().points());
  }
  if (entry.has_refund()) return CheckRefund(entry);
  if (entry.has_reversal()) return CheckReversal(entry);
  if (entry.has_payout_paid() || entry.has_payout_returned()) return CheckPayout(entry);
  return absl::OkStatus();
}

absl::Status BundleSales::CheckGrant(const jv1::Entry& entry) {
  const jv1::Grant& grant = entry.grant();
  ++figures_.grants;
  if (!granted_.emplace(grant.campaign(), grant.row()).second) {
    return DoesNotFit(absl::StrCat("row ", grant.row(), " of campaign ", grant.campaign(),
                                   " is granted once more"));
  }
  if (facts_.FindCampaign(grant.campaign()) == nullptr) {
    return DoesNotFit("a grant of a campaign that is not there");
  }
  if (!InRange(grant.points()) || Posted(entry, jv1::ACCOUNT_KIND_CAMPAIGN) != -grant.points() ||
      Posted(entry, jv1::ACCOUNT_KIND_WALLET) != grant.points()) {
    return DoesNotFit("a grant that posts other points than it says");
  }
  if (grant.has_rules()) ++figures_.under_rules;
  return absl::OkStatus();
}

absl::Status BundleSales::CheckPurchase(const jv1::Entry& entry, Sequence sequence) {
  const jv1::Purchase& purchase = entry.purchase();
  ++figures_.purchases;
  if (!InRange(purchase.points()) || Sold(entry) != purchase.points() ||
      Posted(entry, jv1::ACCOUNT_KIND_FEE) != purchase.fee()) {
    return DoesNotFit("a purchase that posts other points than it says");
  }
  const Sequence of = purchase.bill() == 0 ? sequence : purchase.bill();
  Sale& sale = sales_[of];
  if (sale.points != 0 && (!sale.earlier || sale.back >= 0 || sale.points < purchase.points())) {
    return DoesNotFit("a bill that is paid once more, or above what it asked for");
  }
  sale = {.points = purchase.points()};
  return absl::OkStatus();
}

absl::Status BundleSales::CheckAuthorization(const jv1::Entry& entry, Sequence sequence) {
  const std::int64_t points = entry.authorization().points();
  ++figures_.authorizations;
  if (!InRange(points) || Posted(entry, jv1::ACCOUNT_KIND_HELD) != points) {
    return DoesNotFit("an authorisation that holds other points than it says");
  }
  sales_[sequence] = {.points = points, .held = true};
  return absl::OkStatus();
}

absl::StatusOr<BundleSales::Sale*> BundleSales::Held(Sequence of) {
  const auto sale = sales_.find(of);
  if (sale == sales_.end() || !sale->second.held) {
    return DoesNotFit(absl::StrCat("authorisation ", of, " is not there, or has ended"));
  }
  return &sale->second;
}

absl::Status BundleSales::CheckCapture(const jv1::Entry& entry) {
  const jv1::Purchase& capture = entry.capture();
  ++figures_.purchases;
  PUHUI_ASSIGN_OR_RETURN(Sale* const sale, Held(capture.authorization()));
  if (Posted(entry, jv1::ACCOUNT_KIND_HELD) != -sale->points || capture.points() > sale->points) {
    return DoesNotFit("a capture of other points than are held");
  }
  if (!InRange(capture.points()) || Sold(entry) != capture.points() ||
      Posted(entry, jv1::ACCOUNT_KIND_FEE) != capture.fee()) {
    return DoesNotFit("a capture that posts other points than it says");
  }
  *sale = {.points = capture.points()};
  return absl::OkStatus();
}

absl::Status BundleSales::CheckRelease(const jv1::Entry& entry, Sequence of, std::int64_t points) {
  PUHUI_ASSIGN_OR_RETURN(Sale* const sale, Held(of));
  if (points != sale->points || Posted(entry, jv1::ACCOUNT_KIND_HELD) != -points) {
    return DoesNotFit("an authorisation that ends with other points than it holds");
  }
  sales_.erase(of);
  return absl::OkStatus();
}

absl::Status BundleSales::GiveBack(Sale* sale, std::int64_t points, std::int64_t fee,
                                   const jv1::Entry& entry) {
  ++figures_.given_back;
  if (Sold(entry) != -points || Posted(entry, jv1::ACCOUNT_KIND_FEE) != -fee ||
      Posted(entry, jv1::ACCOUNT_KIND_WALLET) != points) {
    return DoesNotFit("gives back other points than it says");
  }
  sale->back += points;
  if (sale->back <= sale->points) return absl::OkStatus();
  return DoesNotFit(absl::StrCat("gives back ", sale->back, " of ", sale->points, " points"));
}

absl::Status BundleSales::CheckRefund(const jv1::Entry& entry) {
  const jv1::Refund& refund = entry.refund();
  const auto found = sales_.find(refund.purchase());
  if (found == sales_.end() || (found->second.held && !found->second.earlier)) {
    return DoesNotFit(absl::StrCat("purchase ", refund.purchase(), " is not there"));
  }
  Sale& sale = found->second;
  if (!InRange(refund.points()) || !InRange(refund.refunded())) return DoesNotFit("a refund");
  sale.held = false;
  if (sale.back < 0) sale.back = refund.refunded() - refund.points();
  if (sale.back < 0 || refund.refunded() != sale.back + refund.points()) {
    return DoesNotFit(absl::StrCat("a refund that is not of ", refund.refunded(), " in all"));
  }
  return GiveBack(&sale, refund.points(), refund.fee(), entry);
}

// Of an authorisation it releases what is held, of a purchase it gives back all that is left.
absl::Status BundleSales::CheckReversal(const jv1::Entry& entry) {
  const jv1::Reversal& reversal = entry.reversal();
  const auto found = sales_.find(reversal.purchase());
  if (found == sales_.end()) {
    return DoesNotFit(absl::StrCat("purchase ", reversal.purchase(), " is not there"));
  }
  Sale& sale = found->second;
  if (!InRange(reversal.points())) return DoesNotFit("a reversal of nothing");
  if (Posted(entry, jv1::ACCOUNT_KIND_HELD) != 0) {
    return CheckRelease(entry, reversal.purchase(), reversal.points());
  }
  if (sale.held && !sale.earlier) return DoesNotFit("a reversal that leaves points held");
  sale.held = false;
  if (sale.back < 0) sale.back = std::max<std::int64_t>(0, sale.points - reversal.points());
  return GiveBack(&sale, reversal.points(), reversal.fee(), entry);
}

absl::Status BundleSales::CheckPayout(const jv1::Entry& entry) {
  const bool back = entry.has_payout_returned();
  const std::int64_t points =
      back ? entry.payout_returned().points() : entry.payout_paid().points();
  ++figures_.payouts;
  if (!InRange(points)) return DoesNotFit("a payout of nothing");
  const std::int64_t left = back ? -points : points;
  if (Posted(entry, jv1::ACCOUNT_KIND_PAYOUT) != left ||
      Posted(entry, jv1::ACCOUNT_KIND_PAYABLE) != -left) {
    return DoesNotFit("a payout that posts other points than it says");
  }
  const std::uint32_t run = back ? entry.payout_returned().run() : entry.payout_paid().run();
  const std::uint32_t payment =
      back ? entry.payout_returned().payment() : entry.payout_paid().payment();
  std::int64_t& paid = paid_[{run, payment}];
  if (!AddTo(left, &paid)) return DoesNotFit("a payout of too many points");
  if (back) {
    return paid >= 0 || !whole_ ? absl::OkStatus() : DoesNotFit("more came back than was paid");
  }
  const std::vector<std::int64_t>* const payments = facts_.FindRun(run);
  if (payments == nullptr || payment == 0 || payment > payments->size()) {
    return DoesNotFit("a payout of no payment of a run");
  }
  if (paid <= (*payments)[payment - 1]) return absl::OkStatus();
  return DoesNotFit(
      absl::StrCat("pays ", paid, " points of a payment of ", (*payments)[payment - 1]));
}

absl::Status BundleSales::CheckDays(const jv1::Entry& entry, std::int64_t time_micros) {
  const bool spends = entry.has_purchase() || entry.has_authorization();
  for (const jv1::LotChange& change : entry.lots()) {
    const BundleFacts::Campaign* const campaign = facts_.FindCampaign(change.campaign());
    if (campaign == nullptr) return DoesNotFit("a lot of a campaign that is not there");
    if (spends && time_micros < campaign->start_micros) {
      return DoesNotFit(absl::StrCat("spends lot ", change.lot(), " before its time"));
    }
    if (!change.has_day() || entry.member().size() != MemberId::kBytes) continue;
    ++figures_.capped;
    std::int64_t& spent =
        days_[{MemberId::FromBytes(entry.member()), change.campaign(), change.day()}];
    if (!AddTo(change.held() - change.points(), &spent)) return DoesNotFit("spends too much");
    if (spends && campaign->day_cap != 0 && spent > campaign->day_cap) {
      return DoesNotFit(absl::StrCat("spends ", spent, " on a day, above the cap of its terms, ",
                                     campaign->day_cap));
    }
  }
  return absl::OkStatus();
}

}  // namespace puhui::audit
