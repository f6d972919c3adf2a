// SPDX-License-Identifier: Apache-2.0
#include "services/bank/yuan.h"

#include "ledger/base/check.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"

#include <algorithm>
#include <cstddef>

namespace puhui::services {
namespace {

constexpr std::int64_t kFenPerYuan = 100;
constexpr std::size_t kYuanDigitsMax = 16;  // Times 100 they still fit.
constexpr std::size_t kDecimalsMax = 5;     // As ISO 20022 has amounts.
constexpr std::size_t kFenDecimals = 2;

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
}

}  // namespace

std::string FormatYuan(std::int64_t fen) {
  PUHUI_CHECK(fen >= 0);
  return absl::StrFormat("%d.%02d", fen / kFenPerYuan, fen % kFenPerYuan);
}

absl::optional<std::int64_t> ParseYuan(absl::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const absl::string_view yuan = text.substr(0, point);
  absl::string_view decimals = text.substr(std::min(point + 1, text.size()));
  const bool pointless = point < text.size() && decimals.empty();
  if (yuan.empty() || yuan.size() > kYuanDigitsMax || decimals.size() > kDecimalsMax || pointless ||
      !AllDigits(yuan) || !AllDigits(decimals)) {
    return absl::nullopt;
  }
  std::int64_t fen = 0;
  for (const char c : yuan) fen = fen * 10 + (c - '0');
  for (std::size_t i = 0; i < kFenDecimals; ++i) {
    fen = fen * 10 + (i < decimals.size() ? decimals[i] - '0' : 0);
  }
  const absl::string_view rest = decimals.substr(std::min(kFenDecimals, decimals.size()));
  if (rest.find_first_not_of('0') != absl::string_view::npos) return absl::nullopt;
  return fen;
}

}  // namespace puhui::services
