// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/issuing/issuing_fixture.h"

#include "absl/strings/str_split.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAreArray;
using Response = absl::StatusOr<v1::ImportMembersResponse>;

// Tests run in the root of the tree.
std::string Sample(absl::string_view name) {
  std::ifstream file(absl::StrCat("deploy/sample/", name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

constexpr char kHeader[] = "external_id,name,id_number,mobile\n";

std::string Line(const v1::NewMember& person) {
  return absl::StrCat(person.external_id(), ",", person.full_name(), ",", person.id_number(), ",",
                      person.mobile(), "\n");
}

class MemberImportTest : public IssuingTest {
 protected:
  static v1::ImportMembersRequest Start(const std::string& of = "unions/fh-1",
                                        std::uint64_t size_bytes = 1) {
    v1::ImportMembersRequest message;
    message.mutable_start()->set_union_(of);
    message.mutable_start()->set_size_bytes(size_bytes);
    return message;
  }
  static v1::ImportMembersRequest Chunk(absl::string_view bytes) {
    v1::ImportMembersRequest message;
    message.set_chunk(std::string(bytes));
    return message;
  }
  Response Send(const std::string& path, const std::vector<v1::ImportMembersRequest>& messages) {
    const auto context = As(path);
    v1::ImportMembersResponse response;
    const auto writer = members_->ImportMembers(context.get(), &response);
    for (const v1::ImportMembersRequest& message : messages) {
      if (!writer->Write(message)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) return FromGrpcStatus(status);
    return response;
  }
  // The file in pieces that end anywhere.
  Response Import(const std::string& path, const std::string& file,
                  v1::ImportMembersRequest start = Start()) {
    start.mutable_start()->set_size_bytes(file.size());
    std::vector<v1::ImportMembersRequest> messages = {std::move(start)};
    for (std::size_t from = 0; from < file.size(); from += 100'003) {
      messages.push_back(Chunk(absl::string_view(file).substr(from, 100'003)));
    }
    return Send(path, messages);
  }
};

TEST_F(MemberImportTest, AGb18030RosterIsEnrolledOnce) {
  const std::string file = Sample("roster_gb18030.csv");
  ASSERT_OK_AND_ASSIGN(const v1::ImportMembersResponse first, Import(kHr, file));
  EXPECT_EQ(first.encoding(), "GB18030");
  EXPECT_EQ(first.sha256(), ledger::ToHex(ledger::Sha256().Digest(file)));
  EXPECT_EQ(first.created(), 5'000U);
  EXPECT_EQ(first.unchanged(), 0U);
  EXPECT_EQ(first.refused(), 0U);
  EXPECT_EQ(first.problems_size(), 0);

  const Sequence records = LastRecord();
  ASSERT_OK_AND_ASSIGN(const v1::ImportMembersResponse again, Import(kHr, file));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_EQ(LastRecord(), records);
  // Somebody else sends it: another call, the same people.
  ASSERT_OK_AND_ASSIGN(const v1::ImportMembersResponse other, Import(kAdminPath, file));
  EXPECT_EQ(other.created(), 0U);
  EXPECT_EQ(other.unchanged(), 5'000U);
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
    ASSERT_OK_AND_ASSIGN(v1::ImportMembersResponse foreseen, Import(kHr, roster, validate));
    EXPECT_EQ(LastRecord(), records);
    ASSERT_OK_AND_ASSIGN(v1::ImportMembersResponse done, Import(kHr, roster));
    EXPECT_EQ(foreseen.SerializeAsString(), done.SerializeAsString());
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
  ASSERT_OK_AND_ASSIGN(const v1::ImportMembersResponse done,
                       Import(kHr, Sample("roster_damaged.csv")));
  std::vector<std::string> got;
  for (const v1::MemberRowResult& problem : done.problems()) {
    EXPECT_EQ(problem.outcome(), v1::MemberRowResult::OUTCOME_REFUSED);
    EXPECT_EQ(problem.reason(), "INVALID_FIELD");
    const std::vector<std::string> shape = absl::StrSplit(problem.shape(), ':');
    got.push_back(absl::StrCat(problem.row(), " ", problem.field(), " ", shape.at(0)));
  }
  EXPECT_THAT(got, ElementsAreArray(want));
  EXPECT_EQ(done.encoding(), "UTF-8 with BOM");
  EXPECT_EQ(done.created() + done.unchanged() + done.refused(), 599U);
  EXPECT_EQ(done.refused(), want.size() - 1);  // One row has two defects.
}

TEST_F(MemberImportTest, RefusalsOfTheLedgerStandInTheOrderOfTheFile) {
  Enrol(1, 1);
  v1::NewMember known = Person(1);
  known.set_external_id("E50");
  v1::NewMember broken = Person(3);
  broken.set_mobile("1");
  const std::string file =
      absl::StrCat(kHeader, "\n", Line(Person(2)), Line(broken), Line(known), Line(Person(4)));
  ASSERT_OK_AND_ASSIGN(const v1::ImportMembersResponse done, Import(kHr, file));
  EXPECT_EQ(done.created(), 2U);
  EXPECT_EQ(done.refused(), 2U);
  ASSERT_EQ(done.problems_size(), 2);
  EXPECT_EQ(done.problems(0).row(), 4U);
  EXPECT_EQ(done.problems(0).field(), "mobile");
  EXPECT_EQ(done.problems(1).row(), 5U);
  EXPECT_EQ(done.problems(1).reason(), "DUPLICATE_PERSON");
}

TEST_F(MemberImportTest, TheFirstThousandProblemsAreShownAndAllAreCounted) {
  std::string file = kHeader;
  for (int i = 0; i < 1'500; ++i) absl::StrAppend(&file, "W", i, ",n,1,10000000000\n");
  ASSERT_OK_AND_ASSIGN(const v1::ImportMembersResponse done, Import(kHr, file));
  EXPECT_EQ(done.refused(), 1'500U);
  EXPECT_EQ(done.problems_size(), 1'000);
  EXPECT_EQ(done.problems(0).row(), 2U);
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
  const auto send = [this](std::uint64_t said, const std::string& sent) {
    return Send(kHr, {Start("unions/fh-1", said), Chunk(sent)});
  };
  EXPECT_THAT(send(file.size(), half), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(file.size(), ""), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(half.size(), file), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(0, file), Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_THAT(send(kImportFileBytesMax + 1, file),
              Refuses(Reason::kInvalidField, "start.size_bytes"));
  EXPECT_EQ(LastRecord(), records);
  EXPECT_OK(send(file.size(), file));
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
