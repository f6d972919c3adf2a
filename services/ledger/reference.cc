// SPDX-License-Identifier: Apache-2.0
#include "services/ledger/reference.h"

#include "services/rpc/error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <cstddef>

namespace puhui::services {
namespace {

constexpr std::size_t kReferenceDigits = 12;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

std::string FormatReference(Sequence sequence) {
  return absl::StrFormat("%0*d", static_cast<int>(kReferenceDigits), sequence);
}

std::string FormatOrderName(Sequence order) {
  return absl::StrCat("orders/", FormatReference(order));
}

absl::StatusOr<Sequence> ParseReference(absl::string_view text, absl::string_view field) {
  Sequence sequence = 0;
  if (text.size() != kReferenceDigits || !AllDigits(text) || !absl::SimpleAtoi(text, &sequence) ||
      sequence == 0) {
    return InvalidField(field, "want a reference of 12 digits");
  }
  return sequence;
}

}  // namespace puhui::services
