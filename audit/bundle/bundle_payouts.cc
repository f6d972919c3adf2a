// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_payouts.h"

#include "audit/bundle/misfit.h"
#include "ledger/base/points.h"
#include "ledger/base/status_macros.h"

#include <algorithm>
#include <tuple>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using StoredSums = google::protobuf::RepeatedPtrField<jv1::PayoutSum>;

// Nothing, unless they ascend by origin and all are above zero, or else all below.
absl::optional<BundleSums> ReadSums(const StoredSums& stored, bool above) {
  BundleSums sums;
  for (const jv1::PayoutSum& sum : stored) {
    const bool follows = sums.empty() || sums.rbegin()->first < sum.origin();
    const bool fits = above ? sum.points() > 0 && sum.points() <= Points::kMax
                            : sum.points() < 0 && sum.points() >= -Points::kMax;
    if (!follows || !fits) return absl::nullopt;
    sums.emplace_hint(sums.end(), sum.origin(), sum.points());
  }
  return sums;
}

// Whether the sums come to so many points, and to no more than a run pays.
bool ComeTo(const BundleSums& sums, std::int64_t points) {
  std::int64_t left = points;
  if (points < 0 || points > Points::kMax) return false;
  for (const auto& sum : sums) {
    if (sum.second > left) return false;
    left -= sum.second;
  }
  return left == 0;
}

BundleSums SumsOfRun(const jv1::RunPayment& payment) {
  BundleSums sums;
  for (const jv1::PayoutSum& sum : payment.sums()) sums[sum.origin()] = sum.points();
  return sums;
}

// Of what a day came to and what earlier ones fell short by, each union's money by itself: what is
// above zero, or below.
BundleSums PartOfDue(const BundleSums& came_to, const BundleSums& carried, bool above) {
  BundleSums sums = came_to;
  for (const auto& [origin, points] : carried) sums[origin] += points;
  BundleSums part;
  for (const auto& [origin, points] : sums) {
    if (points != 0 && (points > 0) == above) part[origin] = points;
  }
  return part;
}

// What went from the merchant's payable to its payout, for each origin; nothing when it is not
// that.
absl::optional<BundleSums> MovedBy(const jv1::Entry& entry, std::uint32_t merchant) {
  BundleSums payable;
  BundleSums payout;
  for (const jv1::Posting& posting : entry.postings()) {
    const bool is_payable = posting.kind() == jv1::ACCOUNT_KIND_PAYABLE;
    if (posting.owner() != merchant ||
        (!is_payable && posting.kind() != jv1::ACCOUNT_KIND_PAYOUT)) {
      return absl::nullopt;
    }
    // Each account once.
    BundleSums& moved = is_payable ? payable : payout;
    const std::int64_t points = is_payable ? -posting.points() : posting.points();
    if (!moved.emplace(posting.origin(), points).second) return absl::nullopt;
  }
  if (payable != payout) return absl::nullopt;
  return payout;
}

}  // namespace

void BundlePayouts::LearnEarlier(const jv1::Record& record) {
  if (record.has_payout_run_approved()) {
    states_.emplace(record.payout_run_approved().run(), RunState::kApproved);
  }
  if (!record.has_payout_run_created()) return;
  const jv1::PayoutRunCreated& created = record.payout_run_created();
  Run run{.maker = created.person(), .payments = {}, .earlier = true};
  for (const jv1::RunPayment& payment : created.payments()) {
    run.payments.push_back({{payment.merchant(), payment.day()}, SumsOfRun(payment)});
  }
  runs_.try_emplace(created.run(), std::move(run));
}

absl::Status BundlePayouts::Check(const jv1::Record& record, const BundleSums* came_to) {
  if (record.has_day_cut()) return Cut(record.day_cut(), came_to);
  if (record.has_statement_agreed()) return Agree(record.statement_agreed());
  if (record.has_payout_run_created()) return Create(record.payout_run_created());
  if (record.has_payout_run_approved()) return Approve(record.payout_run_approved());
  if (record.has_payout_run_cancelled()) return Cancel(record.payout_run_cancelled().run());
  const jv1::Entry& entry = record.entry();
  if (entry.has_payout_paid() || entry.has_payout_returned()) return CheckPosted(entry);
  const bool leaves = std::any_of(
      entry.postings().begin(), entry.postings().end(),
      [](const jv1::Posting& posting) { return posting.kind() == jv1::ACCOUNT_KIND_PAYOUT; });
  return leaves ? Misfit("points that leave by no payout") : absl::OkStatus();
}

absl::Status BundlePayouts::Cut(const jv1::DayCut& cut, const BundleSums* came_to) {
  const StatementKey key{cut.merchant(), cut.day().day()};
  Statement& statement = statements_[key];
  if (statement.cut || statement.agreed || statement.attempts != 0) {
    return Misfit("a business day that is cut once more");
  }
  statement.cut = true;
  statement.digest = cut.digest();
  if (came_to != nullptr) statement.came_to = *came_to;
  payees_[key.first].waiting.insert(key.second);
  return absl::OkStatus();
}

absl::Status BundlePayouts::Agree(const jv1::StatementAgreed& agreed) {
  Statement& statement = statements_[{agreed.merchant(), agreed.day()}];
  if (statement.agreed) return Misfit("a statement that is agreed upon once more");
  if (!statement.cut && whole_) return Misfit("an agreement upon a day that was not cut");
  if (statement.cut && statement.digest != agreed.digest()) {
    return Misfit("an agreement upon another statement than was cut");
  }
  statement.agreed = true;
  ++(statement.cut ? figures_.agreed : figures_.agreed_earlier);
  return absl::OkStatus();
}

absl::Status BundlePayouts::Create(const jv1::PayoutRunCreated& created) {
  const std::uint64_t last = last_run_.value_or(0);
  const bool follows =
      !last_run_.has_value() && !whole_ ? created.run() != 0 : created.run() == last + 1;
  if (!follows || runs_.contains(created.run())) {
    return Misfit("a payout run that is not the one after the last");
  }
  last_run_ = created.run();
  Run run{.maker = created.person(), .payments = {}, .earlier = false};
  for (const jv1::RunPayment& payment : created.payments()) {
    PUHUI_RETURN_IF_ERROR(TakePayment(payment, &run));
  }
  runs_.emplace(created.run(), std::move(run));
  return absl::OkStatus();
}

absl::Status BundlePayouts::TakePayment(const jv1::RunPayment& payment, Run* run) {
  const auto sums = ReadSums(payment.sums(), /*above=*/true);
  const auto carried = ReadSums(payment.carried(), /*above=*/false);
  if (!sums.has_value() || !carried.has_value() || !ComeTo(*sums, payment.points())) {
    return Misfit("a payment of other points than its sums");
  }
  const StatementKey key{payment.merchant(), payment.day()};
  Statement& statement = statements_[key];
  if (!statement.agreed && (whole_ || statement.cut)) {
    return Misfit("pays a statement that nobody agreed upon");
  }
  const bool paid = std::any_of(statement.paid.begin(), statement.paid.end(),
                                [](const auto& part) { return part.second; });
  if (paid || statement.settled) return Misfit("pays a statement that is paid");
  const std::uint32_t attempt = payment.attempt();
  const bool known = whole_ || statement.cut || statement.attempts != 0;
  if (attempt == 0 || (known && attempt != statement.attempts + 1)) {
    return Misfit("a payment that is not the next attempt of its statement");
  }
  if (attempt == 1) {
    PUHUI_RETURN_IF_ERROR(TakeFirst(key, *sums, *carried, &statement));
  } else if (!carried->empty() || (statement.sums.has_value() && *statement.sums != *sums)) {
    return Misfit("an attempt that pays something else than the one before");
  }
  ++(statement.due_known ? figures_.due : figures_.due_unknown);
  statement.attempts = attempt;
  statement.sums = *sums;
  statement.settled = sums->empty();
  for (const auto& sum : *sums) statement.paid[sum.first] = false;
  run->payments.push_back({key, *sums});
  return absl::OkStatus();
}

absl::Status BundlePayouts::TakeFirst(const StatementKey& key, const BundleSums& sums,
                                      const BundleSums& carried, Statement* statement) {
  Payee& payee = payees_[key.first];
  if (!payee.waiting.empty() && *payee.waiting.begin() < key.second) {
    return Misfit("pays a day of a merchant before an earlier one");
  }
  payee.waiting.erase(key.second);
  statement->due_known = statement->came_to.has_value() && (whole_ || payee.carried.has_value());
  if (statement->due_known) {
    const BundleSums before = payee.carried.value_or(BundleSums());
    if (PartOfDue(*statement->came_to, before, /*above=*/true) != sums ||
        PartOfDue(*statement->came_to, before, /*above=*/false) != carried) {
      return Misfit("a payment of something else than its statement came to");
    }
  }
  payee.carried = carried;
  statement->came_to.reset();  // It is asked for once.
  return absl::OkStatus();
}

absl::Status BundlePayouts::Approve(const jv1::PayoutRunApproved& approved) {
  const auto run = runs_.find(approved.run());
  if (run == runs_.end() && whole_) return Misfit("an approval of a payout run that is not there");
  if (run != runs_.end() && !approved.person().empty() && run->second.maker == approved.person()) {
    return Misfit("a payout run that is approved by whoever made it");
  }
  if (!states_.emplace(approved.run(), RunState::kApproved).second) {
    return Misfit("an approval of a payout run that was approved or cancelled");
  }
  return absl::OkStatus();
}

absl::Status BundlePayouts::Cancel(std::uint32_t run) {
  if (whole_ && !runs_.contains(run)) return Misfit("cancels a payout run that is not there");
  const auto [state, first] = states_.emplace(run, RunState::kCancelled);
  if (!first && state->second == RunState::kCancelled) {
    return Misfit("cancels a payout run that was cancelled");
  }
  state->second = RunState::kCancelled;
  return absl::OkStatus();
}

absl::Status BundlePayouts::CheckPosted(const jv1::Entry& entry) {
  const bool back = entry.has_payout_returned();
  const auto describe = [](const auto& cause) {
    return std::make_tuple(StatementKey{cause.merchant(), cause.day()}, cause.run(),
                           cause.payment());
  };
  const auto [key, number, payment] =
      back ? describe(entry.payout_returned()) : describe(entry.payout_paid());
  const auto run = runs_.find(number);
  // Of what comes back the run may be of before the range; what is paid names it.
  if (run == runs_.end() && back && !whole_) return absl::OkStatus();
  if (run == runs_.end() || payment == 0 || payment > run->second.payments.size()) {
    return Misfit("a payout of no payment of a run");
  }
  const Payment& of = run->second.payments[payment - 1];
  if (of.statement != key) return Misfit("a payout of another statement than its payment is of");
  const auto moved = MovedBy(entry, key.first);
  if (!moved.has_value()) return Misfit("a payout that is not of its merchant's payable");
  if (!back) PUHUI_RETURN_IF_ERROR(CheckApproved(number, run->second));
  return Turn(of, *moved, back);
}

absl::Status BundlePayouts::Turn(const Payment& of, const BundleSums& moved, bool back) {
  Statement& statement = statements_[of.statement];
  for (const auto& [origin, points] : moved) {
    const auto sum = of.sums.find(origin);
    if (sum == of.sums.end() || sum->second != (back ? -points : points)) {
      return Misfit("a payout of other points than its payment has of that union's money");
    }
    const auto [paid, first] = statement.paid.emplace(origin, !back);
    if (!first && paid->second != back) {
      return Misfit(back ? "what was not paid comes back" : "a statement that is paid twice");
    }
    paid->second = !back;
  }
  return absl::OkStatus();
}

absl::Status BundlePayouts::CheckApproved(std::uint32_t number, const Run& run) {
  const auto state = states_.find(number);
  if (state == states_.end() ? !run.earlier : state->second == RunState::kCancelled) {
    return Misfit("a payout of a run that was not approved, or was cancelled");
  }
  ++(state == states_.end() ? figures_.unapproved : figures_.approved);
  return absl::OkStatus();
}

}  // namespace puhui::audit
