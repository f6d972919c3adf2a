// SPDX-License-Identifier: Apache-2.0
// What auditors ask while a ledger with its threads goes on writing: each answer is what a look at
// every record says, up to the record that the answer says it is of.
#include "audit/index/find_records.h"
#include "audit/index/past_balances.h"
#include "audit/index/trace_points.h"
#include "services/rpc/resource_name.h"
#include "tests/unit/audit/index/random_journal.h"
#include "tests/unit/audit/index/trace_oracle.h"
#include "tests/unit/services/audit/scanned_journal.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;
using AuditStub = v1::AuditService::Stub;
using HistoryFields = std::map<std::string, std::string>;

constexpr int kRounds = 40;
constexpr int kWrittenEach = 4;  // Commands in each round, while it asks.

// Somebody writes on a thread of its own, through the API; the test asks on another. Request and
// trace numbers are the writer's alone.
class BesideWriterTest : public PosTest {
 protected:
  ~BesideWriterTest() override {
    allowed_ = kRounds * kWrittenEach;
    if (writer_.joinable()) writer_.join();
  }

  void StartWriter() {
    ASSERT_OK(CreateUnion(kOperatorPath, UnionWish("below", "unions/fh-1")));
    writer_ = std::thread([this] {
      for (int i = 0; i < kRounds * kWrittenEach; ++i) {
        while (i >= allowed_) std::this_thread::yield();
        WriteOne(i);
      }
    });
  }
  void LetWrite() { allowed_ += kWrittenEach; }

  void WriteOne(int number) {
    switch (number % 4) {
      case 0:
        return Buy(number);
      case 1:
        return Rename(number % 8 == 1 ? "unions/below" : "unions/fh-1", number);
      case 2:
        return number % 8 == 2 ? Suspend() : Reinstate();
      default:
        return HoldAndLetGo();
    }
  }
  void Buy(int number) {
    auto request = Call<v1::PurchaseRequest>(kTill);
    request.set_card_number(card_);
    // A decline is a record too.
    request.set_points(number % 12 == 0 ? 1'000'000 : 2);
    const auto bought = Ask(*pos_, &Pos::Purchase, kTill, request);
    if (bought.ok()) references_.push_back(bought->purchase().retrieval_reference());
    if (references_.size() % 3 != 2) return;
    auto refund = Call<v1::RefundRequest>(kTill);
    refund.set_purchase_reference(references_.back());
    refund.set_points(1);
    EXPECT_OK(Ask(*pos_, &Pos::Refund, kTill, refund));
    references_.push_back("");
  }
  void Rename(const std::string& name, int number) {
    v1::UpdateUnionRequest request;
    request.set_request_id(NextRequestId());
    request.mutable_union_()->set_name(name);
    request.mutable_union_()->set_display_name(absl::StrCat("工会 ", number));
    request.mutable_update_mask()->add_paths("display_name");
    EXPECT_OK(Ask(*unions_, &v1::UnionService::Stub::UpdateUnion, kOperatorPath, request));
  }
  // Of a member who buys nothing.
  void Suspend() {
    v1::SuspendMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(other_member_);
    EXPECT_OK(Ask(*members_, &v1::MemberService::Stub::SuspendMember, kHr, request));
  }
  void Reinstate() {
    v1::ReinstateMemberRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(other_member_);
    EXPECT_OK(Ask(*members_, &v1::MemberService::Stub::ReinstateMember, kHr, request));
  }
  void HoldAndLetGo() {
    const v1::Authorization held = Hold(AuthorizeWish(3));
    EXPECT_OK(Ask(*pos_, &Pos::Void, kTill, VoidWish(held.retrieval_reference())));
  }

  void SetUp() override { other_member_ = Enrol(701, 701).front(); }

  // The index as it is, with every record of it scanned.
  absl::StatusOr<audit::IndexMoment> Moment() {
    absl::StatusOr<audit::IndexMoment> moment = index_.Read();
    if (moment.ok()) scanned_.ReadUpTo(*moment->journal, moment->last);
    return moment;
  }
  void ReadUpTo(Sequence last) { scanned_.ReadUpTo(*ledger_.engine->Read(), last); }
  std::uint64_t Below(std::uint64_t bound) { return asker_.random().Below(bound); }

  void ExpectFound(const audit::IndexMoment& moment);
  void ExpectHeld(const audit::IndexMoment& moment);
  void ExpectTrace(const audit::IndexMoment& moment);
  void ExpectQueried(const std::string& kind);
  void ExpectTrialBalance();
  // What changed the thing are the records that `takes` says.
  template <class Takes>
  void ExpectHistory(const std::string& name, HistoryFields* fields, Takes takes);

  audit::RandomJournal asker_{20'261'128};
  ScannedJournal scanned_;
  std::string other_member_;
  std::vector<std::string> references_;  // Of purchases, the writer's own.
  std::atomic<int> allowed_{0};
  std::thread writer_;
};

void BesideWriterTest::ExpectFound(const audit::IndexMoment& moment) {
  const audit::Filter filter = asker_.RandomFilter(scanned_.facts());
  audit::RecordWish wish{.filter = filter};
  if (Below(2) == 0) wish.direction = audit::Direction::kBackward;
  std::vector<Sequence> found;
  do {
    wish.records_max = Below(40) + 1;
    ASSERT_OK_AND_ASSIGN(const audit::FoundRecords page, audit::FindRecords(moment, wish));
    for (const audit::FoundRecord& record : page.records) found.push_back(record.facts.sequence);
    wish.from = page.next;
  } while (wish.from != 0);
  if (wish.direction == audit::Direction::kBackward) std::reverse(found.begin(), found.end());
  EXPECT_EQ(found, scanned_.Find(moment.last, filter)) << "as of " << moment.last;
}

void BesideWriterTest::ExpectHeld(const audit::IndexMoment& moment) {
  const Sequence as_of = Below(moment.last) + 1;
  const std::vector<ledger::Posting>& like = scanned_.facts()[Below(moment.last)].postings;
  if (like.empty()) return;
  const audit::AccountName account = audit::NameOf(like[Below(like.size())]);
  std::map<UnionNumber, std::int64_t> wanted;
  for (Sequence sequence = 1; sequence <= as_of; ++sequence) {
    for (const ledger::Posting& posting : scanned_.facts()[sequence - 1].postings) {
      if (audit::NameOf(posting) == account) wanted[posting.origin] += posting.points;
    }
  }
  std::erase_if(wanted, [](const auto& one) { return one.second == 0; });
  ASSERT_OK_AND_ASSIGN(const auto held, audit::HeldAsOf(moment, account, as_of));
  std::map<UnionNumber, std::int64_t> told;
  for (const audit::OriginBalance& one : held) told[one.origin] = one.points;
  EXPECT_EQ(told, wanted) << "after record " << as_of << " of " << moment.last;
}

void BesideWriterTest::ExpectTrace(const audit::IndexMoment& moment) {
  const std::vector<jv1::Record> records = scanned_.RecordsUpTo(moment.last);
  const audit::TraceOracle oracle(&records);
  for (int i = 0; i < 8; ++i) {
    audit::TraceWish wish{.start = Below(moment.last) + 1};
    if (!records[wish.start - 1].has_entry()) continue;
    if (Below(2) == 0) wish.direction = audit::Direction::kForward;
    ASSERT_OK_AND_ASSIGN(const audit::PointTrace trace, audit::TracePoints(moment, wish));
    EXPECT_TRUE(trace.complete);
    const auto told = audit::TraceOracle::InOrder(trace.steps);
    const auto wanted = oracle.Trace(wish);
    ASSERT_EQ(told.size(), wanted.size()) << wish.start << " as of " << moment.last;
    for (std::size_t step = 0; step < told.size(); ++step) {
      EXPECT_EQ(told[step].of, wanted[step].of);
      EXPECT_EQ(told[step].link, wanted[step].link);
      EXPECT_EQ(told[step].distance, wanted[step].distance);
      EXPECT_EQ(told[step].kind, wanted[step].kind);
    }
  }
}

void BesideWriterTest::ExpectQueried(const std::string& kind) {
  v1::QueryRecordsRequest request;
  request.mutable_filter()->add_kinds(kind);
  request.set_page_size(static_cast<int>(Below(40)) + 10);
  std::vector<Sequence> found;
  Sequence as_of = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page,
                         Ask(*audit_, &AuditStub::QueryRecords, kAuditor, request));
    for (const v1::RecordView& record : page.records()) found.push_back(record.sequence());
    EXPECT_GE(page.as_of_sequence(), as_of);
    as_of = page.as_of_sequence();
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ReadUpTo(as_of);
  EXPECT_EQ(found, scanned_.Find(as_of, {.kinds = {*audit::ParseKind(kind)}})) << "as of " << as_of;
}

void BesideWriterTest::ExpectTrialBalance() {
  ASSERT_OK_AND_ASSIGN(const auto balance, Ask(*audit_, &AuditStub::GetTrialBalance, kAuditor,
                                               v1::GetTrialBalanceRequest()));
  ReadUpTo(balance.as_of_sequence());
  std::map<int, std::int64_t> wanted;
  for (Sequence sequence = 1; sequence <= balance.as_of_sequence(); ++sequence) {
    for (const ledger::Posting& posting : scanned_.facts()[sequence - 1].postings) {
      wanted[static_cast<int>(posting.kind)] += posting.points;
    }
  }
  std::map<int, std::int64_t> told;
  for (const v1::TrialBalanceLine& line : balance.lines()) told[line.kind()] += line.points();
  const auto is_zero = [](const auto& one) { return one.second == 0; };
  std::erase_if(wanted, is_zero);
  std::erase_if(told, is_zero);
  EXPECT_EQ(told, wanted) << "as of " << balance.as_of_sequence();
  EXPECT_TRUE(balance.balanced());
}

template <class Takes>
void BesideWriterTest::ExpectHistory(const std::string& name, HistoryFields* fields, Takes takes) {
  v1::GetHistoryRequest request;
  request.set_name(name);
  request.set_page_size(static_cast<int>(Below(12)) + 4);
  std::vector<Sequence> told;
  Sequence as_of = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, Ask(*audit_, &AuditStub::GetHistory, kAuditor, request));
    EXPECT_TRUE(as_of == 0 || page.as_of_sequence() == as_of) << "of one moment, on every page";
    as_of = page.as_of_sequence();
    for (const v1::HistoryEntry& entry : page.entries()) {
      told.push_back(entry.sequence());
      for (const v1::FieldChange& change : entry.changes()) {
        EXPECT_EQ((*fields)[change.field()], change.before()) << change.field();
        (*fields)[change.field()] = change.after();
      }
    }
    EXPECT_FALSE(page.incomplete());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  ReadUpTo(as_of);
  EXPECT_EQ(told, scanned_.Scan(as_of, takes)) << name << " as of " << as_of;
  // What it came to is what the last of them says.
  for (const jv1::Record& record : scanned_.RecordsUpTo(as_of)) {
    if (!takes(record) || !record.has_union_updated()) continue;
    (*fields)["wanted"] = record.union_updated().after().display_name();
  }
}

TEST_F(BesideWriterTest, RecordsBalancesAndTheWayOfPointsAreThoseOfAScan) {
  ASSERT_NO_FATAL_FAILURE(StartWriter());
  Sequence last = 0;
  for (int round = 0; round < kRounds; ++round) {
    LetWrite();
    ASSERT_OK_AND_ASSIGN(const audit::IndexMoment moment, Moment());
    EXPECT_GE(moment.last, last);
    last = moment.last;
    for (int i = 0; i < 10; ++i) {
      ASSERT_NO_FATAL_FAILURE(ExpectFound(moment));
      ASSERT_NO_FATAL_FAILURE(ExpectHeld(moment));
    }
    if (round % 4 != 0) continue;
    ASSERT_NO_FATAL_FAILURE(ExpectTrace(moment));
  }
  writer_.join();
  ASSERT_OK_AND_ASSIGN(const audit::IndexMoment whole, Moment());
  EXPECT_EQ(whole.last, LastRecord());
  EXPECT_GT(whole.last, kRounds * kWrittenEach);
  ExpectTrace(whole);
}

TEST_F(BesideWriterTest, AnswersOfTheServiceAreThoseOfAScan) {
  ASSERT_NO_FATAL_FAILURE(StartWriter());
  ReadUpTo(LastRecord());
  const auto number_of = [this](const std::string& id) {
    for (const jv1::Record& record : scanned_.RecordsUpTo(scanned_.facts().size())) {
      if (record.union_created().id() == id) return record.union_created().number();
    }
    return std::uint32_t{0};
  };
  for (int round = 0; round < kRounds; ++round) {
    LetWrite();
    constexpr const char* kKinds[] = {"entry/purchase", "declined", "member_changed", "entry"};
    ASSERT_NO_FATAL_FAILURE(ExpectQueried(kKinds[round % 4]));
    ASSERT_NO_FATAL_FAILURE(ExpectTrialBalance());
    const std::string id = round % 2 == 0 ? "below" : "fh-1";
    const std::uint32_t number = number_of(id);
    ASSERT_NE(number, 0U);
    HistoryFields fields;
    ASSERT_NO_FATAL_FAILURE(
        ExpectHistory("unions/" + id, &fields, [number](const jv1::Record& record) {
          return record.union_created().number() == number ||
                 record.union_updated().number() == number ||
                 record.union_moved().number() == number ||
                 record.union_closed().number() == number;
        }));
    const auto wanted = fields.find("wanted");
    EXPECT_TRUE(wanted == fields.end() || fields["display_name"] == wanted->second);
    const std::string member = ParseMemberName(other_member_, "name")->ToBytes();
    HistoryFields of_member;
    ASSERT_NO_FATAL_FAILURE(
        ExpectHistory(other_member_, &of_member, [&member](const jv1::Record& record) {
          return record.member_joined().member() == member ||
                 record.member_changed().member() == member;
        }));
  }
  writer_.join();
}

TEST_F(BesideWriterTest, TheHistoryOfACampaignIsThatOfAScan) {
  std::uint32_t number = 0;
  ReadUpTo(LastRecord());
  for (const jv1::Record& record : scanned_.RecordsUpTo(scanned_.facts().size())) {
    if (record.campaign_created().id() == "spring") number = record.campaign_created().number();
  }
  ASSERT_NE(number, 0U);
  HistoryFields fields;
  ASSERT_NO_FATAL_FAILURE(
      ExpectHistory("campaigns/spring", &fields, [number](const jv1::Record& record) {
        return record.campaign_created().number() == number ||
               record.campaign_updated().campaign() == number ||
               record.plan_started().campaign() == number ||
               record.plan_completed().campaign() == number ||
               record.campaign_submitted().campaign() == number ||
               record.approval_given().campaign() == number ||
               record.entry().approval().campaign() == number ||
               record.issue_started().campaign() == number ||
               record.issue_finished().campaign() == number;
      }));
  EXPECT_EQ(fields["state"], "ISSUED");
}

}  // namespace
}  // namespace puhui::services
