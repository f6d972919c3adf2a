// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_LEDGER_MODEL_H_
#define PUHUI_TESTS_MODEL_LEDGER_MODEL_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"
#include "tests/model/model_state.h"

#include "absl/time/time.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace puhui::testing {

// What a command is expected to come to: nothing, when it is carried out, or why not.
using Verdict = absl::optional<ledger::Reason>;

// The ledger as anybody would write it down: maps and loops, no cleverness, everything that can be
// added up is added up when it is asked for. Each verb says what the real one must come to, and
// does it. Threads: none.
class LedgerModel : public ModelState {
 public:
  Verdict CreateUnion(std::uint32_t number, absl::optional<std::uint32_t> parent);
  Verdict MoveUnion(std::uint32_t number, absl::optional<std::uint32_t> parent, bool stale);
  Verdict CloseUnion(std::uint32_t number, bool stale);
  Verdict SetLocale(std::uint32_t number, const std::string& locale, bool stale);
  Verdict SetLeave(std::uint32_t number, absl::optional<bool> returns, bool stale);
  Verdict SetApprovers(std::uint32_t number,
                       absl::optional<std::pair<std::uint32_t, std::int64_t>> approvers,
                       bool stale);
  Verdict LoadPack(const PackName& name, const Pack& pack);
  Verdict SetPack(std::uint32_t number, std::uint32_t pack, bool stale);
  // What was taken, in order, goes to `taken`.
  Verdict Move(const BudgetTransfer& transfer,
               std::vector<std::pair<std::uint32_t, std::int64_t>>* taken);
  Verdict Propose(std::uint32_t of) const;
  Verdict Join(std::uint32_t of) const;
  Verdict CreateCampaign(std::uint32_t number, const Campaign& campaign);
  Verdict Confirm(std::uint32_t of, Sequence proposal, const std::string& person);
  Verdict Submit(std::uint32_t campaign, const std::string& person, absl::Time now);
  Verdict Approve(std::uint32_t campaign, const std::string& person, bool stale, absl::Time now);
  // Nothing new but the expiry. Whatever was approved is void.
  Verdict Change(std::uint32_t campaign, const std::string& person, absl::Time expiry, bool stale);
  Verdict Reject(std::uint32_t campaign, bool stale);
  void ExpireApprovals(std::uint32_t campaign);
  Verdict StartIssue(std::uint32_t campaign, absl::Time start, bool all_or_nothing, absl::Time now);
  Verdict Pause(std::uint32_t campaign);
  Verdict Resume(std::uint32_t campaign, bool without_all_or_nothing);
  Verdict Cancel(std::uint32_t campaign);
  Verdict Close(std::uint32_t campaign);
  // Replaces the plan; what was reserved goes back.
  Verdict UploadPlan(std::uint32_t campaign, const std::string& person,
                     std::vector<std::pair<MemberId, std::int64_t>> plan);
  void Issue(std::uint32_t campaign, std::size_t rows, absl::Time now);
  void Expire(std::uint32_t campaign, absl::Time now);
  // Whether a second person has to confirm it.
  bool NeedsSecond(std::uint32_t campaign, const ClawBack& claw_back) const;
  Verdict ProposeClawBack(std::uint32_t campaign, const ClawBack& claw_back);
  void GoOnWithClawBack(std::uint32_t campaign, std::size_t rows, absl::Time now);

  void Join(MemberId member, std::uint32_t of, std::uint64_t card);
  Verdict Suspend(MemberId member);
  Verdict Reinstate(MemberId member);
  Verdict Leave(MemberId member, absl::Time now);
  // Of somebody who left.
  void ComeBack(MemberId member, std::uint32_t of);
  Verdict Transfer(MemberId member, std::uint32_t to);
  Verdict IssueCard(MemberId member, std::uint64_t card, bool replace);
  Verdict BlockCard(MemberId member);
  Verdict Erase(MemberId member);
  Verdict Update(MemberId member, bool stale);
  // `known`: the member that the applicant is already.
  Verdict DecideApplication(Sequence application, std::uint32_t of, bool accept,
                            absl::optional<MemberId> known);
  Verdict StartRotation();

  // `start` absent: now.
  Verdict Agree(std::uint32_t merchant, absl::optional<absl::Time> start,
                absl::optional<absl::Time> end, std::int64_t rate, absl::Time now);
  Verdict PutMerchant(std::uint32_t merchant, MerchantStanding standing, absl::Time now);
  // Whether there is such a card, as far as the terminal is told.
  Verdict FindCard(const TillCall& call, std::uint64_t card);
  Verdict Buy(const TillCall& call, std::uint64_t card, const Wish& wish);
  // With a payment code; one that is not among `codes` does not exist.
  Verdict BuyWithCode(const TillCall& call, std::uint64_t code, const Wish& wish);
  Verdict CreateBill(const TillCall& call, const Bill& bill);
  Verdict PayBill(const TillCall& call, Sequence number, std::uint64_t token, MemberId member);
  // Of a line, if one is named.
  Verdict Refund(const TillCall& call, Sequence purchase, std::int64_t points,
                 absl::optional<std::size_t> line);
  Verdict Authorize(const TillCall& call, std::uint64_t card, const Wish& wish, absl::Time expiry);
  Verdict AuthorizeWithCode(const TillCall& call, std::uint64_t code, const Wish& wish,
                            absl::Time expiry);
  // The purchase that it becomes has the number of the authorisation. `lines`: of which so many
  // points each; none: the first points.
  Verdict Capture(const TillCall& call, Sequence hold, std::int64_t points,
                  const std::map<std::size_t, std::int64_t>& lines);
  Verdict Void(const TillCall& call, Sequence hold);
  // Of these, ends those whose time is over. Returns how many.
  std::size_t ExpireHolds(const std::vector<Sequence>& of, absl::Time now);
  Verdict ReverseByKeys(const TillCall& call, std::uint32_t batch, std::uint32_t trace);
  Verdict ReverseByRequest(const TillCall& call, std::uint64_t request);
  Verdict CloseBatch(const ModelBatch& batch, const ModelTotals& told, bool accept, bool own);
  Verdict SetLimits(const LimitedWhom& whom, const std::vector<ModelLimit>& to);
  // The first of `numbers` that is free.
  Verdict EnrolDevice(MemberId member, const std::vector<std::uint32_t>& numbers);
  Verdict RevokeDevice(MemberId member, std::uint32_t number);
  Verdict RenewTerminal(std::uint32_t terminal) const;
  bool IsWithin(std::uint32_t of, std::uint32_t ancestor) const;
  std::string LocaleOf(std::uint32_t number) const;
  bool Returns(std::uint32_t number) const;
  static absl::CivilDay DayAt(absl::Time time);
  // The version that binds; {0, 0}: none.
  PackName PackInForce(std::uint32_t of, absl::CivilDay day) const;
  std::int64_t BudgetOf(std::uint32_t of, std::uint32_t origin) const;
  std::int64_t Available(MemberId member, absl::Time now) const;
  // Of days in China, since 1970-01-01.
  static std::int64_t DayOf(absl::Time now);
  static bool IsSameWindow(Within within, absl::Time one, absl::Time other);
  ModelTotals TotalsOf(const ModelBatch& batch) const;
  std::vector<ListedCall> CallsOf(const ModelBatch& batch) const;
  // What the member has spent under the terms of the campaign on the day, held points included.
  std::int64_t SpentOn(MemberId member, std::uint32_t campaign, std::int64_t day) const;
  bool KeepsBill(Sequence number) const;
  // Of a lot, by all authorisations; of all points, by campaign.
  std::int64_t Held(MemberId member, std::uint32_t lot) const;
  std::map<std::uint32_t, Figures> AllFigures() const;

 protected:  // MarketModel goes on with it.
  friend class MallModel;
  std::size_t DepthOf(std::uint32_t number) const;
  // Levels of the subtree, itself included.
  std::size_t HeightOf(std::uint32_t number) const;
  void AddToBudget(std::uint32_t of, std::uint32_t origin, std::int64_t points);
  // Points come back to a union: to it, or to the nearest open one above it, if any.
  void ComeHome(std::uint32_t of, std::uint32_t origin, std::int64_t points);
  void GiveBack(Campaign& campaign);  // What is reserved for it.
  void BackToDraft(Campaign& campaign);
  // How many have to approve so many points.
  std::size_t ApproversFor(std::uint32_t of, std::int64_t points) const;
  std::int64_t ReceivedFor(MemberId member, std::int64_t year, const std::string& occasion) const;
  bool KeepsTheRules(const Campaign& campaign, MemberId member, std::int64_t points) const;
  // Less than nothing: what came back.
  void Receive(const Campaign& campaign, MemberId member, std::int64_t points);
  bool IsStale(const Campaign& campaign, absl::CivilDay day) const {
    return PackInForce(campaign.of, day) != campaign.pack;
  }
  Verdict Judge(const TillCall& call, Call kind, Verdict verdict);
  Verdict CheckCall(const TillCall& call) const;
  Verdict CheckMerchant(const TillCall& call) const;
  std::int64_t RateOf(std::uint32_t merchant, absl::Time now) const;
  Verdict CheckCard(std::uint64_t card) const;
  Verdict JudgeCode(const TillCall& call, std::uint64_t code, const Wish& wish);
  static void CountGuess(const TillCall& call, ModelGuesses* guesses);
  void UseCode(const TillCall& call, std::uint64_t code);
  Verdict Take(const TillCall& call, const Payer& payer, const Wish& wish);
  Verdict Reserve(const TillCall& call, const Payer& payer, const Wish& wish, absl::Time expiry);
  Verdict CheckCardCall(const TillCall& call, std::uint64_t card);
  Verdict CheckBatch(const TillCall& call) const;
  // All for whom a payment counts.
  std::vector<LimitedWhom> AllFor(const TillCall& call, const Payer& payer) const;
  std::vector<ModelLimit> LimitsOf(const LimitedWhom& whom) const;
  Verdict CheckLimits(const TillCall& call, const Payer& payer, std::int64_t points);
  void CountPaid(const TillCall& call, const Payer& payer, std::int64_t points);
  void CountCall(const TillCall& call, CountedKind kind, std::int64_t points);
  Verdict JudgeEnding(const TillCall& call, Sequence hold) const;
  // A capture that nothing forbids.
  void Carry(const TillCall& call, Sequence hold, std::int64_t points,
             const std::map<std::size_t, std::int64_t>& lines);
  // What pays, in the order in which it pays; all that there is when it does not suffice.
  std::vector<Taken> LotsFor(const TillCall& call, MemberId member, std::int64_t points) const;
  // Whether the lot may pay at the terminal, were there anything in it and no cap.
  bool Allows(const TillCall& call, std::uint32_t number, const Lot& lot) const;
  // What is taken first pays for the first lines.
  static std::vector<Line> SplitOver(const std::vector<Taken>& taken,
                                     const std::vector<std::int64_t>& lines);
  // Of each lot that it holds so many points are taken, and the rest is available again. Returns
  // what was taken, nothing of some.
  std::vector<Taken> End(Sequence hold, HoldState as, const std::vector<std::int64_t>& captured,
                         absl::Time now);
  void GiveBack(Purchase& purchase, std::int64_t points, absl::Time now);
  void GiveBackLine(Purchase& purchase, Line& line, std::int64_t points, absl::Time now);
  // What is not `kept` of a lot expires; and when points come back to one that has, it opens again.
  void ExpireRest(Lot& lot, std::int64_t kept);
  void Reopen(Lot& lot, std::int64_t kept, absl::Time now);
  // To the lot at that place among those taken.
  void GiveBackLot(Purchase& purchase, std::size_t place, std::int64_t points, absl::Time now);
  void Undo(const TillCall& call, Sequence purchase);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_LEDGER_MODEL_H_
