// SPDX-License-Identifier: Apache-2.0
#include "audit/bundle/bundle_runs.h"

#include "audit/bundle/bundle_rules.h"
#include "audit/bundle/misfit.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

bool PostsToCampaignOfAnother(const jv1::Entry& entry, const BundleUnions::Home* home) {
  return std::any_of(entry.postings().begin(), entry.postings().end(),
                     [&entry, home](const jv1::Posting& posting) {
                       if (posting.kind() != jv1::ACCOUNT_KIND_CAMPAIGN) return false;
                       return posting.owner() != entry.grant().campaign() ||
                              (home != nullptr && posting.origin() != home->origin);
                     });
}

std::string DescribePack(const std::string& id, std::uint32_t version) {
  return id.empty() ? "none" : absl::StrCat(id, " version ", version);
}

}  // namespace

void BundleRuns::Learn(const jv1::Record& record) {
  unions_.Learn(record);
  terms_.Learn(record);
}

absl::Status BundleRuns::Check(const jv1::Record& record) {
  Learn(record);
  if (record.has_issue_started()) return CheckStart(record);
  if (record.entry().has_grant()) PUHUI_RETURN_IF_ERROR(CheckGrant(record.entry()));
  const std::uint32_t campaign = BoundNow(record);
  if (campaign == 0 || facts_.FindIssueRun(campaign) == nullptr) return absl::OkStatus();
  // Before its first row a run is asked once more whether it is bound as when it was begun; once it
  // grants, it goes on as it was begun.
  bool known = false;
  return CheckBound(campaign, &known);
}

absl::Status BundleRuns::CheckStart(const jv1::Record& record) {
  const jv1::IssueStarted& started = record.issue_started();
  const std::int64_t begins = DayOfMicros(std::max(started.start_micros(), record.time_micros()));
  // It is a day of the union's zone.
  if (started.day() != 0 && (started.day() < begins - 1 || started.day() > begins + 1)) {
    return Misfit("an issue run whose grants count in another day than it begins on");
  }
  bool known = false;
  PUHUI_RETURN_IF_ERROR(CheckBound(started.campaign(), &known));
  if (!known && whole_) return Misfit("an issue run of a campaign or union that is not there");
  ++(known ? figures_.bound : figures_.unbound);
  return absl::OkStatus();
}

absl::Status BundleRuns::CheckBound(std::uint32_t campaign, bool* known) {
  const BundleFacts::IssueRun& run = *facts_.FindIssueRun(campaign);
  if (run.under_rules) {
    const jv1::PackRules* const pack = facts_.FindPack(run.rules.pack(), run.rules.version());
    if (pack != nullptr) PUHUI_RETURN_IF_ERROR(terms_.CheckFrame(campaign, run, *pack));
  }
  const BundleUnions::Home* const home = unions_.FindHome(campaign);
  if (home == nullptr) return absl::OkStatus();
  const BundleUnions::Binding binding = unions_.BindingOf(home->union_number);
  if (!binding.pack.has_value()) return absl::OkStatus();
  std::uint32_t version = 0;
  if (!binding.pack->empty()) {
    const auto in_force = facts_.VersionOn(*binding.pack, run.day);
    if (!in_force.has_value()) return absl::OkStatus();
    version = *in_force;
  }
  *known = true;
  if (run.rules.pack() != *binding.pack || run.rules.version() != version ||
      run.under_rules == binding.pack->empty()) {
    return Misfit(absl::StrCat(
        "an issue run under rule pack ", DescribePack(run.rules.pack(), run.rules.version()),
        ", where its union is bound by ", DescribePack(*binding.pack, version)));
  }
  if (!run.under_rules || !binding.issuer_kind.has_value()) return absl::OkStatus();
  const bool asked = AsksForIssuerKind(*facts_.FindPack(*binding.pack, version));
  if (run.rules.issuer_kind() == (asked ? *binding.issuer_kind : 0)) return absl::OkStatus();
  return Misfit("an issue run of another kind of issuer than its union is");
}

absl::Status BundleRuns::CheckGrant(const jv1::Entry& entry) {
  if (PostsToCampaignOfAnother(entry, unions_.FindHome(entry.grant().campaign()))) {
    return Misfit("a grant of points of another campaign, or of another union's money");
  }
  return terms_.CheckGrant(entry.grant());
}

}  // namespace puhui::audit
