// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_BASE_VERSION_H_
#define PUHUI_LEDGER_BASE_VERSION_H_

namespace puhui {

// The version of this build, for example "0.1.0". It stands in the root CMakeLists.txt and nowhere
// else.
extern const char* const kVersion;

}  // namespace puhui

#endif  // PUHUI_LEDGER_BASE_VERSION_H_
