// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/grant_judgement.h"

#include "ledger/base/limits.h"

#include <algorithm>
#include <utility>

namespace puhui::issuing {

using ledger::Reason;
using ledger::Terms;
using ledger::Wallet;

namespace {

bool IsOneTooMany(const ReceivedRow* received, const std::string& occasion) {
  if (received == nullptr || received->occasions.size() < kOccasionsReceivedMax) return false;
  return !std::ranges::binary_search(received->occasions, occasion, {}, &Received::occasion);
}

std::int64_t ReceivedFor(const ReceivedRow* received, const std::string& occasion) {
  if (received == nullptr) return 0;
  const auto at = std::ranges::lower_bound(received->occasions, occasion, {}, &Received::occasion);
  const bool found = at != received->occasions.end() && at->occasion == occasion;
  return found ? at->points.value() : 0;
}

}  // namespace

// The pack says which of the facts it asks for, as it does for a row.
RuleFrame FrameOf(const RulePack& pack, const std::string& occasion, const Terms& terms,
                  IssuerKind issuer_kind, absl::CivilDay day, absl::TimeZone zone) {
  Inputs inputs = InputsOf(pack, {.points = Points::FromStored(1),
                                  .occasion = occasion,
                                  .day = day,
                                  .issuer_kind = issuer_kind,
                                  .last_day = terms.last_day.value_or(
                                      absl::ToCivilDay(terms.expiry - absl::Microseconds(1), zone)),
                                  .categories = terms.categories,
                                  .earmark_share = terms.earmark.share,
                                  .earmark_regions = terms.earmark.regions,
                                  .earmark_categories = terms.earmark.categories});
  return {.issuer_kind = inputs.issuer_kind,
          .expiry_days = inputs.expiry_days,
          .categories = std::move(inputs.categories),
          .earmark_share = inputs.earmark_share,
          .earmark_regions = std::move(inputs.earmark_regions),
          .earmark_categories = std::move(inputs.earmark_categories)};
}

absl::optional<Reason> RefuseGrant(const Wallet* wallet, const Terms& terms, absl::Time now) {
  if (wallet == nullptr || wallet->state != ledger::WalletState::kActive) {
    return Reason::kMemberNotActive;
  }
  if (terms.expiry <= now) return Reason::kCampaignExpired;
  // With an earmark there may be two, whatever the points: a rule that nobody has to work out.
  const std::size_t opened = terms.earmark.share.value() == 0 ? 1 : 2;
  if (wallet->lots.size() + opened > kOpenLotsPerWalletMax) return Reason::kOpenLotsLimit;
  return absl::nullopt;
}

GrantVerdict JudgeGrant(const GrantFrame& frame, const GrantFacts& facts, absl::Time now) {
  if (const auto reason = RefuseGrant(facts.wallet, *frame.terms, now)) return {.reason = reason};
  if (IsOneTooMany(facts.received, frame.occasion)) {
    return {.reason = Reason::kOccasionsReceivedLimit};
  }
  if (ReceivedFor(facts.received, frame.occasion) > Points::kMax - facts.points.value()) {
    return {.reason = Reason::kAmountOverflow};
  }
  if (frame.pack == nullptr) return {};
  Facts asked{.points = facts.points,
              .occasion = frame.occasion,
              .day = frame.day,
              .issuer_kind = frame.rules.issuer_kind,
              .last_day = frame.day + frame.rules.expiry_days,
              .categories = frame.rules.categories,
              .earmark_share = frame.rules.earmark_share,
              .earmark_regions = frame.rules.earmark_regions,
              .earmark_categories = frame.rules.earmark_categories};
  if (facts.received != nullptr) asked.received = facts.received->occasions;
  GrantVerdict verdict{.inputs = InputsOf(*frame.pack, asked)};
  verdict.rule = Evaluate(*frame.pack, *verdict.inputs);
  if (!verdict.rule.ok()) verdict.reason = Reason::kRulePackBroken;
  return verdict;
}

}  // namespace puhui::issuing
