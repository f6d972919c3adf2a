// SPDX-License-Identifier: Apache-2.0
// Values of protobuf enums without the prefix that the style of protos asks for.
#ifndef PUHUI_SERVICES_CLI_ENUM_TEXT_H_
#define PUHUI_SERVICES_CLI_ENUM_TEXT_H_

#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/generated_enum_reflection.h>

#include <string>

namespace puhui::services {

// "ISSUED" for CAMPAIGN_STATE_ISSUED; the number for a value that is newer than this program.
std::string EnumText(const google::protobuf::EnumDescriptor& descriptor, int number);

template <class Enum>
std::string EnumText(Enum value) {
  return EnumText(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

// The reverse, in either case; 0 when there is no such value.
int EnumNumber(const google::protobuf::EnumDescriptor& descriptor, absl::string_view text);

// "federation, city, …": all but the unspecified one.
std::string EnumChoices(const google::protobuf::EnumDescriptor& descriptor);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_ENUM_TEXT_H_
