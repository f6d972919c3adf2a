// SPDX-License-Identifier: Apache-2.0
// How the acquiring side writes entries, and reads them again. Internal to this room.
#ifndef PUHUI_MERCHANT_APP_ENTRIES_H_
#define PUHUI_MERCHANT_APP_ENTRIES_H_

#include "ledger/base/id.h"
#include "ledger/core/account.h"
#include "ledger/core/wallet.h"
#include "ledger/engine/command.h"
#include "ledger/engine/ledger_views.h"
#include "merchant/app/authorization_rows.h"
#include "merchant/app/rows.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

#include <cstdint>
#include <vector>

namespace puhui::merchant {

// The postings, and the member whose wallet they are about.
void AddPostings(const std::vector<ledger::Posting>& postings, MemberId member,
                 journal::v1::Entry& entry);

// Takes the slices' points from their lots. Under terms with a cap it counts on `day`, at the
// merchant.
void AddTaking(const std::vector<ledger::LotSlice>& slices, absl::CivilDay day,
               ledger::TermsReader& terms, journal::v1::Entry& entry);
// Holds them; counts in the same way.
void AddHolding(const std::vector<ledger::LotSlice>& slices, absl::CivilDay day,
                ledger::TermsReader& terms, journal::v1::Entry& entry);

// The lot changes that end an authorisation: of what it holds, `captured` is taken, and the rest is
// available again. All of it counts on the day on which it was authorised. Requires: it is held, of
// a wallet that has these lots, and what is captured is a part of it (checked).
struct Ending {
  const AuthorizationRow* authorization;
  std::vector<ledger::LotSlice> captured{};
};
void AddEnding(const Ending& ending, ledger::LedgerViews& views, absl::Time now,
               journal::v1::Entry& entry);
// The postings and lot changes that give all that it holds back. Requires: as AddEnding.
void AddRelease(const AuthorizationRow& authorization, ledger::LedgerViews& views, absl::Time now,
                journal::v1::Entry& entry);

struct GiveBack {
  const PurchaseRow* purchase;
  std::int64_t points;
  std::vector<LineRefund> lines{};  // Of a basket: what goes back to which lines.
};
// What the merchant gets back of its fee, and what is left of what adjustments made of that.
struct FeeBack {
  std::int64_t points = 0;
  std::vector<FeeAdjustment> adjustments_left{};
};
// The postings and lot changes that give points of a purchase back, and count on its day.
FeeBack AddGivingBack(const GiveBack& back, ledger::LedgerViews& views, absl::Time now,
                      journal::v1::Entry& entry);

// Points that come back to a lot that has expired open it again, for a time of grace. What else is
// left in it has only waited for its sweep: it expires in the same decision, or it could be spent
// once more. Adds the entries that do so, after all that are there. Requires: `entries` are of this
// decision, each as it gives points back, and nothing of the decision is applied yet.
void ExpireRests(absl::Span<const journal::v1::Entry* const> entries, ledger::LedgerViews& views,
                 absl::Time now, ledger::Decision& decision);

// What the merchant keeps of a purchase.
std::vector<ledger::LotSlice> KeptOf(const PurchaseRow& purchase);
// Under which sequence the purchase is kept, and named by refunds: that of a bill or authorisation
// which it came of. Requires: a purchase or a capture.
Sequence PurchaseKeyOf(const journal::v1::Record& record);

// Adjustments as they are stored in a record.
void StoreAdjustments(const std::vector<FeeAdjustment>& adjustments,
                      google::protobuf::RepeatedPtrField<journal::v1::FeeAdjustment>* stored);
std::vector<FeeAdjustment> AdjustmentsOf(
    const google::protobuf::RepeatedPtrField<journal::v1::FeeAdjustment>& stored);

// Lines as they were paid, and as they are stored in a record.
void StoreLines(const std::vector<PaidLine>& lines,
                google::protobuf::RepeatedPtrField<journal::v1::BasketLine>* stored);
std::vector<PaidLine> PaidLinesOf(
    const google::protobuf::RepeatedPtrField<journal::v1::BasketLine>& stored);
// Fails: kDataLoss when what pays for the lines, if there are any, is not what was taken.
absl::Status CheckLines(const std::vector<PaidLine>& lines,
                        const std::vector<ledger::LotSlice>& taken);

// Fails: kDataLoss when a merchant cannot have that rate.
absl::Status CheckRate(std::uint32_t basis_points);
// What is taken of the purchase, and by which agreement.
void AddCharge(const Charge& charge, journal::v1::Purchase& purchase);

// The lot of a change, and `points` of it.
ledger::LotSlice SliceOf(const journal::v1::LotChange& change, std::int64_t points);

// The day that the changes of an entry count on, if any does. Fails: kDataLoss when they do on two.
absl::StatusOr<absl::optional<absl::CivilDay>> CountedDayOf(const journal::v1::Entry& entry);

}  // namespace puhui::merchant

#endif  // PUHUI_MERCHANT_APP_ENTRIES_H_
