// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/till_model.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::testing {
namespace {

std::pair<std::uint32_t, std::uint32_t> KeysOf(const v1::Till& till) {
  return {till.batch_number(), till.trace_number()};
}

std::string Wants(const std::string& wanted, const TillOutcome& outcome) {
  if (outcome.refused == wanted) return "";
  return absl::StrCat("want '", wanted, "', got '", outcome.refused, "'");
}

}  // namespace

v1::PurchaseState TillModel::Purchase::state() const {
  if (reversed) return v1::PURCHASE_STATE_REVERSED;
  if (given_back == 0) return v1::PURCHASE_STATE_CAPTURED;
  return given_back == points ? v1::PURCHASE_STATE_REFUNDED : v1::PURCHASE_STATE_PARTLY_REFUNDED;
}

std::string TillModel::Learn(const TillRequest& request, const TillOutcome& outcome) {
  return absl::visit(
      [&](const auto& asked) {
        std::string wrong = Judge(asked, outcome);
        if (wrong.empty()) Note(asked, outcome);
        return wrong;
      },
      request);
}

std::string TillModel::Judge(const v1::PurchaseRequest& request, const TillOutcome& outcome) const {
  const auto card = std::find(cards_.begin(), cards_.end(), request.card_number());
  if (card == cards_.end()) return Wants("CARD_NOT_FOUND", outcome);
  const Keys keys = KeysOf(request.till());
  if (buried_request_ids_.contains(request.request_id()) || buried_keys_.contains(keys)) {
    return Wants("REVERSED_BEFORE_ARRIVAL", outcome);
  }
  if (by_keys_.contains(keys)) return Wants("TRACE_NUMBER_USED", outcome);
  const std::int64_t left = Left(static_cast<std::size_t>(card - cards_.begin()));
  const bool may_lack = request.points() > left;
  if (may_lack && outcome.refused == "INSUFFICIENT_POINTS") return "";
  if (request.points() > left + coming_) return Wants("INSUFFICIENT_POINTS", outcome);
  if (outcome.points != request.points()) return absl::StrCat("took ", outcome.points, " points");
  if (purchases_.contains(outcome.reference)) return "the reference was given before";
  return Wants("", outcome);
}

std::string TillModel::Judge(const v1::RefundRequest& request, const TillOutcome& outcome) const {
  if (by_keys_.contains(KeysOf(request.till()))) return Wants("TRACE_NUMBER_USED", outcome);
  const Purchase& purchase = purchases_.at(request.purchase_reference());
  if (purchase.reversed) return Wants("PURCHASE_REVERSED", outcome);
  if (request.points() > purchase.kept()) return Wants("REFUND_ABOVE_PURCHASE", outcome);
  if (outcome.points != request.points()) return absl::StrCat("gave ", outcome.points, " points");
  return Wants("", outcome);
}

std::string TillModel::Judge(const v1::ReverseRequest& request, const TillOutcome& outcome) const {
  const Keys keys{request.original_keys().batch_number(), request.original_keys().trace_number()};
  if (request.has_original_keys() && refund_keys_.contains(keys)) {
    return Wants("NOT_FOUND", outcome);
  }
  const std::string original = OriginalOf(request);
  if (outcome.reference != original) {
    return absl::StrCat("undid '", outcome.reference, "', want '", original, "'");
  }
  return Wants("", outcome);
}

void TillModel::Note(const v1::PurchaseRequest& request, const TillOutcome& outcome) {
  by_keys_.try_emplace(KeysOf(request.till()), outcome.reference);
  if (!outcome.refused.empty()) {
    ++counts_.declines;
    return;
  }
  ++counts_.purchases;
  const auto card = std::find(cards_.begin(), cards_.end(), request.card_number()) - cards_.begin();
  Purchase purchase{.card = static_cast<std::size_t>(card), .points = request.points()};
  spent_[purchase.card] += purchase.points;
  purchases_.emplace(outcome.reference, purchase);
  by_request_id_[request.request_id()] = outcome.reference;
}

void TillModel::Note(const v1::RefundRequest& request, const TillOutcome& outcome) {
  by_keys_.try_emplace(KeysOf(request.till()));
  if (!outcome.refused.empty()) {
    ++counts_.declines;
    return;
  }
  ++counts_.refunds;
  refund_keys_.insert(KeysOf(request.till()));
  GiveBack(purchases_.at(request.purchase_reference()), request.points());
}

void TillModel::Note(const v1::ReverseRequest& request, const TillOutcome& outcome) {
  if (!outcome.refused.empty()) {
    ++counts_.declines;
    by_keys_.try_emplace(KeysOf(request.till()));
    return;
  }
  const Keys original{request.original_keys().batch_number(),
                      request.original_keys().trace_number()};
  if (outcome.reference.empty() && request.has_original_keys()) {
    // A call that was there in another guise, such as a decline, stays what it was.
    if (by_keys_.try_emplace(original).second) buried_keys_.insert(original);
  } else if (outcome.reference.empty()) {
    buried_request_ids_.insert(request.original_request_id());
  }
  by_keys_.try_emplace(KeysOf(request.till()));
  if (outcome.reference.empty() || purchases_.at(outcome.reference).kept() == 0) {
    ++counts_.tombstones;
    return;
  }
  ++counts_.reversals;
  Purchase& purchase = purchases_.at(outcome.reference);
  purchase.reversed = true;
  GiveBack(purchase, purchase.kept());
}

// The purchase that a reversal means; empty when none has arrived.
std::string TillModel::OriginalOf(const v1::ReverseRequest& request) const {
  if (request.has_original_keys()) {
    const auto found = by_keys_.find(
        {request.original_keys().batch_number(), request.original_keys().trace_number()});
    return found == by_keys_.end() ? "" : found->second;
  }
  const auto found = by_request_id_.find(request.original_request_id());
  return found == by_request_id_.end() ? "" : found->second;
}

void TillModel::GiveBack(Purchase& purchase, std::int64_t points) {
  purchase.given_back += points;
  spent_[purchase.card] -= points;
}

std::int64_t TillModel::Payable() const {
  std::int64_t sum = 0;
  for (const auto& [reference, purchase] : purchases_) sum += purchase.kept() - FeeOf(purchase);
  return sum;
}

std::int64_t TillModel::Fee() const {
  std::int64_t sum = 0;
  for (const auto& [reference, purchase] : purchases_) sum += FeeOf(purchase);
  return sum;
}

}  // namespace puhui::testing
