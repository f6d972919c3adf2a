// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_SECOND_VERIFIER_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_SECOND_VERIFIER_H_

#include "absl/strings/string_view.h"

#include <string>
#include <vector>

namespace puhui::audit {

// Whether there is the library that checks signatures in Python.
bool HasSecondVerifier();

// "record 17" or "frame 3" of what is said of a bundle that does not fit.
std::string PlaceIn(absl::string_view text);

// What deploy/examples/verify_bundle.py prints when it is called with `arguments`.
std::string SecondReport(absl::string_view arguments);
// What it says of each bundle: "fits", or the place.
std::vector<std::string> SecondVerdicts(absl::string_view arguments);

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_SECOND_VERIFIER_H_
