// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/member_privacy.h"

#include "issuing/core/search_text.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/error.h"

#include "absl/strings/match.h"

#include <algorithm>

namespace puhui::services {
namespace {

constexpr std::size_t kTellingBytes = 4;  // Shorter ones are found in any text.

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
