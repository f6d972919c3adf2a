// SPDX-License-Identifier: Apache-2.0
#include "services/cli/terminal_files.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "services/cli/csr.h"
#include "services/cli/input_file.h"

#include "absl/strings/str_cat.h"

#include <filesystem>
#include <system_error>

namespace puhui::services {
namespace {

constexpr std::size_t kPemBytesMax = std::size_t{64} << 10;

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

TerminalFiles::TerminalFiles(const std::string& folder, const std::string& terminal_id)
    : folder_(folder),
      terminal_id_(terminal_id),
      key_path_(absl::StrCat(folder, "/", terminal_id, ".key")),
      csr_path_(absl::StrCat(folder, "/", terminal_id, ".csr")),
      certificate_path_(absl::StrCat(folder, "/", terminal_id, ".pem")) {}

absl::StatusOr<std::string> TerminalFiles::ReadOrMakeSigningRequest() const {
  if (Exists(certificate_path_)) {
    return absl::FailedPreconditionError(
        absl::StrCat(certificate_path_, " is there: the terminal was enrolled before"));
  }
  if (Exists(csr_path_) && Exists(key_path_)) return ReadInputFile(csr_path_, kPemBytesMax);
  if (Exists(key_path_)) {
    return absl::FailedPreconditionError(
        absl::StrCat(key_path_, " is there without ", csr_path_, ": it is not overwritten"));
  }
  PUHUI_ASSIGN_OR_RETURN(const SigningRequest made, MakeSigningRequest(terminal_id_));
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) return absl::InvalidArgumentError(absl::StrCat(folder_, ": ", failed.message()));
  PUHUI_RETURN_IF_ERROR(ledger::WriteFileDurably(csr_path_, made.csr_pem));
  PUHUI_RETURN_IF_ERROR(ledger::WriteFileDurably(key_path_, made.key_pem));
  return made.csr_pem;
}

absl::StatusOr<std::string> TerminalFiles::ReadSigningRequest() const {
  if (Exists(csr_path_) && Exists(key_path_)) return ReadInputFile(csr_path_, kPemBytesMax);
  return absl::FailedPreconditionError(
      absl::StrCat(csr_path_, " and ", key_path_, " are wanted: they were made by the enrolment"));
}

absl::Status TerminalFiles::KeepCertificate(absl::string_view certificate_pem) const {
  return ledger::WriteFileDurably(certificate_path_, certificate_pem);
}

}  // namespace puhui::services
