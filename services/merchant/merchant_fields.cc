// SPDX-License-Identifier: Apache-2.0
#include "services/merchant/merchant_fields.h"

#include "ledger/base/limits.h"
#include "services/rpc/error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

#include <algorithm>

namespace puhui::services {
namespace {

constexpr std::size_t kDayBytes = 10;
constexpr std::size_t kTimeZoneBytesMax = 64;

bool ZoneCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' ||
         c == '+';
}

}  // namespace

absl::Status CheckReasonText(absl::string_view text, absl::string_view field) {
  std::size_t characters = 0;
  bool plain = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    plain = plain && !absl::ascii_iscntrl(byte);
    if ((byte & 0xC0) != 0x80) ++characters;  // Protobuf has checked that it is UTF-8.
  }
  if (characters > 0 && characters <= kReasonCharactersMax && plain) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("want 1 to ", kReasonCharactersMax,
                                          " characters in one line, got ", characters));
}

absl::StatusOr<absl::CivilDay> ReadDay(absl::string_view text, absl::string_view field) {
  absl::CivilDay day;
  if (text.size() != kDayBytes || !absl::ParseCivilTime(text, &day) ||
      absl::FormatCivilTime(day) != text) {
    return InvalidField(field, "want a day as YYYY-MM-DD");
  }
  return day;
}

absl::Status CheckTimeZone(absl::string_view name, absl::string_view field) {
  absl::TimeZone zone;
  const bool shaped = !name.empty() && name.size() <= kTimeZoneBytesMax && name.front() != '/' &&
                      name != "localtime" && std::all_of(name.begin(), name.end(), ZoneCharacter);
  if (shaped && absl::LoadTimeZone(name, &zone)) return absl::OkStatus();
  return InvalidField(field, "want an IANA zone, for example Asia/Shanghai");
}

}  // namespace puhui::services
