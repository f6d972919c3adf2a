// SPDX-License-Identifier: Apache-2.0
#include "services/cli/enum_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace puhui::services {
namespace {

// "CAMPAIGN_STATE_" for CampaignState.
std::string PrefixOf(const google::protobuf::EnumDescriptor& descriptor) {
  std::string prefix;
  for (const char c : descriptor.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return prefix + "_";
}

}  // namespace

std::string EnumText(const google::protobuf::EnumDescriptor& descriptor, int number) {
  const google::protobuf::EnumValueDescriptor* const value = descriptor.FindValueByNumber(number);
  return value == nullptr ? absl::StrCat(number)
                          : value->name().substr(PrefixOf(descriptor).size());
}

int EnumNumber(const google::protobuf::EnumDescriptor& descriptor, absl::string_view text) {
  const google::protobuf::EnumValueDescriptor* const value =
      descriptor.FindValueByName(absl::StrCat(PrefixOf(descriptor), absl::AsciiStrToUpper(text)));
  return value == nullptr ? 0 : value->number();
}

std::string EnumChoices(const google::protobuf::EnumDescriptor& descriptor) {
  std::string choices;
  for (int i = 0; i < descriptor.value_count(); ++i) {
    const int number = descriptor.value(i)->number();
    if (number == 0) continue;
    absl::StrAppend(&choices, choices.empty() ? "" : ", ",
                    absl::AsciiStrToLower(EnumText(descriptor, number)));
  }
  return choices;
}

}  // namespace puhui::services
