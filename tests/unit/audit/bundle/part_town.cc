// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/bundle/part_town.h"

#include "audit/bundle/part_export.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/audit/bundle/bundle_town.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

namespace puhui::audit {

namespace jv1 = journal::v1;

namespace {

std::uint32_t Started(const jv1::Record& record) { return record.issue_started().campaign(); }

class TownConcern final : public PartConcern {
 public:
  void Learn(const jv1::Record& /*record*/) override {}
  absl::StatusOr<bool> Concerns(const jv1::Record& record, const PartScope& scope) override {
    if (scope.scope.kind == ScopeKind::kMerchant) {
      return record.has_terminal_enrolled() || record.has_merchant_registered() ||
             record.has_agreement_made();
    }
    if (record.has_issue_started()) return scope.campaigns.contains(Started(record));
    if (record.has_union_created()) return scope.unions.contains(record.union_created().number());
    if (record.has_campaign_updated()) {
      return scope.campaigns.contains(record.campaign_updated().campaign());
    }
    const jv1::CampaignCreated& created = record.campaign_created();
    return scope.unions.contains(created.union_number()) || scope.unions.contains(created.origin());
  }
};

}  // namespace

std::vector<jv1::Record> PeopledTown() {
  std::vector<jv1::Record> records = TownRecords();
  records[TownRecord("union") - 1].mutable_union_created()->set_id("fh-1");
  const auto add = [&records]() -> jv1::Record& {
    const std::int64_t time = records.back().time_micros() + 1;
    jv1::Record& record = records.emplace_back();
    record.set_sequence(records.size());
    record.set_time_micros(time);
    record.mutable_request()->set_records(1);
    return record;
  };
  add().mutable_union_created()->set_number(2);
  for (const std::uint32_t member : {1U, 2U}) {
    jv1::MemberJoined& joined = *add().mutable_member_joined();
    joined.set_member(MemberId(9, member).ToBytes());
    joined.set_union_number(member);
  }
  return records;
}

std::string PartOf(const BundleScope& scope, Sequence first, Sequence last) {
  return PartOf(PeopledTown(), scope, first, last);
}

std::string PartOf(const std::vector<jv1::Record>& records, const BundleScope& scope,
                   Sequence first, Sequence last) {
  const TownJournal journal(records, /*per_segment=*/4);
  PartExport part(&journal, {first, last, {journal.NoteOf(records.size())}}, scope,
                  std::make_unique<TownConcern>());
  std::string bytes;
  while (!part.ended()) {
    const auto next = part.Next();
    EXPECT_OK(next);
    if (!next.ok()) break;
    bytes += *next;
  }
  return bytes;
}

}  // namespace puhui::audit
