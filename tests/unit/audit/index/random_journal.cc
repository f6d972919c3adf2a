// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/index/random_journal.h"

#include "audit/index/facts_of.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <utility>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;

void SetTill(std::uint32_t number, jv1::Till* till) {
  till->set_merchant(number);
  till->set_terminal(number * 10);
}

}  // namespace

std::string RandomJournal::Member() { return MemberId(7, random_.Below(5)).ToBytes(); }

// Of a kind that may be gone on from; 0 at first.
Sequence RandomJournal::EarlierRecord() {
  return journal_.records().empty() ? 0 : random_.Below(journal_.records().size()) + 1;
}

void RandomJournal::SetAccount(jv1::Posting* posting) {
  const auto kind = static_cast<jv1::AccountKind>(random_.Below(9) + 1);
  posting->set_kind(kind);
  if (kind == jv1::ACCOUNT_KIND_WALLET || kind == jv1::ACCOUNT_KIND_HELD) {
    posting->set_member(Member());
  } else {
    posting->set_owner(Number());
  }
}

void RandomJournal::AddPair(jv1::Entry* entry, std::uint32_t origin, std::int64_t points) {
  for (const std::int64_t signed_points : {points, -points}) {
    jv1::Posting* const posting = entry->add_postings();
    SetAccount(posting);
    posting->set_origin(origin);
    posting->set_points(signed_points);
  }
}

jv1::Record RandomJournal::Money() {
  jv1::Record record;
  jv1::Entry& entry = *record.mutable_entry();
  const auto points = static_cast<std::int64_t>(random_.Below(3'000) + 1);
  for (std::uint64_t pairs = random_.Below(2) + 1; pairs != 0; --pairs) {
    AddPair(&entry, Number(), points);
  }
  switch (random_.Below(5)) {
    case 0:
      entry.mutable_grant()->set_campaign(Number());
      entry.mutable_grant()->set_points(points);
      break;
    case 1:
      SetTill(Number(), entry.mutable_purchase()->mutable_till());
      entry.mutable_purchase()->set_points(points);
      entry.add_lots()->set_campaign(Number());
      break;
    case 2:
      SetTill(Number(), entry.mutable_refund()->mutable_till());
      entry.mutable_refund()->set_purchase(EarlierRecord());
      entry.mutable_refund()->set_points(points);
      break;
    case 3:
      entry.mutable_funding()->set_union_number(Number());
      entry.mutable_funding()->set_proposal(EarlierRecord());
      break;
    default:
      entry.mutable_allocation()->set_from_union(Number());
      entry.mutable_allocation()->set_to_union(Number());
      entry.mutable_allocation()->set_points(points);
  }
  return record;
}

jv1::Record RandomJournal::Record() {
  jv1::Record record;
  switch (random_.Below(10)) {
    case 0:
      SetTill(Number(), record.mutable_declined()->mutable_till());
      record.mutable_declined()->set_reason(700 + Number());
      record.mutable_declined()->set_member(Member());
      record.mutable_declined()->set_points(static_cast<std::int64_t>(random_.Below(3'000)));
      break;
    case 1:
      record.mutable_member_changed()->set_member(Member());
      record.mutable_member_changed()->set_union_number(Number());
      record.mutable_member_changed()->mutable_suspended();
      break;
    case 2:
      record.mutable_plan_rows()->set_campaign(Number());
      break;
    case 3:
      record.mutable_row_refused()->set_campaign(Number());
      record.mutable_row_refused()->set_reason(700 + Number());
      break;
    case 4:
      record.mutable_campaign_rejected()->set_campaign(Number());
      record.mutable_campaign_rejected()->set_person(absl::StrCat("p-", Number()));
      break;
    case 5:
      if (EarlierRecord() == 0) break;
      record.mutable_order_shipped()->set_order(EarlierRecord());
      record.mutable_order_shipped()->set_person(absl::StrCat("p-", Number()));
      break;
    case 6:
      record.mutable_terminal_blocked()->set_terminal(Number() * 10);
      break;
    default:
      break;
  }
  return record.body_case() == jv1::Record::BODY_NOT_SET ? Money() : record;
}

// What has an owner comes before all that names it, as it does in a ledger.
void RandomJournal::AppendOwned() {
  std::vector<jv1::Record> owned;
  for (std::uint32_t number = 1; number <= kNumbers; ++number) {
    jv1::CampaignCreated& campaign = *owned.emplace_back().mutable_campaign_created();
    campaign.set_number(number);
    campaign.set_union_number(Number());
    campaign.set_person(absl::StrCat("p-", Number()));
    jv1::TerminalEnrolled& terminal = *owned.emplace_back().mutable_terminal_enrolled();
    terminal.set_number(number * 10);
    terminal.set_merchant(Number());
    terminal.set_store(absl::StrCat("s-", Number()));
  }
  journal_.Append("/caller/1", std::move(owned));
}

void RandomJournal::AppendCommands(int count) {
  if (journal_.records().empty()) AppendOwned();
  for (; count != 0; --count) {
    std::vector<jv1::Record> command;
    for (std::uint64_t records = random_.Below(4) + 1; records != 0; --records) {
      command.push_back(Record());
    }
    // Some the ledger does by itself.
    const std::uint32_t caller = Number();
    journal_.Append(caller == kNumbers ? "" : absl::StrCat("/caller/", caller), std::move(command));
  }
}

std::vector<RecordFacts> RandomJournal::FactsOfAll() {
  ScannedBackground background(&journal_.records());
  std::vector<RecordFacts> facts;
  for (const jv1::Record& record : journal_.records()) {
    absl::StatusOr<RecordFacts> of = FactsOf(record, background);
    EXPECT_TRUE(of.ok()) << of.status();
    if (of.ok()) facts.push_back(*std::move(of));
  }
  return facts;
}

Filter RandomJournal::RandomFilter(const std::vector<RecordFacts>& facts) {
  const auto like = [&]() -> const RecordFacts& { return facts[random_.Below(facts.size())]; };
  const auto wanted = [&] { return random_.Below(6) == 0; };
  const auto take = [&](const auto& from, auto* to) {
    if (!from.empty()) to->push_back(from[random_.Below(from.size())]);
  };
  const auto some = [&] { return wanted() ? random_.Below(3) + 1 : 0; };
  const auto take_some = [&](auto list, auto* to) {
    for (std::uint64_t i = some(); i != 0; --i) take(like().*list, to);
  };
  Filter filter;
  if (wanted()) filter.first = random_.Below(facts.size()) + 1;
  if (wanted()) filter.last = filter.first + random_.Below(facts.size());
  if (wanted()) filter.start = like().time + absl::Microseconds(random_.Below(2));
  if (wanted()) filter.end = like().time + absl::Microseconds(random_.Below(2));
  for (std::uint64_t i = random_.Below(3); i != 0 && wanted(); --i) {
    filter.kinds.push_back(like().kind);
    if (wanted()) filter.kinds.back().detail = 0;
  }
  for (std::uint64_t i = random_.Below(3); i != 0 && wanted(); --i) {
    std::vector<ledger::Posting> postings;
    take(like().postings, &postings);
    if (!postings.empty()) filter.accounts.push_back(NameOf(postings.front()));
  }
  for (std::uint64_t i = random_.Below(3); i != 0 && wanted(); --i) {
    take(like().members, &filter.members);
  }
  take_some(&RecordFacts::campaigns, &filter.campaigns);
  take_some(&RecordFacts::unions, &filter.unions);
  take_some(&RecordFacts::merchants, &filter.merchants);
  take_some(&RecordFacts::stores, &filter.stores);
  take_some(&RecordFacts::terminals, &filter.terminals);
  take_some(&RecordFacts::reasons, &filter.reasons);
  take_some(&RecordFacts::about, &filter.about);
  for (std::uint64_t i = some(); i != 0; --i) filter.actors.push_back(like().actor);
  for (std::uint64_t i = some(); i != 0; --i) {
    // Most records name nobody, which is asked for now and then.
    const std::string& person = like().person;
    if (!person.empty() || wanted()) filter.persons.push_back(person);
  }
  if (wanted()) filter.amount_min = like().amount.value_or(0);
  if (wanted()) filter.amount_max = like().amount.value_or(5'000);
  if (wanted()) filter.scope = like().unions;
  return filter;
}

}  // namespace puhui::audit
