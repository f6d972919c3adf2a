// SPDX-License-Identifier: Apache-2.0
#include "ledger/crypto/etag.h"

#include "ledger/crypto/hash.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include <cstddef>

namespace puhui::ledger {
namespace {

constexpr std::size_t kEtagBytes = 12;

}  // namespace

std::string EtagOf(absl::string_view kind, std::uint32_t number, Sequence changed) {
  const Hash hash = Sha256().Digest(kind, absl::StrCat(" ", number), absl::StrCat(" ", changed));
  return absl::WebSafeBase64Escape(AsBytes(hash).substr(0, kEtagBytes));
}

}  // namespace puhui::ledger
