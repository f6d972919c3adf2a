// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_LEDGER_MODEL_H_
#define PUHUI_TESTS_MODEL_LEDGER_MODEL_H_

#include "ledger/base/id.h"
#include "ledger/core/refusal.h"

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
class LedgerModel {
 public:
  struct Union {
    std::uint32_t parent = 0;
    bool closed = false;
    std::string locale{};            // Empty: inherited.
    absl::optional<bool> returns{};  // Points of members who leave; absent: inherited.
    std::int64_t funded = 0;
    // By origin, in the order they came.
    std::vector<std::pair<std::uint32_t, std::int64_t>> budget{};
    std::int64_t expired = 0;
  };
  struct Transfer {
    std::uint32_t from = 0;
    absl::optional<std::uint32_t> to{};  // Absent: the parent.
    std::int64_t points = 0;
    absl::optional<std::uint32_t> origin{};
  };
  struct Funding {
    std::uint32_t of = 0;
    std::int64_t points = 0;
    std::string person{};
    bool confirmed = false;
  };
  struct Lot {
    std::uint32_t campaign = 0;
    std::int64_t granted = 0;
    std::int64_t remaining = 0;
    absl::Time expiry{};
  };
  enum class Standing { kActive = 1, kSuspended, kLeft };
  struct Member {
    std::uint32_t of = 0;
    std::uint64_t card = 0;  // The last one.
    Standing standing = Standing::kActive;
    std::uint32_t changes = 0;
    bool erased = false;
    std::uint32_t lots_ever = 0;
    std::map<std::uint32_t, Lot> lots{};
    std::set<Sequence> holds{};  // Open ones.
  };
  struct Card {
    MemberId member{};
    bool blocked = false;
  };
  enum class State { kDraft = 1, kSubmitted, kApproved, kIssuing, kIssued };
  struct Campaign {
    std::uint32_t of = 0;
    absl::Time expiry{};
    std::set<std::uint32_t> categories{};
    bool expire_to_union = false;
    State state = State::kDraft;
    std::set<std::string> people{};  // Who created, and uploaded or submitted since.
    std::string creator{};
    std::vector<std::pair<MemberId, std::int64_t>> plan{};
    std::size_t rows_done = 0;
    std::int64_t reserved = 0;
  };
  struct Merchant {
    std::uint32_t category = 0;
    std::int64_t rate = 0;
  };
  struct Terminal {
    std::uint32_t merchant = 0;
    bool blocked = false;
  };
  struct Taken {
    std::uint32_t lot = 0;
    Lot from{};  // As it was.
    std::int64_t points = 0;
  };
  struct Purchase {
    std::uint32_t merchant = 0;
    MemberId member{};
    std::vector<Taken> taken{};
    std::int64_t points = 0;
    std::int64_t given_back = 0;
    bool reversed = false;
  };
  enum class HoldState { kHeld, kCaptured, kVoided, kExpired };
  // An authorisation.
  struct Hold {
    std::uint32_t merchant = 0;
    MemberId member{};
    std::vector<Taken> taken{};
    std::int64_t points = 0;
    absl::Time expiry{};
    HoldState state = HoldState::kHeld;
  };
  enum class Call {
    kPurchase,
    kRefund,
    kDeclined,
    kReversal,
    kTombstone,
    kAuthorization,
    kCapture,
    kVoid
  };
  using TillKeys = std::tuple<std::uint32_t, std::uint32_t>;  // Terminal and trace number.
  struct TillCall {
    TillKeys keys{};
    std::uint64_t request = 0;
    Sequence sequence = 0;  // Of the record, if it is carried out.
    absl::Time now{};
  };

  Verdict CreateUnion(std::uint32_t number, absl::optional<std::uint32_t> parent);
  Verdict MoveUnion(std::uint32_t number, absl::optional<std::uint32_t> parent, bool stale);
  Verdict CloseUnion(std::uint32_t number, bool stale);
  Verdict SetLocale(std::uint32_t number, const std::string& locale, bool stale);
  Verdict SetLeave(std::uint32_t number, absl::optional<bool> returns, bool stale);
  // What was taken, in order, goes to `taken`.
  Verdict Move(const Transfer& transfer,
               std::vector<std::pair<std::uint32_t, std::int64_t>>* taken);
  Verdict Propose(std::uint32_t of) const;
  Verdict Join(std::uint32_t of) const;
  Verdict CreateCampaign(std::uint32_t number, const Campaign& campaign);
  Verdict Confirm(std::uint32_t of, Sequence proposal, const std::string& person);
  Verdict Submit(std::uint32_t campaign, const std::string& person, absl::Time now);
  Verdict Approve(std::uint32_t campaign, const std::string& person, absl::Time now);
  Verdict StartIssue(std::uint32_t campaign, absl::Time now);
  // Replaces the plan; what was reserved goes back.
  Verdict UploadPlan(std::uint32_t campaign, const std::string& person,
                     std::vector<std::pair<MemberId, std::int64_t>> plan);
  void Issue(std::uint32_t campaign, std::size_t rows, absl::Time now);
  void Expire(std::uint32_t campaign, absl::Time now);

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

  Verdict Buy(const TillCall& call, std::uint64_t card, std::int64_t points);
  Verdict Refund(const TillCall& call, Sequence purchase, std::int64_t points);
  Verdict Authorize(const TillCall& call, std::uint64_t card, std::int64_t points,
                    absl::Time expiry);
  // The purchase that it becomes has the number of the authorisation.
  Verdict Capture(const TillCall& call, Sequence hold, std::int64_t points);
  Verdict Void(const TillCall& call, Sequence hold);
  // Of these, ends those whose time is over. Returns how many.
  std::size_t ExpireHolds(const std::vector<Sequence>& of, absl::Time now);
  Verdict ReverseByKeys(const TillCall& call, std::uint32_t trace);
  Verdict ReverseByRequest(const TillCall& call, std::uint64_t request);

  bool IsWithin(std::uint32_t of, std::uint32_t ancestor) const;
  std::string LocaleOf(std::uint32_t number) const;
  bool Returns(std::uint32_t number) const;
  std::int64_t BudgetOf(std::uint32_t of, std::uint32_t origin) const;
  std::int64_t Available(MemberId member, absl::Time now) const;
  // Of a lot, by all authorisations.
  std::int64_t Held(MemberId member, std::uint32_t lot) const;
  // By merchant and origin: what it is owed, and its fee.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<std::int64_t, std::int64_t>> Owed()
      const;

  std::map<std::uint32_t, Union> unions;
  std::map<Sequence, Funding> fundings;
  std::map<MemberId, Member> members;
  std::map<std::uint64_t, Card> cards;
  std::map<std::uint32_t, Campaign> campaigns;
  std::map<std::uint32_t, Merchant> merchants;
  std::map<std::uint32_t, Terminal> terminals;
  std::map<Sequence, Purchase> purchases;
  std::map<Sequence, Hold> holds;
  std::map<TillKeys, std::pair<Call, Sequence>> calls;
  std::map<std::uint64_t, std::pair<Call, Sequence>> requests;  // Of tills.
  std::set<std::uint64_t> buried;

 private:
  std::size_t DepthOf(std::uint32_t number) const;
  // Levels of the subtree, itself included.
  std::size_t HeightOf(std::uint32_t number) const;
  void AddToBudget(std::uint32_t of, std::uint32_t origin, std::int64_t points);
  // Points of a union's own come back: to it, or to the nearest open one above it, if any.
  void ComeHome(std::uint32_t of, std::int64_t points);
  Verdict Judge(const TillCall& call, Call kind, Verdict verdict);
  Verdict CheckCall(const TillCall& call) const;
  // Whether somebody may spend with it. Requires: there is such a card.
  Verdict CheckCard(std::uint64_t card) const;
  Verdict JudgePurchase(const TillCall& call, std::uint64_t card, std::int64_t points);
  Verdict JudgeAuthorize(const TillCall& call, std::uint64_t card, std::int64_t points,
                         absl::Time expiry);
  Verdict JudgeEnding(const TillCall& call, Sequence hold) const;
  // What pays, in the order in which it pays; all that there is when it does not suffice.
  std::vector<Taken> LotsFor(const TillCall& call, MemberId member, std::int64_t points) const;
  // Takes the first `captured` points of what it holds; the rest is available again. Returns what
  // was taken.
  std::vector<Taken> End(Sequence hold, HoldState as, std::int64_t captured, absl::Time now);
  void GiveBack(Purchase& purchase, std::int64_t points, absl::Time now);
  void Undo(const TillCall& call, Sequence purchase);
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_LEDGER_MODEL_H_
