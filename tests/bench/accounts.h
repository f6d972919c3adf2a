// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_ACCOUNTS_H_
#define PUHUI_TESTS_BENCH_ACCOUNTS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <string>
#include <vector>

namespace puhui::bench {

// What a member's device was given to compute payment codes with.
struct Device {
  std::uint32_t number = 0;
  std::string secret;
  std::string cohort_key;

  friend bool operator==(const Device&, const Device&) = default;
};

// Who can buy and where: what `fill` tells the load client. The people in it are made up.
struct Accounts {
  std::vector<std::string> terminals;  // Resource names.
  std::vector<std::string> cards;      // Card numbers of members with a wallet.
  std::vector<std::string> members;    // Who order, if anything is offered.
  std::vector<std::string> offers;     // What they order; the first one is the hot one.
  std::string code_prefix;             // Of payment codes; empty without devices.
  std::vector<Device> devices;         // In no order of their members.

  std::vector<std::string> TerminalsOf(absl::string_view merchant_id) const;
};

// One terminal, card, member, offer or device a line. Fail: kUnavailable; kNotFound, kDataLoss.
absl::Status WriteAccounts(const Accounts& accounts, const std::string& path);
absl::StatusOr<Accounts> ReadAccounts(const std::string& path);

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_ACCOUNTS_H_
