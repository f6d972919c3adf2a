// SPDX-License-Identifier: Apache-2.0
// What the model keeps of how merchants and terminals come in.
#ifndef PUHUI_TESTS_MODEL_MODEL_ENROLMENT_H_
#define PUHUI_TESTS_MODEL_MODEL_ENROLMENT_H_

#include "puhui/journal/v1/record.pb.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <string>

namespace puhui::testing {

struct ModelEnrolment {
  enum class Standing { kActive = 1, kApplied = 4, kRejected = 5 };
  struct Applicant {
    std::string person;
    Standing standing = Standing::kApplied;
    std::uint32_t rate = 0;
  };
  struct Code {
    std::uint64_t code = 0;
    absl::Time expiry{};
    std::uint32_t wrong = 0;
    bool used = false;
    bool voided = false;
  };
  struct Terminal {
    absl::optional<Code> code{};
    bool enrolled = false;
  };

  // What is wrong with a code that is shown; unspecified: nothing. A wrong one is counted.
  journal::v1::EnrolmentCodeFault Show(std::uint32_t terminal, std::uint64_t code, absl::Time now) {
    absl::optional<Code>& made = terminals[terminal].code;
    if (!made.has_value()) return journal::v1::ENROLMENT_CODE_FAULT_NONE_MADE;
    if (made->used) return journal::v1::ENROLMENT_CODE_FAULT_USED;
    if (made->voided) return journal::v1::ENROLMENT_CODE_FAULT_VOID;
    if (made->expiry <= now) return journal::v1::ENROLMENT_CODE_FAULT_EXPIRED;
    if (made->code == code) return journal::v1::ENROLMENT_CODE_FAULT_UNSPECIFIED;
    made->voided = ++made->wrong == 10;
    return journal::v1::ENROLMENT_CODE_FAULT_WRONG;
  }

  std::map<std::uint32_t, Applicant> applicants;  // By the number in their ids.
  std::map<std::uint32_t, Terminal> terminals;    // Likewise.
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_ENROLMENT_H_
