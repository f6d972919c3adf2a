// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_MODEL_MODEL_ROWS_H_
#define PUHUI_TESTS_MODEL_MODEL_ROWS_H_

#include "ledger/base/id.h"
#include "tests/model/model_figures.h"
#include "tests/model/model_merchants.h"

#include "absl/time/civil_time.h"
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
struct ModelRows : ModelMerchants {
  struct Union {
    std::uint32_t parent = 0;
    bool closed = false;
    std::string locale{};            // Empty: inherited.
    absl::optional<bool> returns{};  // Points of members who leave; absent: inherited.
    std::uint32_t pack = 0;          // That binds who issues; 0: inherited.
    std::int64_t funded = 0;
    // By origin, in the order they came.
    std::vector<std::pair<std::uint32_t, std::int64_t>> budget{};
    absl::optional<std::pair<std::uint32_t, std::int64_t>> approvers{};  // And two above so many.
    std::map<std::uint32_t, std::int64_t> expired{};                     // By origin.
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
    std::string person{}, reference{};
    bool confirmed = false, rejected = false;
  };
  // On top of the number of a lot that an earmark binds.
  static constexpr std::uint32_t kBound = std::uint32_t{1} << 31;
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
  using Figures = ModelFigures;
  struct ClawBack {
    Sequence sequence = 0;
    std::set<std::size_t> rows{};  // None: all.
    std::int64_t most = 0;         // Of a row.
    std::size_t next = 0;
    std::int64_t taken = 0;
  };
  // A version of a rule pack: id, from 1, and version.
  using PackName = std::pair<std::uint32_t, std::uint32_t>;
  struct Pack {
    absl::CivilDay from{};
    absl::CivilDay to{};
    std::int64_t year = 0;       // For all holidays.
    std::int64_t holiday = 0;    // For each.
    std::uint32_t holidays = 0;  // How many.
    std::int64_t birthday = 0;

    friend bool operator==(const Pack&, const Pack&) = default;
  };
  enum class State {
    kDraft = 1,
    kSubmitted,
    kApproved,
    kIssuing,
    kIssued,
    kClosed,
    kRejected,
    kCancelled
  };
  struct Campaign {
    std::uint32_t of = 0;
    std::uint32_t origin = 0;
    absl::Time expiry{};
    absl::Time start{};
    std::set<std::uint32_t> categories{};
    std::set<std::uint32_t> regions{};  // Six digits, of provinces.
    std::int64_t day_cap = 0;           // 0: none.
    // Of a grant, so many basis points are bound; 0: none. One of the two says to what.
    std::int64_t earmark_share = 0;
    std::set<std::uint32_t> earmark_categories{};
    std::set<std::uint32_t> earmark_regions{};  // Of cities.
    bool expire_to_union = false;
    State state = State::kDraft;
    std::set<std::string> changers{};  // Who created it, or changed its terms.
    std::string uploader{};            // Of the plan that stands.
    std::string submitter{};
    std::set<std::string> approvals{};
    std::size_t approvers = 0;   // That are needed.
    absl::Time approvals_due{};  // While there are approvals.
    bool paused = false, all_or_nothing = false;
    absl::Time run_start{};
    std::string occasion{};
    PackName pack{};  // That it was submitted under; 0: none.
    absl::CivilDay run_day{};
    std::vector<std::pair<MemberId, std::int64_t>> plan{};
    std::size_t rows_done = 0, rows_granted = 0;
    std::size_t bad_rows = 0;  // That a run of all or nothing has stopped for.
    std::int64_t reserved = 0;
    Figures figures{};                     // What no lot or purchase says any more.
    absl::optional<ClawBack> claw_back{};  // That is under way.
  };
  struct Taken {
    std::uint32_t lot = 0;
    Lot from{};                         // As it was.
    std::int64_t points = 0, back = 0;  // What was taken, and of that given back.
  };
  struct Line {                                                 // Of a basket.
    std::vector<std::pair<std::size_t, std::int64_t>> parts{};  // By the place among those taken.
    std::int64_t left = 0;
  };
  struct Purchase {
    std::uint32_t merchant = 0;
    MemberId member{};
    std::vector<Taken> taken{};
    std::int64_t points = 0, rate = 0;
    std::int64_t given_back = 0;
    bool reversed = false;
    std::vector<Line> lines{};
    std::int64_t day = 0;     // Of the purchase, or of the authorisation that it was.
    bool ordered = false;     // No till had it.
    std::uint32_t offer = 0;  // That took something off; 0: none.
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
    std::int64_t day = 0;
    std::vector<Line> lines{};
    bool ordered = false;
  };
  enum class Call {
    kPurchase,
    kRefund,
    kDeclined,
    kReversal,
    kTombstone,
    kAuthorization,
    kCapture,
    kVoid,
    kBill  // That nobody has paid.
  };
  // Terminals beyond are none: what no till asks for.
  static constexpr std::uint32_t kNoTill = 1'000;
  // Terminal, batch and trace number.
  using TillKeys = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
  struct TillCall {
    TillKeys keys{};
    std::uint64_t request = 0;
    Sequence sequence = 0;  // Of the record, if it is carried out.
    absl::Time now{};
  };
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_MODEL_MODEL_ROWS_H_
