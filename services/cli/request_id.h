// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_REQUEST_ID_H_
#define PUHUI_SERVICES_CLI_REQUEST_ID_H_

#include "ledger/base/random.h"

#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

// A random UUID (RFC 4122, version 4) in lower case.
std::string MakeRequestId(RandomSource& random);

// Whether `text` is 8-4-4-4-12 hexadecimal digits.
bool IsRequestId(absl::string_view text);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_REQUEST_ID_H_
