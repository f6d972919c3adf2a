// SPDX-License-Identifier: Apache-2.0
// What records go on from: the terms of a campaign and its issue run, a rule pack, a terminal, a
// merchant and its agreements, a payout run, a sale. Where that was written before the range, the
// bundle has the record and the proof that it is in the journal.
#ifndef PUHUI_AUDIT_BUNDLE_BUNDLE_FACTS_H_
#define PUHUI_AUDIT_BUNDLE_BUNDLE_FACTS_H_

#include "ledger/base/id.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// What of, and which: such as {kCampaign, "3"}. A pack's is its id and version, "ah-2026/2"; that
// of an issue run, a plan, a submission or an approval, its campaign's number; that of an
// agreement, its merchant's number and its own, "7/2"; a record's, its sequence.
enum class FactKind {
  kCampaign,  // Its terms.
  kRulePack,
  kTerminal,
  kPayoutRun,
  kRecord,
  kIssueRun,
  kMerchant,
  kAgreement,
  kCampaignHome,  // Whose it is, which its creation alone says.
  kUnion,
  kUnionSettings,  // As they were changed last.
  kUnionPlace,     // Where it was moved to last.
  kPlan,
  kSubmission,
  kApproval,
  kRunApproval  // Of a payout run.
};
using FactKey = std::pair<FactKind, std::string>;
std::string FactText(const FactKey& key);
FactKey AgreementKey(std::uint32_t merchant, std::uint32_t number);
// The day of a moment, in UTC, in days since 1970-01-01.
std::int64_t DayOfMicros(std::int64_t micros);

// What `record` says anew, for those that come later; empty for most. Sales are found by their
// sequences and are not among them.
std::vector<FactKey> SaidBy(const journal::v1::Record& record);
// What has to be known to check `record`.
std::vector<FactKey> AskedBy(const journal::v1::Record& record);

// The campaign whose union's rule pack is asked for once more with `record`: its issue run begins,
// or its first row gets its verdict. 0: none.
std::uint32_t BoundNow(const journal::v1::Record& record);

// The facts that were learnt. Threads: none.
class BundleFacts {
 public:
  struct Campaign {
    std::string occasion;
    std::int64_t start_micros = 0;
    std::int64_t day_cap = 0;  // 0: none.
  };
  // The last run that was begun of a campaign: that of all its grants.
  struct IssueRun {
    std::int64_t day = 0;  // That its grants count in, since 1970-01-01.
    bool under_rules = false;
    journal::v1::RuleFrame rules;  // What the pack asked about the campaign.
  };
  struct Agreement {
    std::int64_t start_micros = 0;
    std::int64_t end_micros = 0;  // 0: until the next one.
    std::uint32_t fee = 0;        // Basis points, as the discount.
    std::uint32_t discount = 0;
  };
  struct Merchant {
    absl::optional<std::uint32_t> fee;  // While no agreement is in force, in basis points.
    std::map<std::uint32_t, Agreement> agreements;  // By number.
  };
  void Learn(const journal::v1::Record& record);

  // Null, when it was not learnt.
  const Campaign* FindCampaign(std::uint32_t number) const;
  const journal::v1::PackRules* FindPack(const std::string& id, std::uint32_t version) const;
  // Of the versions of a pack the highest that is in force on a day, or else the highest there is.
  // Nullopt: there is none.
  absl::optional<std::uint32_t> VersionOn(const std::string& id, std::int64_t day) const;
  const std::string* FindTerminal(std::uint32_t number) const;
  // What each payment of the run comes to.
  const std::vector<std::int64_t>* FindRun(std::uint32_t number) const;
  const IssueRun* FindIssueRun(std::uint32_t campaign) const;
  const Merchant* FindMerchant(std::uint32_t number) const;

  std::size_t campaigns() const { return campaigns_.size(); }
  std::size_t packs() const { return packs_.size(); }

 private:
  void LearnMerchant(const journal::v1::Record& record);
  void SetTerms(const journal::v1::Terms& terms, const std::string& occasion, Campaign* campaign);

  absl::flat_hash_map<std::uint32_t, Campaign> campaigns_;
  std::map<std::pair<std::string, std::uint32_t>, journal::v1::PackRules> packs_;
  absl::flat_hash_map<std::uint32_t, std::string> terminals_;
  absl::flat_hash_map<std::uint32_t, std::vector<std::int64_t>> runs_;
  absl::flat_hash_map<std::uint32_t, IssueRun> issue_runs_;
  absl::flat_hash_map<std::uint32_t, Merchant> merchants_;
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_BUNDLE_BUNDLE_FACTS_H_
