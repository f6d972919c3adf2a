// SPDX-License-Identifier: Apache-2.0
// Is there an order in which one thing after the other would have said what was said?
#ifndef PUHUI_TESTS_LINEARIZABILITY_CHECKER_H_
#define PUHUI_TESTS_LINEARIZABILITY_CHECKER_H_

#include "ledger/base/check.h"

#include "absl/container/flat_hash_set.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace puhui::testing {

// One operation of a history, as its caller saw it. The moments are of one counter that all callers
// share: an operation that had responded before another was invoked has to come before it.
template <class Input, class Output>
struct Operation {
  Input input{};
  Output output{};
  std::uint64_t invoked = 0;
  std::uint64_t responded = 0;
};

enum class Linearizability {
  kYes,
  kNo,
  kGaveUp,  // The search reached its bound.
};

// Wing and Gong's search: takes the operations that may come next one after the other and goes back
// when none fits. What Lowe added makes it quick: the same operations done with the same state left
// need not be looked at twice. `Model` has
//   Input, Output
//   State                     compares and hashes (AbslHashValue)
//   static bool Step(const Input&, const Output&, State*)
//                             does it, or returns false where it would have said something else.
// Histories of objects that share nothing are checked one by one (linearizability is local), which
// is why Step knows of one object alone.
// Threads: none.
template <class Model>
class LinearizabilityChecker {
 public:
  using State = typename Model::State;
  using Operations = std::vector<Operation<typename Model::Input, typename Model::Output>>;

  LinearizabilityChecker(const Operations& operations, std::size_t steps_max)
      : operations_(operations), steps_left_(steps_max) {}

  Linearizability Check(State state) {
    LinkEvents();
    Done done((operations_.size() + 63) / 64, 0);
    std::vector<Choice> choices;
    absl::flat_hash_set<std::pair<Done, State>> seen;
    for (std::size_t at = events_[0].next; events_[0].next != 0;) {
      if (steps_left_-- == 0) return Linearizability::kGaveUp;
      const Event event = events_[at];
      if (event.is_call) {
        State after = state;
        const auto& operation = operations_[event.operation];
        bool taken = Model::Step(operation.input, operation.output, &after);
        if (taken) {
          Flip(event.operation, &done);
          taken = seen.emplace(done, after).second;
          if (!taken) Flip(event.operation, &done);
        }
        if (!taken) {
          at = event.next;
          continue;
        }
        choices.push_back({at, std::exchange(state, std::move(after))});
        Lift(at);
        at = events_[0].next;
        continue;
      }
      // Something has responded that fits nowhere before: the last choice was wrong.
      if (choices.empty()) return Linearizability::kNo;
      at = choices.back().call;
      state = std::move(choices.back().before);
      choices.pop_back();
      Flip(events_[at].operation, &done);
      Unlift(at);
      at = events_[at].next;
    }
    return Linearizability::kYes;
  }

 private:
  using Done = std::vector<std::uint64_t>;  // One bit for each operation.
  // A call or a response, in a list that is linked both ways. Event 0 is the list's head.
  struct Event {
    std::size_t operation = 0;
    bool is_call = false;
    std::size_t response = 0;  // Of a call.
    std::size_t previous = 0;
    std::size_t next = 0;
  };
  struct Choice {
    std::size_t call;
    State before;
  };

  static void Flip(std::size_t operation, Done* done) {
    (*done)[operation / 64] ^= std::uint64_t{1} << (operation % 64);
  }

  void LinkEvents() {
    struct Moment {
      std::uint64_t at;
      std::size_t operation;
      bool is_call;
    };
    std::vector<Moment> moments;
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      PUHUI_CHECK(operations_[i].invoked < operations_[i].responded);
      moments.push_back({operations_[i].invoked, i, true});
      moments.push_back({operations_[i].responded, i, false});
    }
    std::sort(moments.begin(), moments.end(),
              [](const Moment& a, const Moment& b) { return a.at < b.at; });
    std::vector<std::size_t> calls(operations_.size());
    events_.assign(moments.size() + 1, {});
    for (std::size_t i = 0; i < moments.size(); ++i) {
      const std::size_t here = i + 1;
      events_[here] = {.operation = moments[i].operation,
                       .is_call = moments[i].is_call,
                       .previous = i,
                       .next = (here + 1) % events_.size()};
      if (moments[i].is_call) {
        calls[moments[i].operation] = here;
      } else {
        events_[calls[moments[i].operation]].response = here;
      }
    }
    events_[0] = {.previous = moments.size(), .next = moments.empty() ? std::size_t{0} : 1};
  }

  void Remove(std::size_t at) {
    events_[events_[at].previous].next = events_[at].next;
    events_[events_[at].next].previous = events_[at].previous;
  }
  void Restore(std::size_t at) {
    events_[events_[at].previous].next = at;
    events_[events_[at].next].previous = at;
  }
  // Takes a call and its response off the list; puts them back, in the opposite order.
  void Lift(std::size_t call) {
    Remove(call);
    Remove(events_[call].response);
  }
  void Unlift(std::size_t call) {
    Restore(events_[call].response);
    Restore(call);
  }

  const Operations& operations_;
  std::size_t steps_left_;
  std::vector<Event> events_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_LINEARIZABILITY_CHECKER_H_
