// SPDX-License-Identifier: Apache-2.0
#include "services/issuing/upload_shelf.h"
#include "tests/unit/services/issuing/issuing_fixture.h"

#include "absl/strings/str_split.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAreArray;
using ::testing::Pair;

// Tests run in the root of the tree.
std::string Sample(absl::string_view name) {
  std::ifstream file(absl::StrCat("deploy/sample/", name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What a stream brought.
struct Imported {
  std::uint64_t offset = 0;
  std::vector<v1::MemberRowResult> results;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> progress;
  v1::ImportMembersResponse::Summary summary;
  int messages = 0;

  void Take(const v1::ImportMembersResponse& answer) {
    EXPECT_EQ(answer.has_accepted(), messages++ == 0);
    EXPECT_EQ(summary.sha256(), "") << "nothing follows the summary";
    if (answer.has_accepted()) offset = answer.accepted().offset();
    EXPECT_LE(answer.verdicts().results_size(), 1'000);
    results.insert(results.end(), answer.verdicts().results().begin(),
                   answer.verdicts().results().end());
    if (answer.has_progress()) {
      progress.emplace_back(answer.progress().rows_done(), answer.progress().rows());
    }
    if (answer.has_summary()) summary = answer.summary();
  }
  std::string SerializeAsString() const {
    std::string bytes = summary.SerializeAsString();
    for (const v1::MemberRowResult& result : results) bytes += result.SerializeAsString();
    return bytes;
  }
  std::vector<v1::MemberRowResult> Refused() const {
    std::vector<v1::MemberRowResult> refused;
    for (const v1::MemberRowResult& result : results) {
      if (result.outcome() == v1::MemberRowResult::OUTCOME_REFUSED) refused.push_back(result);
    }
    return refused;
  }
};
using Response = absl::StatusOr<Imported>;

constexpr char kHeader[] = "external_id,name,id_number,mobile\n";

std::string Line(const v1::NewMember& person) {
  return absl::StrCat(person.external_id(), ",", person.full_name(), ",", person.id_number(), ",",
                      person.mobile(), "\n");
}

class MemberImportTest : public IssuingTest {
 protected:
  using IssuingTest::IssuingTest;
  static v1::ImportMembersRequest Start(const std::string& of = "unions/fh-1",
                                        std::uint64_t size_bytes = 1) {
    v1::ImportMembersRequest message;
    message.mutable_start()->set_union_(of);
    message.mutable_start()->set_size_bytes(size_bytes);
    message.mutable_start()->set_sha256(std::string(64, '0'));
    return message;
  }
  static v1::ImportMembersRequest Chunk(absl::string_view bytes) {
    v1::ImportMembersRequest message;
    message.set_chunk(std::string(bytes));
    return message;
  }
  // Waits for what the server says to a start, and then sends the rest whatever it says.
  Response Send(const std::string& path, const std::vector<v1::ImportMembersRequest>& messages) {
    const auto context = As(path);
    const auto stream = members_->ImportMembers(context.get());
    Imported imported;
    v1::ImportMembersResponse answer;
    bool going = true;
    for (std::size_t i = 0; going && i < messages.size(); ++i) {
      going = stream->Write(messages[i]);
      if (!going || i > 0 || !messages[i].has_start()) continue;
      going = stream->Read(&answer);
      if (going) imported.Take(answer);
    }
    stream->WritesDone();
    while (stream->Read(&answer)) imported.Take(answer);
    const grpc::Status status = stream->Finish();
    offset_ = imported.offset;
    if (!status.ok()) return FromGrpcStatus(status);
    return imported;
  }
  // The file in pieces that end anywhere.
  Response Import(const std::string& path, const std::string& file,
                  v1::ImportMembersRequest start = Start()) {
    Describe(file, &start);
    std::vector<v1::ImportMembersRequest> messages = {std::move(start)};
    for (std::size_t from = 0; from < file.size(); from += 100'003) {
      messages.push_back(Chunk(absl::string_view(file).substr(from, 100'003)));
    }
    return Send(path, messages);
  }
  static void Describe(const std::string& file, v1::ImportMembersRequest* start) {
    start->mutable_start()->set_size_bytes(file.size());
    start->mutable_start()->set_sha256(ledger::ToHex(ledger::Sha256().Digest(file)));
  }

  std::uint64_t offset_ = 0;  // What the last stream said that it had.
};

TEST_F(MemberImportTest, AGb18030RosterIsEnrolledOnce) {
  const std::string file = Sample("roster_gb18030.csv");
  ASSERT_OK_AND_ASSIGN(const Imported first, Import(kHr, file));
  EXPECT_EQ(first.summary.encoding(), "GB18030");
  EXPECT_EQ(first.summary.sha256(), ledger::ToHex(ledger::Sha256().Digest(file)));
  EXPECT_EQ(first.summary.created(), 5'000U);
  EXPECT_EQ(first.summary.unchanged(), 0U);
  EXPECT_EQ(first.summary.refused(), 0U);
  ASSERT_EQ(first.results.size(), 5'000U);
  EXPECT_EQ(first.results[4'999].row(), 5'001U);
  EXPECT_EQ(first.results[4'999].outcome(), v1::MemberRowResult::OUTCOME_CREATED);
  EXPECT_NE(first.results[4'999].member(), "");
  EXPECT_THAT(first.progress.front(), Pair(0U, 5'000U));
  EXPECT_THAT(first.progress.back(), Pair(5'000U, 5'000U));
  EXPECT_EQ(first.progress.size(), 6U);

  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const Imported again, Import(kHr, file));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
  // Somebody else sends it: another call, the same people.
  ASSERT_OK_AND_ASSIGN(const Imported other, Import(kAdminPath, file));
  EXPECT_EQ(other.summary.created(), 0U);
  EXPECT_EQ(other.summary.unchanged(), 5'000U);
}

TEST_F(MemberImportTest, ValidatingSaysWhatWouldHappenAndWritesNothing) {
  v1::NewMember taken = Person(2);  // The number of somebody else.
  taken.set_external_id("E1");
  v1::NewMember known = Person(1);  // Enrolled under another number.
  known.set_external_id("E50");
  Enrol(1, 1);
  const std::string file = absl::StrCat(kHeader, Line(Person(3)), Line(taken), Line(Person(4)));
  const std::string other = absl::StrCat(kHeader, Line(Person(1)), Line(Person(5)));
  const std::string third = absl::StrCat(kHeader, Line(known));
  for (const std::string& roster : {file, other, third}) {
    v1::ImportMembersRequest validate = Start();
    validate.mutable_start()->set_validate_only(true);
    const Sequence records = LastRecord();
    ASSERT_OK_AND_ASSIGN(const Imported foreseen, Import(kHr, roster, validate));
    EXPECT_EQ(LastRecord(), records);
    ASSERT_OK_AND_ASSIGN(const Imported done, Import(kHr, roster));
    EXPECT_EQ(foreseen.summary.SerializeAsString(), done.summary.SerializeAsString());
    ASSERT_EQ(foreseen.results.size(), done.results.size());
    for (std::size_t i = 0; i < done.results.size(); ++i) {
      EXPECT_EQ(foreseen.results[i].outcome(), done.results[i].outcome());
      EXPECT_EQ(foreseen.results[i].reason(), done.results[i].reason());
    }
    EXPECT_GT(LastRecord(), records);
  }
}

TEST_F(MemberImportTest, AClosedUnionTakesNobodyAndForeseesNobody) {
  v1::CloseUnionRequest close;
  close.set_request_id(NextRequestId());
  close.set_name("unions/fh-1");
  ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::CloseUnion, kAdminPath, close));
  const std::string file = absl::StrCat(kHeader, Line(Person(1)));
  EXPECT_THAT(Import(kHr, file), Refuses(Reason::kUnionClosed, "union"));
  v1::ImportMembersRequest validate = Start();
  validate.mutable_start()->set_validate_only(true);
  EXPECT_THAT(Import(kHr, file, validate), Refuses(Reason::kUnionClosed, "start.union"));
}

TEST_F(MemberImportTest, EveryDefectOfADamagedRosterIsNamedByLine) {
  std::vector<std::string> want;
  for (const absl::string_view line :
       absl::StrSplit(Sample("roster_damaged.notes.csv"), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    if (cells[0] != "line" && cells[2] != "-") {
      want.push_back(absl::StrCat(cells[0], " ", cells[1], " ", cells[2]));
    }
  }
  ASSERT_OK_AND_ASSIGN(const Imported done, Import(kHr, Sample("roster_damaged.csv")));
  std::vector<std::string> got;
  for (const v1::MemberRowResult& problem : done.Refused()) {
    EXPECT_EQ(problem.reason(), "INVALID_FIELD");
    const std::vector<std::string> shape = absl::StrSplit(problem.shape(), ':');
    got.push_back(absl::StrCat(problem.row(), " ", problem.field(), " ", shape.at(0)));
  }
  EXPECT_THAT(got, ElementsAreArray(want));
  EXPECT_EQ(done.summary.encoding(), "UTF-8 with BOM");
  EXPECT_EQ(done.summary.created() + done.summary.unchanged() + done.summary.refused(), 599U);
  EXPECT_EQ(done.summary.refused(), want.size() - 1);  // One row has two defects.
}

TEST_F(MemberImportTest, RefusalsOfTheLedgerStandInTheOrderOfTheFile) {
  Enrol(1, 1);
  v1::NewMember known = Person(1);
  known.set_external_id("E50");
  v1::NewMember broken = Person(3);
  broken.set_mobile("1");
  const std::string file =
      absl::StrCat(kHeader, "\n", Line(Person(2)), Line(broken), Line(known), Line(Person(4)));
  ASSERT_OK_AND_ASSIGN(const Imported done, Import(kHr, file));
  EXPECT_EQ(done.summary.created(), 2U);
  EXPECT_EQ(done.summary.refused(), 2U);
  ASSERT_EQ(done.results.size(), 4U);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(done.results[i].row(), i + 3);
  EXPECT_EQ(done.results[1].field(), "mobile");
  EXPECT_EQ(done.results[2].reason(), "DUPLICATE_PERSON");
  v1::ImportMembersRequest brief = Start();
  brief.mutable_start()->set_only_refused(true);
  ASSERT_OK_AND_ASSIGN(const Imported shorter, Import(kHr, file, brief));
  EXPECT_EQ(shorter.summary.SerializeAsString(), done.summary.SerializeAsString());
  ASSERT_EQ(shorter.results.size(), 2U);
  EXPECT_EQ(shorter.results[1].row(), 5U);
}

TEST_F(MemberImportTest, EveryRowHasItsVerdictHoweverManyAreWrong) {
  std::string file = kHeader;
  for (int i = 0; i < 4'500; ++i) absl::StrAppend(&file, "W", i, ",n,1,10000000000\n");
  absl::StrAppend(&file, Line(Person(1)));
  ASSERT_OK_AND_ASSIGN(const Imported done, Import(kHr, file));
  EXPECT_EQ(done.summary.refused(), 4'500U);
  EXPECT_EQ(done.summary.created(), 1U);
  ASSERT_EQ(done.results.size(), 4'501U);
  for (std::uint32_t i = 0; i < done.results.size(); ++i) EXPECT_EQ(done.results[i].row(), i + 2);
}

TEST_F(MemberImportTest, AStreamThatBrokeGoesOnWhereItStopped) {
  const std::string file = absl::StrCat(kHeader, Line(Person(1)), Line(Person(2)));
  v1::ImportMembersRequest start = Start();
  Describe(file, &start);
  const Sequence records = LastRecord();
  EXPECT_THAT(Send(kHr, {start, Chunk(file.substr(0, 50))}),
              Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(Send(kAdminPath, {start}), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_EQ(offset_, 0U);
  EXPECT_THAT(Send(kHr, {start, Chunk(file.substr(50, 20))}),
              Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_EQ(offset_, 50U);
  EXPECT_EQ(LastRecord(), records);
  ASSERT_OK_AND_ASSIGN(const Imported done, Send(kHr, {start, Chunk(file.substr(70))}));
  EXPECT_EQ(done.offset, 70U);
  EXPECT_EQ(done.summary.created(), 2U);
  ASSERT_OK_AND_ASSIGN(const Imported again, Import(kHr, file));
  EXPECT_EQ(again.offset, 0U);
  EXPECT_EQ(again.SerializeAsString(), done.SerializeAsString());
}

TEST_F(MemberImportTest, WhatIsKeptOfABrokenStreamIsForgottenInTime) {
  const std::string file = absl::StrCat(kHeader, Line(Person(1)));
  v1::ImportMembersRequest start = Start();
  Describe(file, &start);
  EXPECT_FALSE(Send(kHr, {start, Chunk(file.substr(0, 50))}).ok());
  clock_.Advance(UploadShelf::kKeptFor + absl::Seconds(1));
  EXPECT_FALSE(Send(kHr, {start}).ok());
  EXPECT_EQ(offset_, 0U);
}

TEST_F(MemberImportTest, OnAnotherDayTheSameFileTakesBackWhoLeft) {
  const std::string file = absl::StrCat(kHeader, Line(Person(1)), Line(Person(2)));
  ASSERT_OK_AND_ASSIGN(const Imported first, Import(kHr, file));
  v1::RemoveMemberRequest remove;
  remove.set_request_id(NextRequestId());
  remove.set_name(first.results[0].member());
  ASSERT_OK(Ask(*members_, &v1::MemberService::Stub::RemoveMember, kHr, remove));
  clock_.Advance(absl::Hours(24));
  ASSERT_OK_AND_ASSIGN(const Imported next, Import(kHr, file));
  EXPECT_EQ(next.summary.came_back(), 1U);
  EXPECT_EQ(next.summary.unchanged(), 1U);
}

TEST_F(MemberImportTest, AFileIsWhatItsHashSays) {
  const std::string file = absl::StrCat(kHeader, Line(Person(1)));
  const std::string other = absl::StrCat(kHeader, Line(Person(2)));
  v1::ImportMembersRequest start = Start();
  Describe(file, &start);
  const Sequence records = LastRecord();
  EXPECT_THAT(Send(kHr, {start, Chunk(other)}), Refuses(Reason::kInvalidField, "start.sha256"));
  EXPECT_EQ(LastRecord(), records);
  for (const std::string& wrong :
       {std::string(), std::string(63, 'a'), std::string(64, 'A'), std::string(64, 'g')}) {
    start.mutable_start()->set_sha256(wrong);
    EXPECT_THAT(Send(kHr, {start, Chunk(file)}), Refuses(Reason::kInvalidField, "start.sha256"));
  }
}

TEST_F(MemberImportTest, AFileThatIsWrongAsAWholeEnrolsNobody) {
  const std::string sound = absl::StrCat(kHeader, Line(Person(1)), Line(Person(2)));
  const Sequence records = LastRecord();
  for (const std::string& wrong :
       {std::string("E3,\xff\xff,\xff"), std::string("\"E3,never closed"),
        std::string("E3,a \"quote\" inside,,")}) {
    EXPECT_THAT(Import(kHr, sound + wrong), Refuses(Reason::kInvalidField, "chunk"));
  }
  EXPECT_EQ(LastRecord(), records);
}

class MemberImportSilenceTest : public MemberImportTest {
 protected:
  MemberImportSilenceTest() : MemberImportTest(absl::Seconds(1)) {}
};

TEST_F(MemberImportSilenceTest, WhoFallsSilentIsNotWaitedFor) {
  const auto context = As(kHr);
  const auto stream = members_->ImportMembers(context.get());
  v1::ImportMembersRequest start = Start("unions/fh-1", 1'000);
  ASSERT_TRUE(stream->Write(start));
  v1::ImportMembersResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_TRUE(answer.has_accepted());
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_THAT(FromGrpcStatus(stream->Finish()), Refuses(Reason::kDeadlineExceeded));
}

TEST_F(MemberImportTest, ACardNumberThatIsTakenIsDrawnAgain) {
  random_.Restart(7);
  Enrol(1, 1);
  clock_.Advance(absl::Seconds(1));
  const std::string file = absl::StrCat(kHeader, Line(Person(1)), Line(Person(2)));
  const std::string other = absl::StrCat(kHeader, Line(Person(2)));
  random_.Restart(7);  // The same draws once more: the card is taken.
  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const Imported done, Import(kHr, other));
  EXPECT_EQ(done.summary.created(), 1U);
  EXPECT_EQ(done.summary.refused(), 0U);
  ASSERT_EQ(done.results.size(), 1U);
  EXPECT_EQ(done.results[0].row(), 2U);
  EXPECT_EQ(LastRecord(), records + 3) << "a batch that enrolled nobody, and another";
  ASSERT_OK_AND_ASSIGN(const Imported again, Import(kHr, other));
  EXPECT_EQ(again.SerializeAsString(), done.SerializeAsString());
  EXPECT_EQ(LastRecord(), records + 3);
  ASSERT_OK_AND_ASSIGN(const Imported both, Import(kHr, file));
  EXPECT_EQ(both.summary.unchanged(), 2U);
}

TEST_F(MemberImportTest, UnknownColumnsAreRefusedUnlessIgnored) {
  const std::string file = "external_id,name,id_number,mobile,favourite colour\n";
  EXPECT_THAT(Import(kHr, file), Refuses(Reason::kInvalidField, "chunk"));
  v1::ImportMembersRequest lenient = Start();
  lenient.mutable_start()->set_ignore_unknown_columns(true);
  EXPECT_OK(Import(kHr, file, lenient));
}

TEST_F(MemberImportTest, TheStreamHasOneStartThenTheFile) {
  EXPECT_THAT(Send(kHr, {}), Refuses(Reason::kInvalidField, "start"));
  EXPECT_THAT(Send(kHr, {Chunk(kHeader)}), Refuses(Reason::kInvalidField, "start"));
  EXPECT_THAT(Send(kHr, {Start(), Start()}), Refuses(Reason::kInvalidField, "start"));
  EXPECT_THAT(Send(kHr, {Start(), {}}), Refuses(Reason::kInvalidField, "part"));
  EXPECT_THAT(Send(kHr, {Start("fh-1")}), Refuses(Reason::kInvalidField, "start.union"));
  EXPECT_THAT(Send(kHr, {Start(), Chunk(std::string((1 << 20) + 1, 'x'))}),
              Refuses(Reason::kInvalidField, "chunk"));
  EXPECT_THAT(Import(kHr, "PK\x03\x04 a workbook"), Refuses(Reason::kInvalidField, "chunk"));
}

// A shorter file than the start says is what a stream looks like that was cut.
TEST_F(MemberImportTest, AFileThatIsShorterOrLongerThanItSaidIsRefused) {
  const std::string file = absl::StrCat(kHeader, Line(Person(1)), Line(Person(2)));
  const std::string half = absl::StrCat(kHeader, Line(Person(1)));  // A roster too.
  const Sequence records = LastRecord();
  const auto send = [&](std::uint64_t said, const std::string& sent) {
    v1::ImportMembersRequest start = Start();
    Describe(file, &start);
    start.mutable_start()->set_size_bytes(said);
    return Send(kHr, {start, Chunk(sent)});
  };
  EXPECT_THAT(send(file.size(), half), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(file.size(), ""), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(half.size(), file), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(0, file), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(kImportFileBytesMax + 1, file),
              Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_EQ(LastRecord(), records);
  clock_.Advance(UploadShelf::kKeptFor + absl::Seconds(1));  // What is kept of the shorter one.
  ASSERT_OK(Import(kHr, file));
}

TEST_F(MemberImportTest, OnlyPeopleOfTheUnionMayEnrol) {
  const std::string file = absl::StrCat(kHeader, Line(Person(1)));
  EXPECT_THAT(Import(kOutsider, file), Refuses(Reason::kNotFound));
  EXPECT_THAT(Import(kApprover, file), Refuses(Reason::kPermissionDenied));
  const Sequence records = LastRecord();
  EXPECT_OK(Import(kHr, file));
  EXPECT_EQ(LastRecord(), records + 2);
}

}  // namespace
}  // namespace puhui::services
