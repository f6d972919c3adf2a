// SPDX-License-Identifier: Apache-2.0
#include "ledger/base/version.h"

namespace puhui {

const char* const kVersion = PUHUI_VERSION;

}  // namespace puhui
