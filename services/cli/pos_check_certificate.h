// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_POS_CHECK_CERTIFICATE_H_
#define PUHUI_SERVICES_CLI_POS_CHECK_CERTIFICATE_H_

#include "services/cli/pos_check_case.h"
#include "services/cli/pos_check_signature.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <google/protobuf/struct.pb.h>

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
  std::string server_name{};  // That its own certificate had to have.
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

// The report as JSON with the signer's certificate, a SHA-256 of the lines of the cases, a
// signature of all lines above it, and last the SHA-256 of all lines above that:
//   head -n -3 certificate.json   # what is signed
//   head -n -2 certificate.json | sha256sum
// It says that who has the signer's key says so, and that nobody else has changed a letter since.
// It does not say that it is true: whoever runs the kit could make the kit say anything. Holds no
// card number. Fails: as NamesOfSigner and SignAs.
absl::StatusOr<std::string> CertificateText(const PosCheckReport& report,
                                            const PosCheckSigner& signer);

// Whether the text ends with the hash of what is above.
bool IsWholeCertificate(absl::string_view text);

// What a certificate says, once it is known to be whole and signed.
struct CheckedCertificate {
  SignerNames signer{};
  std::string chain_pem{};
  google::protobuf::Struct says{};  // All of it.

  std::string text_of(const std::string& member) const;
  // No case failed; none was left out.
  bool passed() const { return is_so("passed"); }
  bool whole() const { return is_so("all_cases"); }
  // The end of the run; the beginning of time when it says none.
  absl::Time end() const;
  // Refuses: kFailedPrecondition unless by its identity the signer is the terminal, or its
  // merchant's. What that is worth, who issued the signer's certificate says.
  absl::Status CheckSpeaker() const;

 private:
  bool is_so(const std::string& member) const;
};

// Refuses: kFailedPrecondition, saying what is wrong, unless the text is whole, is signed by the
// certificate in it, and its hash of the cases and the signer's names are right.
absl::StatusOr<CheckedCertificate> CheckCertificate(absl::string_view text);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_POS_CHECK_CERTIFICATE_H_
