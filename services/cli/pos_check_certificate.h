// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_POS_CHECK_CERTIFICATE_H_
#define PUHUI_SERVICES_CLI_POS_CHECK_CERTIFICATE_H_

#include "services/cli/pos_check_case.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <string>
#include <vector>

namespace puhui::services {

// A case that was tried.
struct PosCheckResult {
  std::string name{};
  std::string about{};
  Findings findings{};
};

// One run of the kit.
struct PosCheckReport {
  std::string server{};
  std::string terminal{};
  std::string version{};  // Of the kit.
  absl::Time start{};
  absl::Time end{};
  bool whole = false;  // No case was left out.
  std::vector<PosCheckResult> results{};

  std::size_t failures() const;
  // A run without any case has not passed.
  bool passed() const { return !results.empty() && failures() == 0; }
};

// The report as JSON, the last member being the SHA-256 of all lines above it:
//   head -n -2 certificate.json | sha256sum
// It says what was seen when, and that nobody has changed a letter since; it is not signed. Holds
// no card number.
std::string CertificateText(const PosCheckReport& report);

// Whether the text is a certificate with the hash that it says.
bool IsWholeCertificate(absl::string_view text);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_POS_CHECK_CERTIFICATE_H_
