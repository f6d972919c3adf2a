// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_SETTLEMENT_STEPS_H_
#define PUHUI_TESTS_MODEL_SETTLEMENT_STEPS_H_

#include "ledger/base/id.h"
#include "ledger/engine/command.h"
#include "merchant/app/statement_rows.h"
#include "merchant/app/till_commands.h"
#include "tests/model/ledger_model.h"
#include "tests/model/ledger_under_test.h"
#include "tests/support/seeded_random.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

// The statement of a merchant, by its number, and a day.
inline merchant::StatementKey StatementKeyOf(const std::pair<std::uint32_t, absl::CivilDay>& name) {
  return {MerchantNumber{name.first}, name.second};
}

// captured − refunded − fees = paid + payable, of each merchant and origin, by what business days
// say and by the accounts.
void ExpectPaidAndPayable(const ledger::Readable& store);
// What merchants' days say was spent of each campaign is what became of its points by its figures.
void ExpectSpendingOfCampaigns(const ledger::Readable& store);

// Merchants' business days, which are those of UTC here, and what becomes of their statements: the
// steps, and the model of them. Threads: none. Borrows: the desk's ledger and random numbers.
class SettlementSteps {
 public:
  using Make = std::function<std::unique_ptr<ledger::Command>()>;
  // What gives commands and compares verdicts, as RandomDriver does.
  struct Desk {
    LedgerUnderTest* ledger;
    SeededRandom* random;
    std::function<absl::StatusOr<ledger::Outcome>(Make)> run;
    std::function<bool(const Verdict&, const absl::StatusOr<ledger::Outcome>&)> expect;
    std::function<absl::Time()> now;
  };
  // How the model knows a union.
  using IdOf = std::function<std::uint32_t(UnionNumber)>;
  SettlementSteps(Desk desk, ModelState* model, IdOf id_of)
      : desk_(std::move(desk)), model_(*model), id_of_(std::move(id_of)) {}

  void Step();
  // What the records of any command say of business days.
  void Note(const ledger::Outcome& outcome);
  // Everything, in the store.
  void Compare();

 private:
  struct Dispute {
    bool resolved = false;
    std::string proposer{};  // Empty: nothing was proposed.
    std::int64_t points = 0;
    UnionNumber origin{};
  };
  struct Moved {
    std::int64_t payable = 0;
    std::int64_t fee = 0;
  };
  struct Statement {
    std::vector<Sequence> lines{};
    std::map<std::uint32_t, std::int64_t> payable{};  // By the number of the origin: what it added.
    std::map<std::uint32_t, std::int64_t> paid_before{};  // Of that merchant, likewise.
    bool cut = false;
    bool agreed = false;
    std::map<Sequence, Dispute> disputes{};

    bool Disputed() const;
  };
  using Name = std::pair<std::uint32_t, absl::CivilDay>;  // Merchant and day.
  using Statements = std::map<Name, Statement>;

  // What the merchant has by now of the purchase that the line is of, by the number of the origin.
  Moved LeftOf(Sequence line, std::uint32_t origin) const;
  void NotePurchase(const journal::v1::Record& record);
  static std::map<std::uint32_t, Moved> MovedBy(const journal::v1::Entry& entry);
  // Points of an origin were paid out: on a day on which something was sold before, or between two.
  void NotePaid(std::uint32_t merchant, absl::CivilDay day, std::uint32_t origin,
                std::int64_t points);
  void CutDay();
  void Agree();
  void DisputeLine();
  void Resolve();
  void Propose(const Name& name, Sequence line, const std::string& person);
  void Confirm(const Name& name, Sequence line, const std::string& person);
  Name AnyName();
  std::string AnyPerson();
  merchant::TillState Till() const { return {&desk_.ledger->merchant(), &desk_.ledger->views()}; }

  const Desk desk_;
  ModelState& model_;
  const IdOf id_of_;
  Statements statements_;
  std::map<Sequence, Sequence> purchase_of_;  // By the line: the purchase that it is of.
  // What lines moved, by the number of the origin.
  std::map<Sequence, std::map<std::uint32_t, Moved>> moved_;
  // Of merchants: what was paid of each origin since the last day with a line was over.
  std::map<std::uint32_t, std::map<std::uint32_t, std::int64_t>> paid_between_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_SETTLEMENT_STEPS_H_
