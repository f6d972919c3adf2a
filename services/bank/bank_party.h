// SPDX-License-Identifier: Apache-2.0
// Whose account, and where: what a bank has to be told of both sides of a payment.
#ifndef PUHUI_SERVICES_BANK_BANK_PARTY_H_
#define PUHUI_SERVICES_BANK_BANK_PARTY_H_

#include "absl/strings/string_view.h"

#include <string>

namespace puhui::services {

struct BankParty {
  std::string name{};
  std::string account_number{};
  std::string bank_code{};  // In CNAPS.
};

// 1 to 140 characters that names of accounts are written with: Chinese characters, letters and
// digits, full width too, a blank in between, '·', '、', '〇', full-width parentheses, and of ASCII
// the marks that SWIFT lets through with '&', which companies have. Others a bank turns away, and
// some change how a name looks without being seen.
bool IsHolderName(absl::string_view text);
inline constexpr char kHolderNameWanted[] =
    "1 to 140 Chinese characters, letters, digits and marks of names, without blanks around";

// 6 to 34 digits.
bool IsAccountNumber(absl::string_view text);
inline constexpr char kAccountNumberWanted[] = "6 to 34 digits";

// 12 digits (联行号).
bool IsBankCode(absl::string_view text);
inline constexpr char kBankCodeWanted[] = "12 digits";

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_BANK_BANK_PARTY_H_
