// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MODEL_ROWS_H_
#define PUHUI_TESTS_MODEL_MODEL_ROWS_H_

#include "ledger/base/id.h"

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

// What the model keeps of everything that there is.
struct ModelRows {
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
  struct BudgetTransfer {
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
  struct Application {
    std::uint32_t of = 0;
    std::uint64_t card = 0;    // That the applicant gets.
    std::uint64_t person = 0;  // Who it is.
    MemberId applicant{};
    bool decided = false;
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
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_ROWS_H_
