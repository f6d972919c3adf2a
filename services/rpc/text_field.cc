// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/text_field.h"

#include "ledger/base/limits.h"
#include "ledger/core/terms.h"
#include "services/rpc/error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <cstddef>

namespace puhui::services {
namespace {

constexpr std::size_t kBankReferenceBytesMax = 64;

}  // namespace

absl::Status CheckDisplayName(absl::string_view text, absl::string_view field) {
  // Protobuf has checked that it is UTF-8.
  bool good = !text.empty() && text.size() <= kNameBytesMax;
  for (const char c : text) good = good && !absl::ascii_iscntrl(static_cast<unsigned char>(c));
  if (good) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want 1 to ", kNameBytesMax,
                                          " bytes without control characters, got ", text.size()));
}

absl::Status CheckBankReference(absl::string_view text, absl::string_view field) {
  const bool good = !text.empty() && text.size() <= kBankReferenceBytesMax &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' ||
                             c == '_' || c == '/';
                    });
  if (good) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want 1 to ", kBankReferenceBytesMax,
                                          " of A-Z, a-z, 0-9, '-', '_' and '/'"));
}

absl::StatusOr<std::uint32_t> ParseCategory(absl::string_view text, absl::string_view field) {
  std::uint32_t category = 0;
  if (text.size() != 4 || text.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(text, &category)) {
    return InvalidField(field, "want a merchant category of four digits");
  }
  return category;
}

std::string FormatCategory(std::uint32_t category) { return absl::StrFormat("%04d", category); }

absl::StatusOr<std::uint32_t> ParseRegion(absl::string_view text, absl::string_view field) {
  std::uint32_t region = 0;
  if (text.size() != 6 || text.find_first_not_of("0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(text, &region) || !ledger::IsRegion(region)) {
    return InvalidField(field, "want a region of GB/T 2260, six digits");
  }
  return region;
}

std::string FormatRegion(std::uint32_t region) { return absl::StrFormat("%06d", region); }

}  // namespace puhui::services
