// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_AUDIT_BUNDLE_RECORD_WRITER_H_
#define PUHUI_TESTS_UNIT_AUDIT_BUNDLE_RECORD_WRITER_H_

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "ledger/journal/merkle.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/base/internal/endian.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace puhui::audit {

// Writes the records of a town, one after another, as whoever has written those before it would.
// Threads: none.
class RecordWriter {
 public:
  std::vector<journal::v1::Record> records;
  std::map<std::string, Sequence, std::less<>> named;

 protected:
  static constexpr std::int64_t kSecond = 1'000'000;
  static constexpr std::int64_t kDay = 86'400 * kSecond;

  explicit RecordWriter(std::int64_t start_micros) : time_(start_micros) {}
  explicit RecordWriter(std::vector<journal::v1::Record> before)
      : records(std::move(before)), time_(records.back().time_micros()) {}

  journal::v1::Record& Add(std::int64_t after = kSecond) {
    time_ += after;
    journal::v1::Record& record = records.emplace_back();
    record.set_sequence(records.size());
    record.set_time_micros(time_);
    record.mutable_request()->set_caller("/operator");
    record.mutable_request()->set_records(1);
    return record;
  }
  journal::v1::Record& Add(absl::string_view name, std::int64_t after = kSecond) {
    journal::v1::Record& record = Add(after);
    named[std::string(name)] = record.sequence();
    return record;
  }
  // The union hangs there, and names that pack and kind of issuer.
  void SetUnion(std::uint32_t number, std::uint32_t parent, absl::string_view pack,
                std::uint32_t issuer_kind) {
    journal::v1::UnionUpdated& updated =
        *Add(absl::StrCat("settings ", number)).mutable_union_updated();
    updated.set_number(number);
    updated.set_parent(parent);
    journal::v1::UnionSettings& settings = *updated.mutable_after()->mutable_settings();
    settings.set_rule_pack(std::string(pack));
    settings.set_issuer_kind(issuer_kind);
  }
  // The plan of a campaign, as it is uploaded: members by number, and their points.
  journal::v1::PlanCompleted UploadPlan(
      std::uint32_t campaign, const std::vector<std::pair<std::uint64_t, std::int64_t>>& rows) {
    journal::v1::PlanStarted& started =
        *Add(absl::StrCat("upload ", campaign)).mutable_plan_started();
    started.set_campaign(campaign);
    started.set_version(1);
    journal::v1::PlanRows& added = *Add(absl::StrCat("rows ", campaign)).mutable_plan_rows();
    added.set_campaign(campaign);
    added.set_version(1);
    ledger::MerkleFrontier tree;
    journal::v1::PlanCompleted completed;
    for (const auto& [member, points] : rows) {
      std::string row = MemberId(9, member).ToBytes() + std::string(sizeof(points), 0);
      absl::big_endian::Store64(row.data() + row.size() - sizeof(points),
                                static_cast<std::uint64_t>(points));
      tree.Append(ledger::LeafHash(row));
      added.mutable_rows()->append(row);
      completed.set_points(completed.points() + points);
    }
    completed.set_campaign(campaign);
    completed.set_version(1);
    completed.set_rows(rows.size());
    const ledger::Hash root = tree.Root();
    completed.set_plan_hash(std::string(ledger::AsBytes(root)));
    *Add(absl::StrCat("plan ", campaign)).mutable_plan_completed() = completed;
    return completed;
  }
  void Submit(const journal::v1::PlanCompleted& plan, absl::string_view pack,
              std::uint32_t version) {
    journal::v1::CampaignSubmitted& submitted =
        *Add(absl::StrCat("submission ", plan.campaign())).mutable_campaign_submitted();
    submitted.set_campaign(plan.campaign());
    submitted.set_plan_hash(plan.plan_hash());
    submitted.set_rule_pack(std::string(pack));
    submitted.set_rule_pack_version(version);
    submitted.set_approvers(1);
  }
  static void CarryOut(const journal::v1::PlanCompleted& plan, journal::v1::IssueStarted& started) {
    started.set_campaign(plan.campaign());
    started.set_plan_hash(plan.plan_hash());
    started.set_rows(plan.rows());
    started.set_points(plan.points());
  }
  // Points of the first union's money; a wallet's owner is a member by number.
  static void Post(journal::v1::Entry& entry, journal::v1::AccountKind kind, std::uint64_t owner,
                   std::int64_t points) {
    journal::v1::Posting& posting = *entry.add_postings();
    posting.set_kind(kind);
    if (kind == journal::v1::ACCOUNT_KIND_WALLET || kind == journal::v1::ACCOUNT_KIND_HELD) {
      posting.set_member(MemberId(9, owner).ToBytes());
      entry.set_member(posting.member());
    } else {
      posting.set_owner(owner);
    }
    posting.set_origin(1);
    posting.set_points(points);
  }

  std::int64_t time_;  // Of the last record.
};

}  // namespace puhui::audit

#endif  // PUHUI_TESTS_UNIT_AUDIT_BUNDLE_RECORD_WRITER_H_
