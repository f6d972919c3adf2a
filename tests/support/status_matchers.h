// SPDX-License-Identifier: Apache-2.0
// Matchers for absl::Status and absl::StatusOr; abseil 20220623 has none.
#ifndef PUHUI_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define PUHUI_TESTS_SUPPORT_STATUS_MATCHERS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <utility>

namespace puhui {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <class T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// Matches a Status or a StatusOr by its code. The text is never asserted.
class StatusCodeMatcher {
 public:
  using is_gtest_matcher = void;

  explicit StatusCodeMatcher(absl::StatusCode code) : code_(code) {}

  template <class T>
  bool MatchAndExplain(const T& value, std::ostream* explanation) const {
    const absl::Status& status = StatusOf(value);
    if (explanation != nullptr) *explanation << "which is " << status;
    return status.code() == code_;
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has code " << absl::StatusCodeToString(code_);
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has another code than " << absl::StatusCodeToString(code_);
  }

 private:
  absl::StatusCode code_;
};

inline StatusCodeMatcher HasCode(absl::StatusCode code) { return StatusCodeMatcher(code); }
inline StatusCodeMatcher IsOk() { return StatusCodeMatcher(absl::StatusCode::kOk); }

}  // namespace puhui

#define ASSERT_OK(expression) ASSERT_THAT(expression, ::puhui::IsOk())
#define EXPECT_OK(expression) EXPECT_THAT(expression, ::puhui::IsOk())

// Declares or assigns `target` from `expression`, an absl::StatusOr, or ends the test.
#define ASSERT_OK_AND_ASSIGN(target, expression) \
  PUHUI_ASSERT_OK_AND_ASSIGN(PUHUI_TEST_CONCAT(puhui_result_, __LINE__), target, expression)
#define PUHUI_ASSERT_OK_AND_ASSIGN(result, target, expression) \
  auto result = (expression);                                  \
  ASSERT_OK(result);                                           \
  target = *std::move(result)
#define PUHUI_TEST_CONCAT(a, b) PUHUI_TEST_CONCAT_INNER(a, b)
#define PUHUI_TEST_CONCAT_INNER(a, b) a##b

#endif  // PUHUI_TESTS_SUPPORT_STATUS_MATCHERS_H_
