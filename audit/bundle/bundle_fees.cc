// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_fees.h"

#include "audit/bundle/misfit.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

constexpr std::int64_t kBasis = 10'000;

bool PostsFeeOfAnother(const jv1::Entry& entry, std::uint32_t merchant) {
  return std::any_of(
      entry.postings().begin(), entry.postings().end(), [merchant](const jv1::Posting& posting) {
        return posting.kind() == jv1::ACCOUNT_KIND_FEE && posting.owner() != merchant;
      });
}

// A command is decided at the time of its first record, and each one after it is a microsecond
// later.
std::int64_t DecidedAt(const jv1::Record& record) {
  return std::max<std::int64_t>(0, record.time_micros()) - record.index_in_command();
}

}  // namespace

// In two parts, because the product of points and rate may be too large.
std::int64_t FeeOf(std::int64_t points, std::int64_t basis_points) {
  return points / kBasis * basis_points + points % kBasis * basis_points / kBasis;
}

absl::optional<BundleFees::Charge> BundleFees::ChargeAt(std::uint32_t merchant,
                                                        std::int64_t now_micros) const {
  const BundleFacts::Merchant* const known = facts_.FindMerchant(merchant);
  if (known == nullptr) return absl::nullopt;
  const auto& agreements = known->agreements;
  // They are numbered from 1: where one is missing, nobody can say which is in force.
  if (!agreements.empty() && agreements.rbegin()->first != agreements.size()) return absl::nullopt;
  const BundleFacts::Agreement* begun = nullptr;
  Charge charge;
  for (const auto& [number, agreement] : agreements) {
    if (agreement.start_micros > now_micros) continue;
    if (begun != nullptr && agreement.start_micros <= begun->start_micros) continue;
    begun = &agreement;
    charge.agreement = number;
  }
  if (begun != nullptr && (begun->end_micros == 0 || begun->end_micros > now_micros)) {
    charge.discount = begun->discount;
    charge.rate = std::uint64_t{begun->fee} + begun->discount;
    return charge;
  }
  if (!known->fee.has_value()) return absl::nullopt;
  return Charge{.rate = *known->fee};
}

absl::Status BundleFees::Check(const jv1::Record& record) {
  const jv1::Entry& entry = record.entry();
  if (!entry.has_purchase() && !entry.has_capture()) return absl::OkStatus();
  const jv1::Purchase& sale = entry.has_purchase() ? entry.purchase() : entry.capture();
  if (sale.fee_basis_points() > kBasis) return Misfit("a fee above the points");
  const std::int64_t fee = FeeOf(sale.points(), sale.fee_basis_points());
  if (sale.fee() != fee) {
    return Misfit(absl::StrCat("a fee of ", sale.fee(), " points, where ", sale.fee_basis_points(),
                               " basis points of ", sale.points(), " are ", fee));
  }
  const std::uint32_t merchant = sale.till().merchant();
  if (PostsFeeOfAnother(entry, merchant)) return Misfit("a fee of another merchant");
  const auto charge = ChargeAt(merchant, DecidedAt(record));
  if (!charge.has_value()) {
    if (whole_) return Misfit("a sale of a merchant whose fee nothing says");
    ++figures_.unchecked;
    return absl::OkStatus();
  }
  if (sale.agreement() != charge->agreement || sale.fee_basis_points() != charge->rate ||
      sale.discount_basis_points() != charge->discount) {
    return Misfit(absl::StrCat("charges ", sale.fee_basis_points(), " basis points by agreement ",
                               sale.agreement(), ", where agreement ", charge->agreement, " says ",
                               charge->rate));
  }
  ++figures_.checked;
  return absl::OkStatus();
}

}  // namespace puhui::audit
