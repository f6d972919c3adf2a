// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_BENCH_FILLER_H_
#define PUHUI_TESTS_BENCH_FILLER_H_

#include "ledger/base/id.h"
#include "ledger/core/terms.h"
#include "tests/bench/accounts.h"
#include "tests/bench/ledger_on_disk.h"
#include "tests/bench/till_rules.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::bench {

// m-0, m-1 …, each with one store. The first `selling` have `terminals` terminals each, t-0, t-1 …,
// which is where the load sells: an identity speaks for one merchant only. The others have one.
struct MerchantWish {
  std::size_t merchants = 1'000;
  std::size_t selling = 8;
  std::size_t terminals = 125;
  std::string time_zone{};  // Of the business days of m-0; empty: the server's.
  bool fee = false;         // AgreeOnFee; otherwise they pay none.
};

// Fills an empty ledger with made-up unions, people and merchants, by the commands that the API
// runs, each at most as large as the API takes.
// Threads: none. Borrows: the ledger.
class Filler {
 public:
  // What is granted is granted under these terms.
  explicit Filler(LedgerOnDisk* ledger, ledger::Terms terms = PlainTerms())
      : ledger_(*ledger), terms_(std::move(terms)) {}

  // One union that has paid in as much as the campaigns to come will need, under a rule pack that
  // caps what a person receives in a year above all of it: every grant is judged.
  absl::Status FoundUnion(std::int64_t points);
  // Enrols people of that union. The cards of the first `cards` are kept.
  absl::Status EnrolMembers(std::size_t members, std::size_t cards);
  // The terminals of those that sell are kept.
  absl::Status OpenMerchants(const MerchantWish& wish);
  // So many of each member whose card is kept, with what codes begin with. They are kept.
  absl::Status EnrolDevices(std::size_t each, const std::string& code_prefix);
  // A campaign that gives every member `points`, up to its approval.
  absl::Status ApproveCampaign(const CampaignId& campaign, std::int64_t points);
  // Issues it and waits for the last grant. Fails: also kInternal when a row was refused.
  absl::Status Issue(const CampaignId& campaign);

  // E-coupons at a point each, without an end, of the merchants that sell in turn; and who orders
  // them. Requires: merchants and members are there.
  absl::Status PublishOffers(std::size_t offers, const MerchantWish& merchants);

  const Accounts& accounts() const { return accounts_; }
  std::size_t members() const { return members_.size(); }

 private:
  absl::Status BindRulePack();
  absl::StatusOr<std::pair<CampaignNumber, std::uint32_t>> StartPlan(const CampaignId& campaign);
  absl::Status UploadPlan(const CampaignId& campaign, std::int64_t points);
  absl::Status OpenMerchant(const MerchantId& merchant, std::size_t terminals,
                            const std::string& time_zone);
  absl::StatusOr<bool> EnrolBatch(std::size_t first, std::size_t size, std::size_t cards);

  LedgerOnDisk& ledger_;
  const ledger::Terms terms_;
  std::vector<MemberId> members_;
  Accounts accounts_;
};

// Text that is known to be well formed.
template <class Id>
Id KnownId(absl::string_view text) {
  auto id = Id::Parse(text, "id");
  PUHUI_CHECK_OK(id.status());
  return *std::move(id);
}

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_FILLER_H_
