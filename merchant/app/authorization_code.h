// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_MERCHANT_APP_AUTHORIZATION_CODE_H_
#define PUHUI_MERCHANT_APP_AUTHORIZATION_CODE_H_

#include "ledger/base/random.h"

#include <string>

namespace puhui::merchant {

// What a receipt says of who approved it: six characters that are not mistaken for each other.
std::string NewAuthorizationCode(RandomSource& random);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_AUTHORIZATION_CODE_H_
