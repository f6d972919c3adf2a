// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_WALLET_NAME_H_
#define PUHUI_SERVICES_CLI_WALLET_NAME_H_

#include "services/cli/noun.h"

#include "absl/strings/match.h"

#include <string>

namespace puhui::services {

// A flag may name the member alone.
inline Prepare CompleteWalletName(std::string* name) {
  return [name](const Invocation&) {
    constexpr char kSuffix[] = "/wallet";
    if (!absl::EndsWith(*name, kSuffix)) name->append(kSuffix);
    return absl::OkStatus();
  };
}

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_WALLET_NAME_H_
