// SPDX-License-Identifier: Apache-2.0
// The steps around personal data: applications, looks, what is known of members, the vault's key.
#include "issuing/app/application_commands.h"
#include "issuing/app/key_rotation.h"
#include "issuing/app/member_changes.h"
#include "issuing/app/privacy_commands.h"
#include "ledger/base/limits.h"
#include "ledger/storage/typed_reads.h"
#include "tests/model/random_driver.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/ledger/engine/ledger_script.h"

#include <gtest/gtest.h>

#include <iterator>
#include <utility>

namespace puhui::testing {

issuing::PersonalDataRow RandomDriver::SomeData() const {
  return {.key_id = model_.vault_key,
          .wrapped_key = absl::StrCat("wrapped by ", model_.vault_key),
          .sealed = "sealed"};
}

issuing::Replacement RandomDriver::ReplacementAt(std::uint32_t revision) const {
  return {.revision = revision, .sealed = {.row = SomeData()}};
}

issuing::NewMember RandomDriver::NewPerson() {
  issuing::NewMember row;
  row.member = MemberId(0x0190'0000'0000'0000 + ++drawn_, random_.Below(1'000'000));
  row.id_number = TagOf(drawn_ * 4);
  row.external_id = TagOf(drawn_ * 4 + 1);
  row.card = TagOf(drawn_ * 4 + 2);
  row.card_last_four = "4242";
  row.personal_data = SomeData();
  return row;
}

// Now and then somebody who is a member, or was one.
void RandomDriver::Apply() {
  const std::uint32_t of = AnyUnion();
  const issuing::NewMember row = NewPerson();
  LedgerModel::Application application{.of = of, .card = drawn_, .person = drawn_};
  const absl::optional<MemberId> known = random_.Below(4) == 0 ? AnyMember() : absl::nullopt;
  if (known.has_value()) application.person = people_[*known];
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::SubmitApplicationCommand>(
        &ledger_.issuing(),
        issuing::SubmitApplicationCommand::Wish{
            .union_id = UnionIdOf(of), .applicant = row, .person = "people/hr"});
  });
  if (!Expect(model_.Propose(of), outcome)) return;
  application.applicant = row.member;
  model_.applications[outcome->first().sequence()] = application;
}

void RandomDriver::DecideApplication() {
  if (model_.applications.empty()) return;
  const auto at = std::next(model_.applications.begin(),
                            static_cast<std::ptrdiff_t>(random_.Below(model_.applications.size())));
  const auto& [sequence, application] = *at;
  const bool accept = random_.Below(3) != 0;
  std::uint32_t of = random_.Below(20) == 0 ? AnyUnion() : application.of;
  if (!union_numbers_.contains(of)) of = application.of;
  issuing::DecideApplicationCommand::Wish wish{
      .of = UnionNumber{union_numbers_[of]},
      .application = sequence,
      .accept = accept,
      .reason = "because",
      .person = "people/admin",
      .joining = issuing::NewMember{.member = application.applicant,
                                    .id_number = TagOf(application.person * 4),
                                    .external_id = TagOf(application.card * 4 + 1),
                                    .card = TagOf(application.card * 4 + 2),
                                    .card_last_four = "4242",
                                    .personal_data = SomeData()}};
  const MemberId applicant = application.applicant;
  const std::uint64_t person = application.person;
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::DecideApplicationCommand>(&ledger_.issuing(), &ledger_.views(),
                                                               wish);
  });
  absl::optional<MemberId> known;
  for (const auto& [member, number] : people_) {
    if (number == person) known = member;
  }
  if (!Expect(model_.DecideApplication(sequence, of, accept, known), outcome) || !accept) return;
  members_.push_back(applicant);
  people_[applicant] = person;
  CompareMember(applicant);
}

void RandomDriver::Look() {
  const absl::optional<MemberId> member = AnyMember();
  if (!member.has_value() || random_.Below(3) == 0) {
    const std::uint32_t of = AnyUnion();
    const auto outcome = Run([=, this] {
      return std::make_unique<issuing::ExportMembersCommand>(
          &ledger_.issuing(),
          issuing::ExportMembersCommand::Wish{
              .union_id = UnionIdOf(of), .reason = "because", .person = "people/hr"});
    });
    Expect(model_.unions.contains(of) ? Verdict() : ledger::Reason::kNotFound, outcome);
    return;
  }
  const bool auditor = random_.Below(2) == 0;
  const auto outcome = Run([this, auditor, ref = RefOf(*member)] {
    return std::make_unique<issuing::RevealMemberCommand>(
        &ledger_.issuing(), ref,
        issuing::RevealMemberCommand::Wish{.fields = {"mobile"},
                                           .reason = "because",
                                           .person = auditor ? "people/auditor" : "people/hr",
                                           .break_glass = auditor});
  });
  Verdict verdict;
  if (model_.members[*member].erased) {
    verdict = ledger::Reason::kMemberErased;
  } else if (auditor) {
    const absl::CivilDay day =
        absl::ToCivilDay(ledger_.clock().Now(), absl::FixedTimeZone(8 * 3'600));  // Of roots.
    std::uint32_t& reveals = model_.reveals[day];
    if (reveals == kRevealsPerDayMax) {
      verdict = ledger::Reason::kRevealsLimit;
    } else {
      ++reveals;
    }
  }
  Expect(verdict, outcome);
  CompareMember(*member);
}

void RandomDriver::Update(MemberId member) {
  const std::uint32_t changes = model_.members[member].changes;
  const bool stale = random_.Below(4) == 0;
  const auto outcome = Run([=, this, ref = RefOf(member), data = ReplacementAt(changes)] {
    return std::make_unique<issuing::UpdateMemberCommand>(
        &ledger_.issuing(), ref,
        issuing::UpdateMemberCommand::Wish{
            .revision = stale ? changes + 1 : changes, .data = data, .fields = {"department"}});
  });
  Expect(model_.Update(member, stale), outcome);
  CompareMember(member);
}

// Begins a rotation, or takes it some rows further.
void RandomDriver::RotateKey() {
  if (!model_.rotating || random_.Below(10) == 0) {
    const std::uint32_t key = model_.vault_key + 1;
    const auto outcome = Run([=, this] {
      return std::make_unique<issuing::StartKeyRotationCommand>(&ledger_.issuing(), key,
                                                                TagOf(key));
    });
    Expect(model_.StartRotation(), outcome);
    return;
  }
  issuing::RewrappedKeys piece{.key_id = model_.vault_key, .behind = model_.rotation_reached};
  ledger::Range range;
  if (!piece.behind.none()) {
    range.from = ledger::EncodeKey(ledger::Table::kPersonalData, piece.behind);
    range.after_from = true;
  }
  const std::size_t limit = 1 + random_.Below(40);
  const auto rows = ledger::List(ledger_.store(), issuing::kPersonalDataTable, range, limit);
  ASSERT_OK(rows);
  for (const auto& row : *rows) {
    piece.rows.push_back({.member = row.key, .before = row.value.wrapped_key, .after = row.value});
    piece.rows.back().after.key_id = model_.vault_key;
    piece.rows.back().after.wrapped_key = absl::StrCat("wrapped by ", model_.vault_key);
  }
  piece.last = rows->empty() ? piece.behind : rows->back().key;
  piece.finished = rows->size() < limit;
  const auto outcome = Run([=, this] {
    return std::make_unique<issuing::RewrapKeysCommand>(&ledger_.issuing(), piece);
  });
  model_.rotation_reached = piece.last;
  if (piece.finished) model_.rotating = false;
  if (!Expect(absl::nullopt, outcome) || !piece.finished) return;
  const auto all = ledger::List(ledger_.store(), issuing::kPersonalDataTable, {}, 1'000'000);
  ASSERT_OK(all);
  for (const auto& row : *all) EXPECT_EQ(row.value.key_id, model_.vault_key);
}

}  // namespace puhui::testing
