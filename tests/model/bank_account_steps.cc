// SPDX-License-Identifier: Apache-2.0
// The accounts that merchants are paid to.
#include "merchant/app/bank_account_commands.h"
#include "tests/model/model_names.h"
#include "tests/model/payout_steps.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace puhui::testing {
namespace {

using ledger::Reason;

// Short, so that accounts change between a statement's agreement and its payout.
constexpr absl::Duration kCooling = absl::Hours(2);

// Not sealed: what lies in the vault is no model's.
merchant::SealedBankAccount AccountOf(std::uint64_t number) {
  merchant::SealedBankAccount account{.sealed = absl::StrCat("account ", number)};
  for (std::size_t i = 0; i < 8; ++i) {
    account.commitment[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return account;
}

}  // namespace

std::uint32_t PayoutSteps::AccountAt(std::uint32_t merchant, absl::Time now) const {
  const auto of = accounts_.find(merchant);
  if (of == accounts_.end()) return 0;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < of->second.size(); ++i) {
    const Account& account = of->second[i];
    if (account.confirmed && !account.rejected && account.use_time <= now) {
      number = static_cast<std::uint32_t>(i) + 1;
    }
  }
  return number;
}

void PayoutSteps::ProposeAccount() {
  const std::uint32_t merchant = AnyMerchant();
  const std::string person = AnyPerson();
  const std::vector<Account>& known = accounts_[merchant];
  Verdict expected;
  if (merchant > kMerchants) {
    expected = Reason::kNotFound;
  } else if (!known.empty() && !known.back().confirmed && !known.back().rejected) {
    expected = Reason::kBankAccountState;
  }
  const std::uint64_t number = merchant * 1'000 + known.size();
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ProposeBankAccountCommand>(
        &desk_.ledger->merchant(),
        merchant::ProposeBankAccountCommand::Wish{.merchant = MerchantIdOf(merchant),
                                                  .account = AccountOf(number),
                                                  .last_four = "0000",
                                                  .person = person});
  });
  if (desk_.expect(expected, outcome)) accounts_[merchant].push_back({.proposer = person});
}

void PayoutSteps::ConfirmAccount() {
  const std::uint32_t merchant = AnyMerchant();
  const std::string person = AnyPerson();
  std::vector<Account>& known = accounts_[merchant];
  const auto number = static_cast<std::uint32_t>(known.size());  // The latest, if there is one.
  const bool said_alike = desk_.random->Below(6) != 0;
  Verdict expected;
  if (known.empty()) {
    expected = Reason::kNotFound;
  } else if (known.back().proposer == person) {
    expected = Reason::kSamePerson;
  } else if (known.back().confirmed || known.back().rejected) {
    expected = Reason::kBankAccountState;
  } else if (!said_alike) {
    expected = Reason::kBankAccountDiffers;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::ConfirmBankAccountCommand>(
        &desk_.ledger->merchant(),
        merchant::ConfirmBankAccountCommand::Wish{.merchant = MerchantIdOf(merchant),
                                                  .number = number,
                                                  .said_alike = said_alike,
                                                  .cooling = kCooling,
                                                  .person = person});
  });
  if (!desk_.expect(expected, outcome)) return;
  const bool first = std::none_of(known.begin(), known.end(), [](const Account& account) {
    return account.confirmed && !account.rejected;
  });
  const absl::Time now = absl::FromUnixMicros(outcome->first().time_micros());
  known.back().confirmed = true;
  known.back().use_time = first ? now : now + kCooling;
}

void PayoutSteps::RejectAccount() {
  const std::uint32_t merchant = AnyMerchant();
  std::vector<Account>& known = accounts_[merchant];
  const auto number = static_cast<std::uint32_t>(known.size());
  Verdict expected;
  if (known.empty()) {
    expected = Reason::kNotFound;
  } else if (known.back().rejected ||
             (known.back().confirmed && known.back().use_time <= desk_.now())) {
    expected = Reason::kBankAccountState;
  }
  const auto outcome = desk_.run([=, this] {
    return std::make_unique<merchant::RejectBankAccountCommand>(
        &desk_.ledger->merchant(),
        merchant::RejectBankAccountCommand::Wish{.merchant = MerchantIdOf(merchant),
                                                 .number = number,
                                                 .reason = "x",
                                                 .person = "people/9"});
  });
  if (desk_.expect(expected, outcome)) known.back().rejected = true;
}

}  // namespace puhui::testing
