// SPDX-License-Identifier: Apache-2.0
// Who calls, and who is enrolled, in the tests of the issuing side.
#ifndef PUHUI_TESTS_UNIT_SERVICES_ISSUING_CALLERS_H_
#define PUHUI_TESTS_UNIT_SERVICES_ISSUING_CALLERS_H_

#include "issuing/core/id_number.h"
#include "puhui/v1/member_service.pb.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <string>

namespace puhui::services {

inline constexpr char kOperatorPath[] = "/operator/people/op-1";
inline constexpr char kAdminPath[] = "/union-admin/unions/fh-1/people/admin-1";
inline constexpr char kHr[] = "/hr/unions/fh-1/people/hr-1";
inline constexpr char kFinanceMaker[] = "/finance/unions/fh-1/people/fin-1";
inline constexpr char kFinanceChecker[] = "/finance/unions/fh-1/people/fin-2";
inline constexpr char kApprover[] = "/approver/unions/fh-1/people/boss-1";
inline constexpr char kAuditor[] = "/auditor";
inline constexpr char kOutsider[] = "/hr/unions/gz-2/people/hr-9";
inline constexpr char kOutsideApprover[] = "/approver/unions/gz-2/people/boss-9";

// The n-th request id of a test.
inline std::string RequestIdOf(int n) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", n);
}

// Somebody who does not exist, with sound data.
inline v1::NewMember Person(int n) {
  v1::NewMember person;
  const std::string digits = absl::StrFormat("99%04d19900101%03d", n / 1'000, n % 1'000);
  person.set_external_id(absl::StrCat("E", n));
  person.set_full_name(absl::StrCat("测试", n));
  person.set_id_number(digits + issuing::IdNumberCheckCharacter(digits));
  person.set_mobile(absl::StrFormat("100%08d", n));
  person.set_department("装配车间");
  return person;
}

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_ISSUING_CALLERS_H_
