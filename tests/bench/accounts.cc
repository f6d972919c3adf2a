// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/accounts.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include <fstream>

namespace puhui::bench {
namespace {

constexpr std::size_t kDeviceParts = 3;

std::string TextOf(const Device& device) {
  return absl::StrCat(device.number, ":", absl::BytesToHexString(device.secret), ":",
                      absl::BytesToHexString(device.cohort_key));
}

absl::StatusOr<Device> DeviceOf(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  Device device;
  if (parts.size() != kDeviceParts || !absl::SimpleAtoi(parts[0], &device.number)) {
    return absl::DataLossError("want a device as number:secret:cohort key, in hex");
  }
  device.secret = absl::HexStringToBytes(parts[1]);
  device.cohort_key = absl::HexStringToBytes(parts[2]);
  return device;
}

}  // namespace

std::vector<std::string> Accounts::TerminalsOf(absl::string_view merchant_id) const {
  const std::string prefix = absl::StrCat("merchants/", merchant_id, "/");
  std::vector<std::string> found;
  for (const std::string& terminal : terminals) {
    if (absl::StartsWith(terminal, prefix)) found.push_back(terminal);
  }
  return found;
}

absl::Status WriteAccounts(const Accounts& accounts, const std::string& path) {
  std::ofstream file(path, std::ios::trunc);
  for (const std::string& terminal : accounts.terminals) file << "terminal " << terminal << '\n';
  for (const std::string& card : accounts.cards) file << "card " << card << '\n';
  for (const std::string& member : accounts.members) file << "member " << member << '\n';
  for (const std::string& offer : accounts.offers) file << "offer " << offer << '\n';
  if (!accounts.devices.empty()) file << "code_prefix " << accounts.code_prefix << '\n';
  for (const Device& device : accounts.devices) file << "device " << TextOf(device) << '\n';
  file.close();
  if (!file.good()) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

absl::StatusOr<Accounts> ReadAccounts(const std::string& path) {
  std::ifstream file(path);
  if (!file.good()) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  Accounts accounts;
  std::string kind;
  std::string name;
  while (file >> kind >> name) {
    if (kind == "terminal") {
      accounts.terminals.push_back(name);
    } else if (kind == "card") {
      accounts.cards.push_back(name);
    } else if (kind == "member") {
      accounts.members.push_back(name);
    } else if (kind == "offer") {
      accounts.offers.push_back(name);
    } else if (kind == "code_prefix") {
      accounts.code_prefix = name;
    } else if (kind == "device") {
      PUHUI_ASSIGN_OR_RETURN(accounts.devices.emplace_back(), DeviceOf(name));
    } else {
      return absl::DataLossError(
          absl::StrCat(path, ": want terminal, card, member, offer or device, got ", kind));
    }
  }
  return accounts;
}

}  // namespace puhui::bench
