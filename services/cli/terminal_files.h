// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_TERMINAL_FILES_H_
#define PUHUI_SERVICES_CLI_TERMINAL_FILES_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// The files of one terminal in a folder: ID.key, ID.csr and, once it is enrolled, ID.pem.
// Threads: one at a time; one process per terminal.
class TerminalFiles {
 public:
  TerminalFiles(const std::string& folder, const std::string& terminal_id);

  const std::string& key_path() const { return key_path_; }
  const std::string& certificate_path() const { return certificate_path_; }

  // The request in ID.csr; a new one, with its key, when there is none. An enrolment that was cut
  // short is thus repeated with the same bytes, which the same request id asks for.
  // Refuses: kFailedPrecondition when the terminal has a certificate here, or a key without a
  // request. Fails: as WriteFileDurably.
  absl::StatusOr<std::string> ReadOrMakeSigningRequest() const;

  // The request in ID.csr, to renew the certificate of the key beside it. Refuses:
  // kFailedPrecondition when one of the two is missing.
  absl::StatusOr<std::string> ReadSigningRequest() const;

  // Fails: as WriteFileDurably.
  absl::Status KeepCertificate(absl::string_view certificate_pem) const;

 private:
  const std::string folder_;
  const std::string terminal_id_;
  const std::string key_path_;
  const std::string csr_path_;
  const std::string certificate_path_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_TERMINAL_FILES_H_
