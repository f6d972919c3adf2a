// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_TILL_MODEL_H_
#define PUHUI_TESTS_CRASH_TILL_MODEL_H_

#include "puhui/v1/pos_service.pb.h"

#include "absl/types/optional.h"
#include "absl/types/variant.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::testing {

using TillRequest = absl::variant<v1::PurchaseRequest, v1::AuthorizeRequest, v1::CaptureRequest,
                                  v1::VoidRequest, v1::RefundRequest, v1::ReverseRequest>;

// What a call of a till came to, whoever says so.
struct TillOutcome {
  std::string refused;  // A reason; empty when it was carried out.
  // Of the purchase, authorisation or refund; of what a reversal undid, if anything.
  std::string reference;
  std::int64_t points = 0;
  friend bool operator==(const TillOutcome&, const TillOutcome&) = default;
};

// What one till must have done to the ledger, from its requests and their outcomes alone. Nobody
// else touches its purchases and the wallets behind its cards.
// Threads: one.
class TillModel {
 public:
  struct Purchase {
    std::size_t card = 0;
    std::int64_t points = 0;
    std::int64_t given_back = 0;
    bool reversed = false;
    std::int64_t kept() const { return points - given_back; }
    v1::PurchaseState state() const;
  };
  // An authorisation. None lives as long as a test, so none expires.
  struct Hold {
    std::size_t card = 0;
    std::int64_t points = 0;
    v1::AuthorizationState state = v1::AUTHORIZATION_STATE_HELD;
  };
  // Records of the journal.
  struct Counts {
    std::uint64_t purchases = 0;
    std::uint64_t authorizations = 0;
    std::uint64_t captures = 0;
    std::uint64_t voids = 0;
    std::uint64_t refunds = 0;
    std::uint64_t reversals = 0;
    std::uint64_t tombstones = 0;
    std::uint64_t declines = 0;
  };

  TillModel(std::vector<std::string> cards, std::int64_t fee_basis_points)
      : cards_(std::move(cards)), spent_(cards_.size(), 0), fee_basis_points_(fee_basis_points) {}

  // A run that grants `points` to every card may be under way from now on, or has ended.
  void GrantBegins(std::int64_t points) { coming_ = points; }
  void GrantEnded(std::int64_t points) {
    granted_ += points;
    coming_ = 0;
  }

  // Takes note of an outcome. Returns what is wrong with it; empty when it had to be, or could be.
  std::string Learn(const TillRequest& request, const TillOutcome& outcome);

  std::int64_t FeeOf(const Purchase& purchase) const {
    return purchase.kept() * fee_basis_points_ / 10'000;
  }
  const std::map<std::string, Purchase>& purchases() const { return purchases_; }
  const std::map<std::string, Hold>& holds() const { return holds_; }
  const Counts& counts() const { return counts_; }
  std::int64_t Payable() const;
  std::int64_t Fee() const;
  std::int64_t Held() const;
  const std::vector<std::string>& cards() const { return cards_; }
  std::int64_t Left(std::size_t card) const { return granted_ - spent_[card]; }

 private:
  using Keys = std::pair<std::uint32_t, std::uint32_t>;  // Batch and trace number.

  std::string Judge(const v1::PurchaseRequest& request, const TillOutcome& outcome) const;
  std::string Judge(const v1::AuthorizeRequest& request, const TillOutcome& outcome) const;
  std::string Judge(const v1::CaptureRequest& request, const TillOutcome& outcome) const;
  std::string Judge(const v1::VoidRequest& request, const TillOutcome& outcome) const;
  std::string Judge(const v1::RefundRequest& request, const TillOutcome& outcome) const;
  std::string Judge(const v1::ReverseRequest& request, const TillOutcome& outcome) const;
  void Note(const v1::PurchaseRequest& request, const TillOutcome& outcome);
  void Note(const v1::AuthorizeRequest& request, const TillOutcome& outcome);
  void Note(const v1::CaptureRequest& request, const TillOutcome& outcome);
  void Note(const v1::VoidRequest& request, const TillOutcome& outcome);
  // The card's index.
  absl::optional<std::size_t> Find(const std::string& card_number) const;
  // What any call that takes or holds points may be refused with before its funds are looked at.
  template <class Request>
  std::string RefusalOfCall(const Request& request) const;
  template <class Request>
  std::string RefusalOfEnding(const Request& request) const;
  // The funds: what is coming may be there already.
  template <class Request>
  std::string JudgeFunds(const Request& request, std::size_t card,
                         const TillOutcome& outcome) const;
  // Of another than carried out, true.
  template <class Request>
  bool NoteDecline(const Request& request, const TillOutcome& outcome);
  void EndHold(Hold& hold, v1::AuthorizationState as);
  void Note(const v1::RefundRequest& request, const TillOutcome& outcome);
  void Note(const v1::ReverseRequest& request, const TillOutcome& outcome);
  std::string OriginalOf(const v1::ReverseRequest& request) const;
  void GiveBack(Purchase& purchase, std::int64_t points);

  const std::vector<std::string> cards_;
  std::vector<std::int64_t> spent_;
  const std::int64_t fee_basis_points_;
  std::int64_t granted_ = 0;  // To each card.
  std::int64_t coming_ = 0;
  std::map<std::string, Purchase> purchases_;         // By reference.
  std::map<std::string, Hold> holds_;                 // By reference.
  std::map<std::string, std::string> by_request_id_;  // References of what can be undone.
  std::map<Keys, std::string> by_keys_;               // All calls; empty when it cannot.
  std::set<std::string> buried_request_ids_;
  std::set<Keys> buried_keys_;
  std::set<Keys> final_keys_;  // Of refunds and voids.
  Counts counts_;
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_TILL_MODEL_H_
