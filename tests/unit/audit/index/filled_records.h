// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_INDEX_FILLED_RECORDS_H_
#define PUHUI_TESTS_UNIT_AUDIT_INDEX_FILLED_RECORDS_H_

#include "puhui/journal/v1/record.pb.h"

#include <map>
#include <string>

namespace puhui::audit {

// Every kind of record there is, by the text of its kind, with every field filled: numbers and
// texts are the same for the same name of a field.
std::map<std::string, journal::v1::Record> RecordsOfEveryKind();

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_INDEX_FILLED_RECORDS_H_
