// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_RANDOM_DRIVER_H_
#define PUHUI_TESTS_MODEL_RANDOM_DRIVER_H_

#include "issuing/app/member_changes.h"
#include "merchant/app/till_commands.h"
#include "tests/model/ledger_model.h"
#include "tests/model/mall_steps.h"
#include "tests/model/market_steps.h"
#include "tests/model/model_enrolment.h"
#include "tests/model/model_names.h"
#include "tests/model/order_steps.h"
#include "tests/model/payout_steps.h"
#include "tests/model/settlement_steps.h"
#include "tests/support/seeded_random.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace puhui::testing {

// Gives the same random commands to a ledger and to its model and compares what they come to. What
// is unlike fails the test, with the step in its trace. Threads: none. Borrows: the ledger.
class RandomDriver {
 public:
  RandomDriver(LedgerUnderTest* ledger, std::uint64_t seed);

  // Unions, money, people and campaigns, so that there is something to spend.
  void Settle();
  // One command, or a step of the clock.
  void Step();
  // Everything that the model knows, in the store.
  void CompareAll();
  // Lets everything expire and sweeps it: nothing may be left over, and no old request remembered.
  void ExpireEverything();
  // What became of all points, campaign by campaign and union by union, in the store.
  void CompareFigures();
  std::uint64_t carried_out() const { return carried_out_; }
  const std::map<ledger::Reason, std::uint64_t>& refused() const { return refused_; }

 private:
  friend class MallSteps;
  using Make = SettlementSteps::Make;
  struct Done {
    std::uint64_t request = 0;
    absl::Time time{};
    Make make;
    std::string bytes;
  };

  void CreateUnion();
  void ChangeUnion();
  void MoveUnion(std::uint32_t id, bool stale);
  void SetLeave(std::uint32_t id, bool stale);
  void SetApprovers(std::uint32_t id, bool stale);
  void LoadPack();
  void SetPack();
  void ChangeMandate();
  void ClosePeriod();
  void MoveBudget();
  void Fund();
  void Join();
  void ChangeMember();
  void Suspend(MemberId member);
  void Reinstate(MemberId member);
  void Leave(MemberId member);
  void Transfer(MemberId member);
  void ChangeCard(MemberId member);
  void Erase(MemberId member);
  void Update(MemberId member);
  void Apply();
  void DecideApplication();
  void Look();
  void RotateKey();
  void CreateCampaign();
  void DrawTerms(LedgerModel::Campaign* campaign);
  void UploadPlan();
  void Decide();
  void Submit(std::uint32_t campaign);
  void Approve(std::uint32_t campaign);
  void StartIssue(std::uint32_t campaign);
  // What is seldom done to a campaign: change, reject, pause, resume, cancel.
  void Steer();
  void ChangeTerms(std::uint32_t campaign);
  void ExpireApprovals();
  void IssueRows();
  void SweepDue();
  void DecideClawBack(std::uint32_t campaign, Sequence sequence, const std::string& proposer);
  void ProposeClawBack();
  void GoOnWithClawBack();
  void ChangeMerchant();
  void Agree(std::uint32_t merchant);
  void ChangeTerminal();
  // An application, a decision, a code that is made or shown.
  void ComeIn();
  void ApplyForMerchant();
  void DecideOnMerchant();
  void MakeCode();
  void ShowCode();
  void Purchase();
  void PurchaseWithCode();
  void CreateBill();
  void PayBill();
  void Authorize();
  void AuthorizeWithCode();
  void Capture();
  void Void();
  void ExpireHolds();
  void Refund();
  void Reverse();
  // What is not done every day at a till: batches, limits, devices, renewals.
  void StepBesideTheTill();
  void CloseBatch();
  void SetLimits();
  void ChangeDevice();
  void LocateStore();
  void InquireCards();
  void RenewTerminal();
  void Repeat();
  void Forget();

  SettlementSteps::Desk DeskOf(LedgerUnderTest* ledger);
  OrderSteps::Desk OrderDeskOf(LedgerUnderTest* ledger);
  // Runs it under a new request id. What was carried out is remembered, to be repeated.
  absl::StatusOr<ledger::Outcome> Run(Make make);
  // Runs it and compares the verdicts; true when it was carried out.
  bool Expect(const Verdict& expected, const absl::StatusOr<ledger::Outcome>& outcome);
  void CompareMember(MemberId member);
  void CompareStanding(MemberId member);
  void CompareCards();
  void ComparePurchases();
  void CompareHolds();
  void CompareBatches();
  void CompareLimits();
  void CompareBills();
  void CompareDevices();
  void CompareAccounts();
  void CompareCampaign(std::uint32_t number, const LedgerModel::Campaign& expected);
  void CompareUnions();
  void CompareReceived();
  void CompareEnrolment();
  std::int64_t Balance(ledger::AccountKind kind, std::uint64_t owner, std::uint32_t origin);
  absl::Time NextTime() const;
  static ledger::Terms TermsOf(const LedgerModel::Campaign& campaign);
  std::string EtagOf(std::uint32_t id, bool stale);
  std::uint32_t AnyUnion() { return static_cast<std::uint32_t>(1 + random_.Below(10)); }
  std::uint32_t AnyCampaign();
  absl::optional<MemberId> AnyMember();
  // A member's last card, mostly; now and then an earlier one, or one that there is not.
  std::uint64_t AnyCard(absl::optional<MemberId> member);
  issuing::MemberRef RefOf(MemberId member);
  // Personal data as if the vault had sealed it.
  issuing::PersonalDataRow SomeData() const;
  issuing::Replacement ReplacementAt(std::uint32_t revision) const;
  // Whom nobody knows; the last number drawn is what the hashes are made of.
  issuing::NewMember NewPerson();
  Sequence AnyPurchase();
  Sequence AnyHold();
  // A call, mostly of a till of the merchant whose authorisation it is.
  LedgerModel::TillCall CallAbout(Sequence hold);
  std::string AnyPerson();
  std::string AnyOccasion();
  // A call of some terminal, mostly under a new trace number.
  LedgerModel::TillCall AnyCall();
  std::uint32_t AnyBatch();  // Mostly the one that tills are in.
  // More or less than the member has, some of it in lines, or in part.
  LedgerModel::Wish AnyWish(absl::optional<MemberId> member, absl::Time now);
  // The same of a command, without who pays.
  static merchant::SpendCommand::Wish SpendWishOf(const LedgerModel::Wish& wish);
  // A payment code, mostly a new one of somebody; now and then one that there is not.
  std::uint64_t AnyCode(const LedgerModel::TillCall& call);
  merchant::ShownCode ShownFor(std::uint64_t code) const;
  LimitedWhom AnyWhom();
  merchant::TillCall CallOf(const LedgerModel::TillCall& call) const;
  merchant::TillState Till();

  LedgerUnderTest& ledger_;
  SeededRandom random_;
  MarketModel model_;
  ModelEnrolment enrolment_;
  SettlementSteps settlement_;
  PayoutSteps payouts_;
  MallSteps malls_;
  OrderSteps orders_;
  MarketSteps market_;
  std::map<std::uint64_t, std::uint32_t> union_numbers_;  // Ids are drawn, numbers are given.
  std::vector<MemberId> members_;
  std::map<MemberId, std::uint64_t> people_;  // What their hashes are made of.
  std::vector<Done> done_;
  absl::Time last_time_ = absl::UnixEpoch();
  std::uint64_t requests_ = 0, drawn_ = 0, carried_out_ = 0;
  std::uint32_t traces_ = 0, batch_ = 1;  // That all tills are in.
  std::map<ledger::Reason, std::uint64_t> refused_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_RANDOM_DRIVER_H_
