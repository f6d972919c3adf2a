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

absl::optional<std::size_t> TillModel::Find(const std::string& card_number) const {
  const auto card = std::find(cards_.begin(), cards_.end(), card_number);
  if (card == cards_.end()) return absl::nullopt;
  return static_cast<std::size_t>(card - cards_.begin());
}

template <class Request>
std::string TillModel::RefusalOfCall(const Request& request) const {
  const Keys keys = KeysOf(request.till());
  if (buried_request_ids_.contains(request.request_id()) || buried_keys_.contains(keys)) {
    return "REVERSED_BEFORE_ARRIVAL";
  }
  return by_keys_.contains(keys) ? "TRACE_NUMBER_USED" : "";
}

template <class Request>
std::string TillModel::JudgeFunds(const Request& request, std::size_t card,
                                  const TillOutcome& outcome) const {
  const std::int64_t left = Left(card);
  const bool may_lack = request.points() > left;
  if (may_lack && outcome.refused == "INSUFFICIENT_POINTS") return "";
  if (request.points() > left + coming_) return Wants("INSUFFICIENT_POINTS", outcome);
  if (outcome.points != request.points()) return absl::StrCat("took ", outcome.points, " points");
  if (purchases_.contains(outcome.reference) || holds_.contains(outcome.reference)) {
    return "the reference was given before";
  }
  return Wants("", outcome);
}

std::string TillModel::Judge(const v1::PurchaseRequest& request, const TillOutcome& outcome) const {
  const absl::optional<std::size_t> card = Find(request.card_number());
  if (!card.has_value()) return Wants("CARD_NOT_FOUND", outcome);
  if (const std::string refused = RefusalOfCall(request); !refused.empty()) {
    return Wants(refused, outcome);
  }
  return JudgeFunds(request, *card, outcome);
}

std::string TillModel::Judge(const v1::AuthorizeRequest& request,
                             const TillOutcome& outcome) const {
  const absl::optional<std::size_t> card = Find(request.card_number());
  if (!card.has_value()) return Wants("CARD_NOT_FOUND", outcome);
  if (const std::string refused = RefusalOfCall(request); !refused.empty()) {
    return Wants(refused, outcome);
  }
  const auto open = std::count_if(holds_.begin(), holds_.end(), [&](const auto& hold) {
    return hold.second.card == *card && hold.second.state == v1::AUTHORIZATION_STATE_HELD;
  });
  if (open >= 32) return Wants("AUTHORIZATIONS_PER_WALLET_LIMIT", outcome);
  return JudgeFunds(request, *card, outcome);
}

template <class Request>
std::string TillModel::RefusalOfEnding(const Request& request) const {
  if (const std::string refused = RefusalOfCall(request); !refused.empty()) return refused;
  const v1::AuthorizationState state = holds_.at(request.authorization_reference()).state;
  if (state == v1::AUTHORIZATION_STATE_CAPTURED) return "AUTHORIZATION_CAPTURED";
  return state == v1::AUTHORIZATION_STATE_VOIDED ? "AUTHORIZATION_VOIDED" : "";
}

std::string TillModel::Judge(const v1::CaptureRequest& request, const TillOutcome& outcome) const {
  std::string refused = RefusalOfEnding(request);
  if (refused.empty() && request.points() > holds_.at(request.authorization_reference()).points) {
    refused = "CAPTURE_ABOVE_AUTHORIZATION";
  }
  if (refused.empty() && outcome.points != request.points()) {
    return absl::StrCat("took ", outcome.points, " points");
  }
  return Wants(refused, outcome);
}

std::string TillModel::Judge(const v1::VoidRequest& request, const TillOutcome& outcome) const {
  return Wants(RefusalOfEnding(request), outcome);
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
  if (request.has_original_keys() && final_keys_.contains(keys)) {
    return Wants("NOT_FOUND", outcome);
  }
  const std::string original = OriginalOf(request);
  if (outcome.reference != original) {
    return absl::StrCat("undid '", outcome.reference, "', want '", original, "'");
  }
  return Wants("", outcome);
}

template <class Request>
bool TillModel::NoteDecline(const Request& request, const TillOutcome& outcome) {
  if (outcome.refused.empty()) return false;
  by_keys_.try_emplace(KeysOf(request.till()));
  ++counts_.declines;
  return true;
}

void TillModel::Note(const v1::PurchaseRequest& request, const TillOutcome& outcome) {
  if (NoteDecline(request, outcome)) return;
  by_keys_.try_emplace(KeysOf(request.till()), outcome.reference);
  ++counts_.purchases;
  const Purchase purchase{.card = *Find(request.card_number()), .points = request.points()};
  spent_[purchase.card] += purchase.points;
  purchases_.emplace(outcome.reference, purchase);
  by_request_id_[request.request_id()] = outcome.reference;
}

void TillModel::Note(const v1::AuthorizeRequest& request, const TillOutcome& outcome) {
  if (NoteDecline(request, outcome)) return;
  by_keys_.try_emplace(KeysOf(request.till()), outcome.reference);
  ++counts_.authorizations;
  const Hold hold{.card = *Find(request.card_number()), .points = request.points()};
  spent_[hold.card] += hold.points;
  holds_.emplace(outcome.reference, hold);
  by_request_id_[request.request_id()] = outcome.reference;
}

// The hold ends, and a purchase is made of a part of it.
void TillModel::Note(const v1::CaptureRequest& request, const TillOutcome& outcome) {
  if (NoteDecline(request, outcome)) return;
  by_keys_.try_emplace(KeysOf(request.till()), outcome.reference);
  ++counts_.captures;
  Hold& hold = holds_.at(outcome.reference);
  EndHold(hold, v1::AUTHORIZATION_STATE_CAPTURED);
  spent_[hold.card] += request.points();
  purchases_.emplace(outcome.reference, Purchase{.card = hold.card, .points = request.points()});
  by_request_id_[request.request_id()] = outcome.reference;
}

void TillModel::Note(const v1::VoidRequest& request, const TillOutcome& outcome) {
  if (NoteDecline(request, outcome)) return;
  by_keys_.try_emplace(KeysOf(request.till()));
  ++counts_.voids;
  final_keys_.insert(KeysOf(request.till()));
  EndHold(holds_.at(outcome.reference), v1::AUTHORIZATION_STATE_VOIDED);
}

void TillModel::Note(const v1::RefundRequest& request, const TillOutcome& outcome) {
  if (NoteDecline(request, outcome)) return;
  by_keys_.try_emplace(KeysOf(request.till()));
  ++counts_.refunds;
  final_keys_.insert(KeysOf(request.till()));
  GiveBack(purchases_.at(request.purchase_reference()), request.points());
}

void TillModel::Note(const v1::ReverseRequest& request, const TillOutcome& outcome) {
  if (NoteDecline(request, outcome)) return;
  const Keys original{request.original_keys().batch_number(),
                      request.original_keys().trace_number()};
  if (outcome.reference.empty() && request.has_original_keys()) {
    // A call that was there in another guise, such as a decline, stays what it was.
    if (by_keys_.try_emplace(original).second) buried_keys_.insert(original);
  } else if (outcome.reference.empty()) {
    buried_request_ids_.insert(request.original_request_id());
  }
  by_keys_.try_emplace(KeysOf(request.till()));
  const auto purchase = purchases_.find(outcome.reference);
  const auto hold = holds_.find(outcome.reference);
  if (purchase != purchases_.end() && purchase->second.kept() > 0) {
    ++counts_.reversals;
    purchase->second.reversed = true;
    GiveBack(purchase->second, purchase->second.kept());
  } else if (hold != holds_.end() && hold->second.state == v1::AUTHORIZATION_STATE_HELD) {
    ++counts_.reversals;
    EndHold(hold->second, v1::AUTHORIZATION_STATE_VOIDED);
  } else {
    ++counts_.tombstones;
  }
}

void TillModel::EndHold(Hold& hold, v1::AuthorizationState as) {
  hold.state = as;
  spent_[hold.card] -= hold.points;
}

// What a reversal means; empty when it has not arrived.
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

std::int64_t TillModel::Held() const {
  std::int64_t sum = 0;
  for (const auto& [reference, hold] : holds_) {
    if (hold.state == v1::AUTHORIZATION_STATE_HELD) sum += hold.points;
  }
  return sum;
}

}  // namespace puhui::testing
