// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/accounts.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include <fstream>

namespace puhui::bench {

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
    } else {
      return absl::DataLossError(
          absl::StrCat(path, ": want terminal, card, member or offer, got ", kind));
    }
  }
  return accounts;
}

}  // namespace puhui::bench
