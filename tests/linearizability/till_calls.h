// SPDX-License-Identifier: Apache-2.0
// What tills ask of one wallet and what they hear, in words that the ledger and its model share.
#ifndef PUHUI_TESTS_LINEARIZABILITY_TILL_CALLS_H_
#define PUHUI_TESTS_LINEARIZABILITY_TILL_CALLS_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "tests/linearizability/checker.h"

#include "absl/types/optional.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::testing {

enum class Verb {
  kPurchase,
  kAuthorize,
  kCapture,
  kVoid,
  kRefund,
  kReverseByRequest,
  kReverseByKeys,
  kLook,     // What became of `reference`: reads what is durable.
  kBalance,  // The same of the wallet.
};

// Numbers of calls count from 1 in each wallet, request ids and trace numbers apart: a till may
// send the same twice, or use a trace number again.
struct TillInput {
  Verb verb{};
  std::uint32_t terminal = 1;  // 1 or 2: "t-1", "t-2".
  std::uint32_t request = 0;
  std::uint32_t trace = 0;
  std::int64_t points = 0;
  Sequence reference = 0;      // That is captured, voided, refunded or looked at.
  std::uint32_t original = 0;  // Of a reversal: the request or the trace number.
};

// Where a look finds what it asks for.
enum class Standing { kNone, kHeld, kVoided, kPurchase, kReversed };

struct TillOutput {
  Sequence record = 0;  // That says so; 0 for reads.
  absl::optional<ledger::Reason> declined{};
  // Of what was taken, held, ended or undone; 0: nothing.
  Sequence reference = 0;
  // Taken, held, given back or undone; of a decline: what there was instead. Of reads: what is
  // there.
  std::int64_t points = 0;
  std::int64_t more = 0;  // Of a look, given back; of a balance, held.
  Standing standing = Standing::kNone;

  friend bool operator==(const TillOutput&, const TillOutput&) = default;
};

using TillOperation = Operation<TillInput, TillOutput>;
using TillHistory = std::vector<TillOperation>;  // Of one wallet.

// For people who look for the bug.
std::string TextOf(const TillHistory& history);

// One wallet that is asked one thing after the other.
struct TillModel {
  using Input = TillInput;
  using Output = TillOutput;
  // What a till's own key or request id stands for.
  enum class Kind : std::uint8_t { kUnknown, kTook, kGaveBack, kOther, kBuried };
  struct Call {
    Kind kind = Kind::kUnknown;
    Sequence reference = 0;  // Of what it took.

    friend bool operator==(const Call&, const Call&) = default;
    template <class H>
    friend H AbslHashValue(H hash, const Call& call) {
      return H::combine(std::move(hash), call.kind, call.reference);
    }
  };
  // A purchase or an authorisation.
  struct Row {
    Sequence reference = 0;
    Standing standing{};
    bool was_held = false;
    std::int64_t points = 0;
    std::int64_t given_back = 0;

    friend bool operator==(const Row&, const Row&) = default;
    template <class H>
    friend H AbslHashValue(H hash, const Row& row) {
      return H::combine(std::move(hash), row.reference, row.standing, row.points, row.given_back);
    }
  };
  struct State {
    std::int64_t available = 0;
    std::int64_t held = 0;
    // In an order of their own, so that two ways to the same state are the same state.
    std::vector<Row> rows{};       // By reference.
    std::vector<Call> requests{};  // By number, as far as they were used; so the traces.
    std::vector<Call> traces{};
    std::vector<std::pair<std::uint32_t, TillOutput>> said{};  // By request, the first answer.

    friend bool operator==(const State&, const State&) = default;
    template <class H>
    friend H AbslHashValue(H hash, const State& state) {
      return H::combine(std::move(hash), state.available, state.held, state.rows, state.requests,
                        state.traces);
    }
  };

  static State With(std::int64_t points) { return {.available = points}; }
  // Does it, or returns false where it would have said something else.
  static bool Step(const TillInput& input, const TillOutput& output, State* state);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_TILL_CALLS_H_
