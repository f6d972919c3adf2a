// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_BOOKS_SCRIPT_H_
#define PUHUI_TESTS_CRASH_BOOKS_SCRIPT_H_

#include "issuing/app/member_changes.h"
#include "issuing/app/vault.h"
#include "ledger/crypto/keyed_hash.h"
#include "ledger/engine/command.h"
#include "ledger/engine/engine.h"
#include "services/ledger/books.h"
#include "tests/support/seeded_random.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace puhui::testing {

// What people's calls do to a small ledger: somebody joins, points are issued, spent, held, taken
// back and reversed, and the vault gets what the journal must not hold. Each step is the command
// that the API runs, under a request id of its own, and the same bytes each time.
// Threads: none. Owns: the vault's keys, which are not in the ledger.
class BooksScript {
 public:
  static constexpr std::int64_t kGranted = 600;     // To each of two members.
  static constexpr std::int64_t kPaid = 137 + 120;  // Purchased, and captured of what was held.
  static constexpr std::int64_t kRefunded = 50;

  BooksScript();

  // A union with money, two members, a campaign that is approved, and a shop that pays a fee, under
  // limits. Requires: the ledger is empty, and this is called once.
  absl::Status Found(ledger::Engine& engine, services::Books& books);

  std::size_t steps() const { return steps_.size(); }
  // The bytes of the records that it came to. Requires: the steps before it were run.
  // Fails: as Engine::Run, and kInternal when a till was declined.
  absl::StatusOr<std::string> Run(std::size_t step, ledger::Engine& engine, services::Books& books);

  // That the vault opens, and holds what the steps put there.
  void ExpectVault(const ledger::Readable& store) const;

 private:
  using MakeCommand = std::function<std::unique_ptr<ledger::Command>(services::Books& books)>;

  issuing::NewMember Person(int number);
  absl::Status FoundUnion(ledger::Engine& engine, services::Books& books);
  absl::Status ApproveCampaign(ledger::Engine& engine, services::Books& books);
  absl::Status OpenShop(ledger::Engine& engine, services::Books& books);
  void ChangeOfMember();
  void AddIssuingSteps();
  void AddTillSteps();
  MakeCommand GrantOf(std::size_t row) const;

  SeededRandom random_{31};
  ledger::KeyedHash keyed_hash_;
  const issuing::Vault vault_;
  issuing::Home home_{};
  std::vector<issuing::NewMember> members_;  // The last of them joins in the script.
  issuing::Replacement change_;              // Of the first one's personal data.
  CampaignNumber campaign_{};
  std::uint32_t plan_version_ = 0;
  std::vector<MakeCommand> steps_;
  std::map<std::size_t, Sequence> came_to_;  // The first record of each.
  std::size_t purchase_ = 0;                 // Steps that others name.
  std::size_t authorization_ = 0;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_BOOKS_SCRIPT_H_
