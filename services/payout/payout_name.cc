// SPDX-License-Identifier: Apache-2.0
#include "services/payout/payout_name.h"

#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include <utility>

namespace puhui::services {
namespace {

constexpr absl::string_view kAccounts = "/bankAccounts/";
constexpr absl::string_view kRuns = "payoutRuns/";
constexpr absl::string_view kPayments = "/payments/";

// One thing has one name, so a number with zeros in front is none.
bool ReadNumber(absl::string_view text, std::uint32_t* number) {
  return absl::SimpleAtoi(text, number) && *number != 0 && absl::StrCat(*number) == text;
}

}  // namespace

absl::StatusOr<BankAccountName> ParseBankAccountName(absl::string_view name,
                                                     absl::string_view field) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits(kAccounts, 1));
  BankAccountName parsed;
  const auto merchant = ParseMerchantName(parts.first, field);
  if (!merchant.ok() || !ReadNumber(parts.second, &parsed.number)) {
    return InvalidField(field, "want merchants/{merchant}/bankAccounts/{account}");
  }
  parsed.merchant_id = *merchant;
  return parsed;
}

std::string FormatBankAccountName(absl::string_view merchant_name, std::uint32_t number) {
  return absl::StrCat(merchant_name, kAccounts, number);
}

absl::StatusOr<std::uint32_t> ParsePayoutRunName(absl::string_view name, absl::string_view field) {
  std::uint32_t run = 0;
  if (!absl::ConsumePrefix(&name, kRuns) || !ReadNumber(name, &run)) {
    return InvalidField(field, "want payoutRuns/{run}");
  }
  return run;
}

std::string FormatPayoutRunName(std::uint32_t run) { return absl::StrCat(kRuns, run); }

absl::StatusOr<merchant::PaymentKey> ParsePaymentName(absl::string_view name,
                                                      absl::string_view field) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(name, absl::MaxSplits(kPayments, 1));
  const auto run = ParsePayoutRunName(parts.first, field);
  merchant::PaymentKey key;
  if (!run.ok() || !ReadNumber(parts.second, &key.payment)) {
    return InvalidField(field, "want payoutRuns/{run}/payments/{payment}");
  }
  key.run = *run;
  return key;
}

std::string FormatPaymentName(std::uint32_t run, std::uint32_t payment) {
  return absl::StrCat(kRuns, run, kPayments, payment);
}

}  // namespace puhui::services
