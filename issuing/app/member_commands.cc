// SPDX-License-Identifier: Apache-2.0
#include "issuing/app/member_commands.h"

#include "issuing/app/records.h"
#include "ledger/base/check.h"
#include "ledger/base/limits.h"

#include <algorithm>

namespace puhui::issuing {

namespace jv1 = journal::v1;
using ledger::DecideContext;
using ledger::Decision;
using ledger::Reason;
using ledger::Refusal;

namespace {

template <class K>
std::vector<K> Distinct(std::vector<K> keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// What the table says, or else what the batch has added so far.
template <class Stored>
absl::optional<MemberId> Known(Stored& stored,
                               const absl::flat_hash_map<ledger::Tag, MemberId>& batch,
                               const ledger::Tag& tag) {
  if (const MemberId* member = stored.Find(tag)) return *member;
  const auto at = batch.find(tag);
  return at == batch.end() ? absl::nullopt : absl::make_optional(at->second);
}

}  // namespace

CreateMembersCommand::CreateMembersCommand(Tables* tables, ledger::LedgerViews* views, Wish wish)
    : tables_(*tables), views_(*views), wish_(std::move(wish)) {
  PUHUI_CHECK(!wish_.rows.empty() && wish_.rows.size() <= kRowsPerImportCallMax);
}

// One read of each table instead of one per row.
void CreateMembersCommand::Prefetch() {
  std::vector<ledger::Tag> id_numbers;
  std::vector<ledger::Tag> external_ids;
  std::vector<ledger::Tag> cards;
  std::vector<MemberId> members;
  for (const NewMember& row : wish_.rows) {
    if (row.shape.has_value()) continue;
    id_numbers.push_back(row.id_number);
    external_ids.push_back(row.external_id);
    cards.push_back(row.card);
    members.push_back(row.member);
  }
  tables_.id_numbers.Prefetch(Distinct(std::move(id_numbers)));
  tables_.external_ids.Prefetch(Distinct(std::move(external_ids)));
  views_.cards.Prefetch(Distinct(std::move(cards)));
  tables_.members.Prefetch(Distinct(std::move(members)));
}

CreateMembersCommand::Verdict CreateMembersCommand::Judge(const NewMember& row) const {
  const auto refused = [](Reason reason, const char* field) {
    return Verdict{.outcome = MemberOutcome::kRefused, .refusal = {reason, field}};
  };
  if (row.shape.has_value()) {
    return {.outcome = MemberOutcome::kRefused, .refusal = *row.shape};
  }
  const absl::optional<MemberId> by_external_id =
      Known(tables_.external_ids, batch_external_ids_, row.external_id);
  const absl::optional<MemberId> by_id_number =
      Known(tables_.id_numbers, batch_id_numbers_, row.id_number);
  if (by_external_id.has_value() && by_external_id == by_id_number) {
    return {.outcome = MemberOutcome::kUnchanged, .member = *by_external_id};
  }
  if (by_external_id.has_value()) return refused(Reason::kAlreadyExists, "external_id");
  // Drawn at random, and with many millions of cards two will meet: the next try draws another.
  if (views_.cards.Find(row.card) != nullptr || batch_cards_.contains(row.card) ||
      tables_.members.Find(row.member) != nullptr) {
    return refused(Reason::kAlreadyExists, "card_number");
  }
  if (by_id_number.has_value()) return refused(Reason::kDuplicatePerson, "id_number");
  return {.outcome = MemberOutcome::kCreated, .member = row.member};
}

// Rows that repeat a row of this batch have nothing to be unchanged from.
void CreateMembersCommand::SkipCreated() {
  absl::flat_hash_set<MemberId> created;
  for (const Verdict& verdict : verdicts_) {
    if (verdict.outcome == MemberOutcome::kCreated) created.insert(verdict.member);
  }
  for (Verdict& verdict : verdicts_) {
    if (!verdict.member.none() && created.contains(verdict.member)) {
      verdict = {.outcome = MemberOutcome::kSkipped};
    }
  }
}

absl::optional<Refusal> CreateMembersCommand::Decide(const DecideContext& /*context*/,
                                                     Decision& decision) {
  const absl::optional<UnionNumber> number = tables_.FindUnion(wish_.union_id);
  if (!number.has_value()) return Refuse(Reason::kNotFound, "union", "there is no such union");
  Prefetch();
  bool any_refused = false;
  for (const NewMember& row : wish_.rows) {
    const Verdict& verdict = verdicts_.emplace_back(Judge(row));
    any_refused = any_refused || verdict.outcome == MemberOutcome::kRefused;
    if (verdict.outcome != MemberOutcome::kCreated) continue;
    batch_id_numbers_.emplace(row.id_number, row.member);
    batch_external_ids_.emplace(row.external_id, row.member);
    batch_cards_.insert(row.card);
  }
  if (wish_.all_or_nothing && any_refused) SkipCreated();
  AddRecords(*number, decision);
  return absl::nullopt;
}

void CreateMembersCommand::AddRecords(UnionNumber of, Decision& decision) const {
  jv1::MemberBatch& batch = *decision.Add().mutable_member_batch();
  batch.set_union_number(NumberOf(of));
  batch.set_rows(static_cast<std::uint32_t>(wish_.rows.size()));
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    const Verdict& verdict = verdicts_[i];
    const NewMember& row = wish_.rows[i];
    if (verdict.outcome == MemberOutcome::kCreated) {
      jv1::MemberJoined& joined = *decision.Add().mutable_member_joined();
      joined.set_member(row.member.ToBytes());
      joined.set_union_number(NumberOf(of));
      joined.set_card_hash(std::string(ledger::TagBytes(row.card)));
      joined.set_card_last_four(row.card_last_four);
      joined.set_commitment(std::string(ledger::AsBytes(row.commitment)));
      continue;
    }
    jv1::MemberBatchRow& other = *batch.add_others();
    other.set_row(static_cast<std::uint32_t>(i));
    other.set_outcome(NumberOf(verdict.outcome));
    if (verdict.outcome == MemberOutcome::kUnchanged) other.set_member(verdict.member.ToBytes());
    if (verdict.outcome != MemberOutcome::kRefused) continue;
    other.set_reason(NumberOf(verdict.refusal.reason));
    other.set_field(verdict.refusal.field);
  }
}

void CreateMembersCommand::StorePersonalData() {
  for (std::size_t i = 0; i < verdicts_.size(); ++i) {
    if (verdicts_[i].outcome != MemberOutcome::kCreated) continue;
    const NewMember& row = wish_.rows[i];
    tables_.personal_data.Put(row.member, row.personal_data);
    tables_.id_numbers.Put(row.id_number, row.member);
    tables_.external_ids.Put(row.external_id, row.member);
  }
}

}  // namespace puhui::issuing
