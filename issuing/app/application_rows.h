// SPDX-License-Identifier: Apache-2.0
// The rows about people who ask to join.
#ifndef PUHUI_ISSUING_APP_APPLICATION_ROWS_H_
#define PUHUI_ISSUING_APP_APPLICATION_ROWS_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <string>

namespace puhui::issuing {

// Numbers are those of puhui.v1.ApplicationState.
enum class ApplicationState : std::uint8_t { kSubmitted = 1, kAccepted = 2, kRejected = 3 };

struct ApplicationRow {
  UnionNumber union_number{};
  MemberId applicant{};  // By which the vault knows the person until the decision.
  ApplicationState state = ApplicationState::kSubmitted;
  absl::Time create_time{};
  std::string submitter{};
  ledger::Hash commitment{};
  absl::optional<absl::Time> decide_time{};
  std::string decider{};
  std::string reason{};
  MemberId member{};  // When accepted: who the person is now.

  template <class F>
  void Fields(F& f) {
    f(union_number, applicant, state, create_time, submitter, commitment, decide_time, decider,
      reason, member);
  }
};

// `application` is the sequence of the record that it was submitted with.
struct UnionApplicationKey {
  UnionNumber union_number{};
  Sequence application = 0;

  template <class F>
  void Fields(F& f) {
    f(union_number, application);
  }
};

}  // namespace puhui::issuing

#endif  // PUHUI_ISSUING_APP_APPLICATION_ROWS_H_
