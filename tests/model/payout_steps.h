// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_PAYOUT_STEPS_H_
#define PUHUI_TESTS_MODEL_PAYOUT_STEPS_H_

#include "ledger/base/id.h"
#include "merchant/app/payout_run_commands.h"
#include "merchant/core/bank_answer.h"
#include "tests/model/settlement_steps.h"

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

// What merchants are paid, and to which accounts: the steps, and the model of them. What statements
// say and where they stand is the settlement's. Threads: none. Borrows: as SettlementSteps.
class PayoutSteps {
 public:
  explicit PayoutSteps(SettlementSteps::Desk desk) : desk_(std::move(desk)) {}

  void Step();
  // Everything, in the store.
  void Compare();
  // What was paid to a merchant of an origin, by its number.
  std::int64_t Paid(std::uint32_t merchant, std::uint32_t origin) const;

 private:
  using Name = std::pair<std::uint32_t, absl::CivilDay>;  // Merchant and day.
  enum class Standing { kOpen, kPaid, kRejected, kCancelled, kNothingDue, kReturned };
  struct Account {
    std::string proposer{};
    bool confirmed = false;
    bool rejected = false;
    absl::Time use_time{};
  };
  // That a second person has not decided on.
  struct Correction {
    Standing turned{};
    std::string reference{};
    std::string proposer{};
  };
  struct Payment {
    Name statement{};
    std::uint32_t account = 0;
    bool changed = false;
    Standing standing = Standing::kOpen;
    absl::optional<merchant::Verdict> said{};  // By the bank, for good.
    absl::optional<Correction> correction{};

    bool IsKnown(merchant::Verdict verdict) const;
  };
  struct Run {
    std::string maker{};
    std::string state = "CREATED";
    std::uint8_t file = 0;
    std::vector<Payment> payments{};

    bool HasChanges() const;
    bool HasOpen() const;
  };
  struct Payout {
    std::map<std::uint32_t, std::int64_t> sums{};  // By origin, above zero.
    std::size_t run = 0;                           // From 1: the latest.
  };

  void StepOnce();
  void ProposeAccount();
  void ConfirmAccount();
  void RejectAccount();
  void CreateRun();
  void ApproveRun();
  void CancelRun();
  void ExportRun();
  void AnswerRun();
  void ProposeCorrection();
  void ConfirmCorrection();
  void RejectCorrection();

  // What a run of this statement comes to; fills the payment and what is carried on.
  Verdict Judge(const Name& name, bool accepted, Payment* payment, Payout* payout,
                std::map<std::uint32_t, std::int64_t>* carried);
  // Whether it is the first of its merchant's days that was in no run.
  bool IsNext(const Name& name);
  std::uint32_t AccountAt(std::uint32_t merchant, absl::Time now) const;
  Name AnyName();
  std::uint32_t AnyMerchant();
  std::string AnyPerson();
  std::uint32_t AnyRun();
  merchant::StatementRow StatementOf(const Name& name);
  // Whether the payment may turn out so, once nothing waits.
  Verdict JudgeTurn(const Payment& payment, const Correction& correction, bool waits) const;
  // The first payment of a run; nothing when there is no such run.
  Payment* PaymentAt(std::uint32_t run);
  void CountPaid(const Payment& payment, std::int64_t sign);
  Verdict JudgeAnswer(std::uint32_t number, const Payment& payment, merchant::Verdict verdict,
                      std::int64_t fen_off) const;

  const SettlementSteps::Desk desk_;
  std::map<std::uint32_t, std::vector<Account>> accounts_;
  std::vector<Run> runs_;
  std::map<Name, Payout> payouts_;
  std::map<std::uint32_t, std::map<std::uint32_t, std::int64_t>> carried_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> paid_;
  std::set<std::string> movements_;  // References of the bank that corrected something.
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_PAYOUT_STEPS_H_
