// SPDX-License-Identifier: Apache-2.0
// Matchers for what a command came to: refused, and why.
#ifndef PUHUI_TESTS_SUPPORT_REFUSAL_MATCHERS_H_
#define PUHUI_TESTS_SUPPORT_REFUSAL_MATCHERS_H_

#include "ledger/core/refusal.h"
#include "tests/support/status_matchers.h"

#include "absl/types/optional.h"

#include <ostream>
#include <string>
#include <utility>

namespace puhui {

// Matches a Status or a StatusOr that carries a refusal for `reason`; with a field, at that field.
class RefusalMatcher {
 public:
  using is_gtest_matcher = void;

  RefusalMatcher(ledger::Reason reason, std::string field)
      : reason_(reason), field_(std::move(field)) {}

  template <class T>
  bool MatchAndExplain(const T& value, std::ostream* explanation) const {
    const absl::optional<ledger::Refusal> refusal = ledger::RefusalOf(StatusOf(value));
    if (explanation != nullptr) {
      if (refusal.has_value()) {
        *explanation << "which is refused with " << ledger::ReasonName(refusal->reason) << " at '"
                     << refusal->field << "'";
      } else {
        *explanation << "which is " << StatusOf(value);
      }
    }
    return refusal.has_value() && refusal->reason == reason_ &&
           (field_.empty() || refusal->field == field_);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "is refused with " << ledger::ReasonName(reason_);
    if (!field_.empty()) *out << " at '" << field_ << "'";
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "is not refused with " << ledger::ReasonName(reason_);
  }

 private:
  ledger::Reason reason_;
  std::string field_;
};

inline RefusalMatcher Refuses(ledger::Reason reason, std::string field = "") {
  return {reason, std::move(field)};
}

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_REFUSAL_MATCHERS_H_
