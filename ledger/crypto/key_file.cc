// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/key_file.h"

#include "ledger/base/status_macros.h"
#include "ledger/crypto/durable_file.h"
#include "ledger/crypto/hash.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace puhui::ledger {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kFileBytesMax = 256;

}  // namespace

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  PUHUI_ASSIGN_OR_RETURN(const absl::optional<std::string> text,
                         ReadWholeFile(path, kFileBytesMax));
  if (!text.has_value()) return absl::NotFoundError(absl::StrCat(path, ": no such key file"));
  PUHUI_RETURN_IF_ERROR(CheckSecretFileMode(path));
  absl::StatusOr<std::string> key = FromHex(absl::StripSuffix(*text, "\n"));
  if (!key.ok() || key->size() != kKeyBytes) {
    return absl::DataLossError(absl::StrCat(path, ": want 64 hexadecimal digits and a line end"));
  }
  return key;
}

absl::StatusOr<std::string> ReadOrCreateKeyFile(const std::string& path, RandomSource& random) {
  absl::StatusOr<std::string> existing = ReadKeyFile(path);
  if (!absl::IsNotFound(existing.status())) return existing;
  std::array<std::uint8_t, kKeyBytes> key;
  random.Fill(absl::MakeSpan(key));
  PUHUI_RETURN_IF_ERROR(WriteFileDurably(path, absl::StrCat(ToHex(key), "\n")));
  return std::string(key.begin(), key.end());
}

}  // namespace puhui::ledger
