// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/rule_applier.h"

#include "issuing/app/records.h"
#include "issuing/app/rule_records.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace puhui::issuing {

namespace jv1 = journal::v1;

absl::Status RuleApplier::Load(const jv1::Record& record) {
  const jv1::RulePackLoaded& loaded = record.rule_pack_loaded();
  const RulePackName name{loaded.id(), loaded.version()};
  RulePackRow row{.message = loaded.pack(),
                  .person = loaded.person(),
                  .load_time = absl::FromUnixMicros(record.time_micros()),
                  .pack = PackFrom(loaded)};
  const RulePackVersions* known = tables_.rule_pack_versions.Find(name.id);
  const bool full = known != nullptr && known->spans.size() >= kRulePackVersionsMax;
  if (full || tables_.rule_packs.Find(name) != nullptr || CheckPack(row.pack).has_value()) {
    return absl::DataLossError(
        absl::StrCat("rule pack ", name.id, " version ", name.version, " cannot follow"));
  }
  std::vector<RulePackSpan>& spans = tables_.rule_pack_versions.Edit(name.id).spans;
  const auto at = std::ranges::upper_bound(spans, name.version, {}, &RulePackSpan::version);
  spans.insert(at, {.version = name.version,
                    .effective_from = row.pack.effective_from,
                    .effective_to = row.pack.effective_to});
  tables_.rule_packs.Put(name, std::move(row));
  return absl::OkStatus();
}

absl::Status RuleApplier::NoteFrame(const jv1::IssueStarted& started, CampaignRow& campaign) {
  if (!started.has_rules()) {
    campaign.rule_pack = {};
    campaign.rule_frame = {};
    return absl::OkStatus();
  }
  const RulePackName name{started.rules().pack(), started.rules().version()};
  if (tables_.rule_packs.Find(name) == nullptr || started.rules().earmark_basis_points() > 10'000) {
    return absl::DataLossError(absl::StrCat("an issue run of campaign ", started.campaign(),
                                            " by rules that are not there"));
  }
  campaign.rule_pack = name;
  campaign.rule_frame = FrameFrom(started.rules());
  return absl::OkStatus();
}

absl::Status RuleApplier::AddReceived(MemberId member, const CampaignRow& campaign,
                                      std::int64_t points) {
  std::vector<Received>& all =
      tables_.received.Edit(ReceivedIn(member, campaign.run_day)).occasions;
  auto at = std::ranges::lower_bound(all, campaign.occasion, {}, &Received::occasion);
  if (at == all.end() || at->occasion != campaign.occasion) {
    at = all.insert(at, {.occasion = campaign.occasion});
  }
  const std::int64_t sum = at->points.value() + points;
  if (sum < 0 || sum > Points::kMax || all.size() > kOccasionsReceivedMax) {
    return absl::DataLossError(absl::StrCat(points, " points of ", campaign.id,
                                            " cannot be received: there were ",
                                            at->points.value()));
  }
  at->points = Points::FromStored(sum);
  if (sum == 0) all.erase(at);
  return absl::OkStatus();
}

absl::Status RuleApplier::TakeBack(const jv1::Entry& entry) {
  const bool clawed = entry.has_clawed_back();
  const std::uint32_t number =
      clawed ? entry.clawed_back().campaign() : entry.lot_returned().campaign();
  const CampaignRow* campaign = tables_.campaigns.Find(CampaignNumber{number});
  if (campaign == nullptr || entry.member().size() != MemberId::kBytes) {
    return absl::DataLossError(absl::StrCat("points of campaign ", number, " cannot come back"));
  }
  const std::int64_t points = clawed ? entry.clawed_back().points() : entry.lot_returned().points();
  return AddReceived(MemberId::FromBytes(entry.member()), *campaign, -points);
}

}  // namespace puhui::issuing
