// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_privacy.h"

#include "issuing/core/search_text.h"
#include "issuing/core/text_encoding.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/utf8.h"
#include "services/rpc/error.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::services {
namespace {

constexpr std::size_t kDigitsMax = 5;     // On end. Case numbers have fewer, people's have more.
constexpr std::size_t kTellingBytes = 4;  // Shorter ones are found in any text.

// How many characters `text` has; 0 when it is not UTF-8.
std::size_t CharactersOf(absl::string_view text) {
  std::size_t characters = 0;
  while (!text.empty()) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    if (bytes == 0) return 0;
    text.remove_prefix(bytes);
    ++characters;
  }
  return characters;
}

// The longest run of digits, with what people write between them left out.
std::size_t LongestNumber(absl::string_view text) {
  std::size_t longest = 0;
  std::size_t digits = 0;
  const std::string folded = issuing::FoldWidth(text);
  for (std::size_t at = 0; at < folded.size(); ++at) {
    const auto c = static_cast<unsigned char>(folded[at]);
    if (absl::ascii_isdigit(c)) {
      longest = std::max(longest, ++digits);
      continue;
    }
    // Marks of U+2000 to U+207F and U+3000 to U+303F are three bytes long.
    const auto next = static_cast<unsigned char>(at + 1 < folded.size() ? folded[at + 1] : 0);
    const bool mark = (c == 0xE2 && (next == 0x80 || next == 0x81)) || (c == 0xE3 && next == 0x80);
    if (mark) at += 2;
    if (!mark && (absl::ascii_isalpha(c) || c >= 0x80)) digits = 0;
  }
  return longest;
}

// Empty when there is no such field.
std::string NameOf(int field) {
  switch (field) {
    case v1::PERSONAL_FIELD_FULL_NAME:
      return "full_name";
    case v1::PERSONAL_FIELD_ID_NUMBER:
      return "id_number";
    case v1::PERSONAL_FIELD_MOBILE:
      return "mobile";
    case v1::PERSONAL_FIELD_CARD_NUMBER:
      return "card_number";
    default:
      return "";
  }
}

}  // namespace

absl::Status CheckReason(absl::string_view text, absl::string_view field) {
  const std::size_t characters = CharactersOf(text);
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
  if (characters == 0 || characters > kReasonCharactersMax || !plain) {
    return InvalidField(field, absl::StrCat("want 1 to ", kReasonCharactersMax,
                                            " characters in one line, got ", characters));
  }
  if (LongestNumber(text) > kDigitsMax) {
    return InvalidField(field, "want no personal data, got a number of six digits or more");
  }
  return absl::OkStatus();
}

absl::Status CheckReasonIsNotAbout(const issuing::PersonalData& data, absl::string_view text,
                                   absl::string_view field) {
  const std::string said = issuing::SearchText(text);
  for (const std::string* known :
       {&data.full_name, &data.id_number, &data.mobile, &data.card_number, &data.external_id}) {
    const std::string wanted = issuing::SearchText(*known);
    if (wanted.size() < kTellingBytes || !absl::StrContains(said, wanted)) continue;
    return InvalidField(field, "want no personal data, got something that is known of the member");
  }
  return absl::OkStatus();
}

absl::Status CheckLookIsRecent(const ledger::Outcome& outcome, absl::Time now) {
  if (now - absl::FromUnixMicros(outcome.first().time_micros()) <= kLookRepeats) {
    return absl::OkStatus();
  }
  return ledger::ToStatus(
      {.reason = ledger::Reason::kRequestIdReused,
       .field = "request_id",
       .message = "it was answered some time ago: look again under another id"});
}

absl::StatusOr<std::vector<std::string>> ReadRevealedFields(
    const v1::RevealMemberRequest& request) {
  std::vector<std::string> fields;
  for (const int field : request.fields()) {
    std::string name = NameOf(field);
    if (name.empty() || std::find(fields.begin(), fields.end(), name) != fields.end()) {
      return InvalidField("fields", "want FULL_NAME, ID_NUMBER, MOBILE or CARD_NUMBER, each once");
    }
    fields.push_back(std::move(name));
  }
  if (fields.empty()) return InvalidField("fields", "want at least one");
  return fields;
}

void AddRevealed(const v1::RevealMemberRequest& request, const issuing::PersonalData& data,
                 v1::RevealMemberResponse* response) {
  for (const int field : request.fields()) {
    if (field == v1::PERSONAL_FIELD_FULL_NAME) response->set_full_name(data.full_name);
    if (field == v1::PERSONAL_FIELD_MOBILE) response->set_mobile(data.mobile);
    if (field == v1::PERSONAL_FIELD_CARD_NUMBER) response->set_card_number(data.card_number);
    if (field != v1::PERSONAL_FIELD_ID_NUMBER) continue;
    response->set_id_number(data.id_number);
    response->set_document_kind(static_cast<v1::DocumentKind>(data.document_kind));
    response->set_document_country(data.document_country);
  }
}

}  // namespace puhui::services
