// SPDX-License-Identifier: Apache-2.0
#include "services/server/payout_settings.h"

#include "ledger/base/check.h"
#include "ledger/base/id.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"
#include "merchant/core/payout.h"
#include "services/bank/bank_party.h"

#include "absl/strings/str_cat.h"

#include <string>

namespace puhui::services {
namespace {

constexpr std::uint32_t kPointsPerYuanDefault = 100;
constexpr std::uint32_t kCoolingHoursDefault = 72;
constexpr std::size_t kLedgerDigits = 8;  // By which files of one ledger are told from another's.

absl::Status BadPayout(absl::string_view key, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat("payouts.", key, ": want ", wanted));
}

absl::Status CheckPayer(const config::v1::Payouts& payouts) {
  if (!payouts.payer_union().empty() && !UnionId::Parse(payouts.payer_union(), "id").ok()) {
    return BadPayout("payer_union", "the id of a union");
  }
  if (!IsHolderName(payouts.payer_name())) return BadPayout("payer_name", kHolderNameWanted);
  if (!IsAccountNumber(payouts.payer_account()))
    return BadPayout("payer_account", kAccountNumberWanted);
  if (!IsBankCode(payouts.payer_bank_code())) return BadPayout("payer_bank_code", kBankCodeWanted);
  if (merchant::FenPerPoint(payouts.points_per_yuan()) == 0) {
    return BadPayout("points_per_yuan",
                     "1, 2, 4, 5, 10, 20, 25, 50 or 100, so that a point is a whole number of fen");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SettlePayouts(config::v1::ServerConfig* config) {
  if (!config->has_payouts()) return absl::OkStatus();
  config::v1::Payouts& payouts = *config->mutable_payouts();
  if (payouts.points_per_yuan() == 0) payouts.set_points_per_yuan(kPointsPerYuanDefault);
  if (payouts.bank_account_cooling_hours() == 0) {
    payouts.set_bank_account_cooling_hours(kCoolingHoursDefault);
  }
  const std::int64_t hours = payouts.bank_account_cooling_hours();
  if (hours < kBankAccountCoolingHoursMin || hours > kBankAccountCoolingHoursMax) {
    return BadPayout("bank_account_cooling_hours", absl::StrCat(kBankAccountCoolingHoursMin, " to ",
                                                                kBankAccountCoolingHoursMax));
  }
  return CheckPayer(payouts);
}

PayoutParts PayoutPartsOf(const config::v1::ServerConfig& config) {
  PayoutParts parts;
  parts.message_prefix = absl::StrCat(
      "PUHUI-", ledger::ToHex(ledger::Sha256().Digest(config.origin())).substr(0, kLedgerDigits));
  parts.cooling = absl::Hours(kCoolingHoursDefault);
  PUHUI_CHECK(absl::LoadTimeZone(config.merchant_time_zone(), &parts.zone));
  if (!config.has_payouts()) return parts;
  const config::v1::Payouts& payouts = config.payouts();
  parts.payer_union = payouts.payer_union();
  parts.cooling = absl::Hours(std::int64_t{payouts.bank_account_cooling_hours()});
  parts.payer = Payer{.account = {.name = payouts.payer_name(),
                                  .account_number = payouts.payer_account(),
                                  .bank_code = payouts.payer_bank_code()},
                      .fen_per_point = merchant::FenPerPoint(payouts.points_per_yuan())};
  PUHUI_CHECK(parts.payer->fen_per_point > 0);
  return parts;
}

}  // namespace puhui::services
