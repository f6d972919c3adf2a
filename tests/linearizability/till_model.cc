// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/limits.h"
#include "tests/linearizability/till_calls.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::testing {
namespace {

using ledger::Reason;
using Call = TillModel::Call;
using Kind = TillModel::Kind;
using Row = TillModel::Row;
using State = TillModel::State;

std::vector<Row>::iterator AtOrAfter(State* state, Sequence reference) {
  return std::lower_bound(state->rows.begin(), state->rows.end(), reference,
                          [](const Row& row, Sequence wanted) { return row.reference < wanted; });
}

Row* Find(State* state, Sequence reference) {
  const auto at = AtOrAfter(state, reference);
  return at == state->rows.end() || at->reference != reference ? nullptr : &*at;
}

Call CallAt(const std::vector<Call>& calls, std::uint32_t number) {
  return number < calls.size() ? calls[number] : Call{};
}
Call& EditCall(std::vector<Call>* calls, std::uint32_t number) {
  if (number >= calls->size()) calls->resize(number + 1);
  return (*calls)[number];
}

std::size_t OpenHolds(const State& state) {
  return static_cast<std::size_t>(
      std::count_if(state.rows.begin(), state.rows.end(),
                    [](const Row& row) { return row.standing == Standing::kHeld; }));
}

bool IsPurchase(const Row* row) {
  return row != nullptr &&
         (row->standing == Standing::kPurchase || row->standing == Standing::kReversed);
}

TillOutput Declined(Reason reason, std::int64_t instead = 0) {
  return {.declined = reason, .points = instead};
}

absl::optional<TillOutput> RefuseCall(const TillInput& input, const State& state) {
  const Kind trace = CallAt(state.traces, input.trace).kind;
  if (trace == Kind::kBuried || CallAt(state.requests, input.request).kind == Kind::kBuried) {
    return Declined(Reason::kReversedBeforeArrival);
  }
  if (trace != Kind::kUnknown) return Declined(Reason::kTraceNumberUsed);
  return absl::nullopt;
}

// `record` is the one that the ledger wrote, which nobody can foretell.
TillOutput Spend(const TillInput& input, Sequence record, State* state) {
  if (const auto refused = RefuseCall(input, *state)) return *refused;
  const bool holds = input.verb == Verb::kAuthorize;
  if (holds && OpenHolds(*state) >= kAuthorizationsPerWalletMax) {
    return Declined(Reason::kAuthorizationsPerWalletLimit);
  }
  if (input.points > state->available) {
    return Declined(Reason::kInsufficientPoints, state->available);
  }
  state->available -= input.points;
  if (holds) state->held += input.points;
  state->rows.insert(AtOrAfter(state, record),
                     {.reference = record,
                      .standing = holds ? Standing::kHeld : Standing::kPurchase,
                      .was_held = holds,
                      .points = input.points});
  return {.reference = record, .points = input.points};
}

// Of a capture or a void.
TillOutput EndHold(const TillInput& input, State* state) {
  Row* const row = Find(state, input.reference);
  if (row == nullptr || !row->was_held) return Declined(Reason::kNotFound);
  if (const auto refused = RefuseCall(input, *state)) return *refused;
  if (IsPurchase(row)) return Declined(Reason::kAuthorizationCaptured);
  if (row->standing == Standing::kVoided) return Declined(Reason::kAuthorizationVoided);
  if (input.verb == Verb::kCapture && input.points > row->points) {
    return Declined(Reason::kCaptureAboveAuthorization, row->points);
  }
  state->held -= row->points;
  if (input.verb == Verb::kVoid) {
    state->available += row->points;
    row->standing = Standing::kVoided;
  } else {
    state->available += row->points - input.points;
    row->points = input.points;
    row->standing = Standing::kPurchase;
  }
  return {.reference = row->reference, .points = row->points};
}

TillOutput Refund(const TillInput& input, State* state) {
  Row* const row = Find(state, input.reference);
  if (!IsPurchase(row)) return Declined(Reason::kNotFound);
  if (const auto refused = RefuseCall(input, *state)) return *refused;
  if (row->standing == Standing::kReversed) return Declined(Reason::kPurchaseReversed);
  const std::int64_t left = row->points - row->given_back;
  if (input.points > left) return Declined(Reason::kRefundAbovePurchase, left);
  row->given_back += input.points;
  state->available += input.points;
  return {.reference = row->reference, .points = input.points};
}

TillOutput Reverse(const TillInput& input, State* state) {
  Call& original = EditCall(
      input.verb == Verb::kReverseByRequest ? &state->requests : &state->traces, input.original);
  if (original.kind == Kind::kGaveBack) return Declined(Reason::kNotFound);
  if (original.kind != Kind::kTook) {
    // Nobody else's answer is changed by it, but what comes late is kept out.
    const bool known = input.verb == Verb::kReverseByKeys && original.kind != Kind::kUnknown;
    if (!known) original = {.kind = Kind::kBuried};
    return {};
  }
  Row* const row = Find(state, original.reference);
  if (row->standing == Standing::kHeld) {
    state->held -= row->points;
    state->available += row->points;
    row->standing = Standing::kVoided;
    return {.reference = row->reference, .points = row->points};
  }
  const std::int64_t left = IsPurchase(row) ? row->points - row->given_back : 0;
  if (left > 0) {
    row->given_back = row->points;
    row->standing = Standing::kReversed;
    state->available += left;
  }
  return {.reference = row->reference, .points = left};
}

TillOutput Read(const TillInput& input, State* state) {
  if (input.verb == Verb::kBalance) return {.points = state->available, .more = state->held};
  const Row* const row = Find(state, input.reference);
  if (row == nullptr) return {};
  return {.reference = row->reference,
          .points = row->points,
          .more = row->given_back,
          .standing = row->standing};
}

TillOutput Decide(const TillInput& input, Sequence record, State* state) {
  switch (input.verb) {
    case Verb::kPurchase:
    case Verb::kAuthorize:
      return Spend(input, record, state);
    case Verb::kCapture:
    case Verb::kVoid:
      return EndHold(input, state);
    case Verb::kRefund:
      return Refund(input, state);
    case Verb::kReverseByRequest:
    case Verb::kReverseByKeys:
      return Reverse(input, state);
    case Verb::kLook:
    case Verb::kBalance:
      return Read(input, state);
  }
  return {};
}

Kind KindOf(const TillInput& input, const TillOutput& output) {
  if (output.declined.has_value()) return Kind::kOther;
  switch (input.verb) {
    case Verb::kPurchase:
    case Verb::kAuthorize:
    case Verb::kCapture:
      return Kind::kTook;
    case Verb::kVoid:
    case Verb::kRefund:
      return Kind::kGaveBack;
    case Verb::kReverseByRequest:
    case Verb::kReverseByKeys:
    case Verb::kLook:
    case Verb::kBalance:
      return Kind::kOther;
  }
  return Kind::kOther;
}

}  // namespace

bool TillModel::Step(const TillInput& input, const TillOutput& output, State* state) {
  if (input.request == 0) return Read(input, state) == output;
  const auto said =
      std::lower_bound(state->said.begin(), state->said.end(), input.request,
                       [](const auto& each, std::uint32_t wanted) { return each.first < wanted; });
  if (said != state->said.end() && said->first == input.request) return said->second == output;
  TillOutput expected = Decide(input, output.record, state);
  expected.record = output.record;
  if (expected != output) return false;
  state->said.insert(said, {input.request, expected});
  const Call call{.kind = KindOf(input, expected), .reference = expected.reference};
  EditCall(&state->requests, input.request) = call;
  // The first call under a trace number is the one it stands for.
  Call& trace = EditCall(&state->traces, input.trace);
  if (trace.kind == Kind::kUnknown) trace = call;
  return true;
}

std::string TextOf(const TillHistory& history) {
  static constexpr const char* kVerbs[] = {"purchase",      "authorise", "capture",
                                           "void",          "refund",    "reverse-request",
                                           "reverse-trace", "look",      "balance"};
  TillHistory sorted = history;
  std::sort(sorted.begin(), sorted.end(),
            [](const TillOperation& a, const TillOperation& b) { return a.invoked < b.invoked; });
  std::string text;
  for (const auto& [input, output, invoked, responded] : sorted) {
    absl::StrAppend(&text, invoked, "-", responded, " ", kVerbs[static_cast<int>(input.verb)],
                    " request=", input.request, " trace=", input.trace, " points=", input.points,
                    " of=", input.reference != 0 ? input.reference : input.original, " → ");
    absl::StrAppend(&text, output.declined.has_value() ? ledger::ReasonName(*output.declined) : "",
                    " record=", output.record, " reference=", output.reference,
                    " points=", output.points, " more=", output.more,
                    " standing=", static_cast<int>(output.standing), "\n");
  }
  return text;
}

}  // namespace puhui::testing
