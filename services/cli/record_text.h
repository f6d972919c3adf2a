// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_RECORD_TEXT_H_
#define PUHUI_SERVICES_CLI_RECORD_TEXT_H_

#include "puhui/journal/v1/record.pb.h"

#include <string>

namespace puhui::services {

// A record for people, on one line: members by their names, request ids as UUIDs, other bytes in
// hexadecimal.
std::string RecordText(const journal::v1::Record& record);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_RECORD_TEXT_H_
