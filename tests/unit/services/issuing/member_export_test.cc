// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/journal_reader.h"
#include "services/issuing/member_privacy.h"
#include "tests/unit/services/issuing/members_fixture.h"

#include "absl/strings/str_cat.h"

#include <algorithm>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class MemberExportTest : public MembersTest {
 protected:
  v1::ExportMembersRequest Wish(const std::string& reason = "yearly check") {
    v1::ExportMembersRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_("unions/fh-1");
    request.set_reason(reason);
    return request;
  }
  absl::StatusOr<std::string> Export(const v1::ExportMembersRequest& request,
                                     const std::string& path = kHr) {
    const auto context = As(path);
    const auto reader = members_->ExportMembers(context.get(), request);
    std::string file;
    rows_ = 0;
    for (v1::ExportMembersResponse part; reader->Read(&part);) {
      file += part.chunk();
      rows_ += part.rows();
    }
    const grpc::Status status = reader->Finish();
    if (!status.ok()) return FromGrpcStatus(status);
    return file;
  }
  std::uint64_t rows_ = 0;
};

TEST_F(MemberExportTest, EverybodyWhoIsThereIsHandedOutOnTheRecord) {
  const v1::NewMember first = Person(1);
  AddPerson(1);
  AddPerson(2);
  const std::string gone = AddPerson(3);
  ASSERT_OK(Named(&Stub::RemoveMember, gone));
  const Sequence before = LastRecord();
  ASSERT_OK_AND_ASSIGN(const std::string file, Export(Wish()));
  EXPECT_EQ(rows_, 2U);
  EXPECT_THAT(file, StartsWith("\xEF\xBB\xBF"
                               "external_id,name,id_number,mobile,department,employment\r\n"));
  // Long numbers come out of a spreadsheet as they went in.
  EXPECT_THAT(file, HasSubstr(absl::StrCat(first.external_id(), ",", first.full_name(), ",\"\t",
                                           first.id_number(), "\",")));
  EXPECT_THAT(file, HasSubstr(Person(2).id_number()));
  EXPECT_THAT(file, Not(HasSubstr(Person(3).id_number())));
  EXPECT_EQ(LastRecord(), before + 1);
  ASSERT_OK_AND_ASSIGN(const std::string bytes, ledger::ReadRecord(ledger_.store, LastRecord()));
  journal::v1::Record record;
  ASSERT_TRUE(record.ParseFromString(bytes));
  EXPECT_EQ(record.members_exported().reason(), "yearly check");
  EXPECT_EQ(record.members_exported().person(), "people/hr-1");
}

TEST_F(MemberExportTest, ManyPeopleComeInManyMessagesAndAsOneFile) {
  Enrol(1, 1'201);
  ASSERT_OK_AND_ASSIGN(const std::string file, Export(Wish()));
  EXPECT_EQ(rows_, 1'201U);
  EXPECT_EQ(std::count(file.begin(), file.end(), '\n'), 1'202);
  EXPECT_EQ(file.find("\xEF\xBB\xBF", 1), std::string::npos);
  EXPECT_THAT(file, EndsWith("\r\n"));
}

TEST_F(MemberExportTest, AUnionWithoutMembersIsAHeadingLine) {
  ASSERT_OK_AND_ASSIGN(const std::string file, Export(Wish()));
  EXPECT_EQ(rows_, 0U);
  EXPECT_EQ(std::count(file.begin(), file.end(), '\n'), 1);
}

TEST_F(MemberExportTest, WhoMayNotOrGivesNoReasonGetsNothingAndLeavesNoRecord) {
  AddPerson(1);
  const Sequence before = LastRecord();
  EXPECT_THAT(Export(Wish(), kOutsider), Refuses(Reason::kNotFound));
  EXPECT_THAT(Export(Wish(), kApprover), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Export(Wish("")), Refuses(Reason::kInvalidField, "reason"));
  EXPECT_THAT(Export(Wish("of 13912345678")), Refuses(Reason::kInvalidField, "reason"));
  v1::ExportMembersRequest wish = Wish();
  wish.set_hr_system("No such");
  EXPECT_THAT(Export(wish), Refuses(Reason::kInvalidField, "hr_system"));
  wish = Wish();
  wish.set_request_id("7");
  EXPECT_THAT(Export(wish), Refuses(Reason::kInvalidField, "request_id"));
  EXPECT_EQ(LastRecord(), before);
}

TEST_F(MemberExportTest, AskedAgainItIsOneRecord) {
  AddPerson(1);
  const v1::ExportMembersRequest wish = Wish();
  ASSERT_OK_AND_ASSIGN(const std::string file, Export(wish));
  const Sequence before = LastRecord();
  ASSERT_OK_AND_ASSIGN(const std::string again, Export(wish));
  EXPECT_EQ(again, file);
  EXPECT_EQ(LastRecord(), before);
  clock_.Advance(kLookRepeats + absl::Seconds(1));
  EXPECT_THAT(Export(wish), Refuses(Reason::kRequestIdReused, "request_id"));
  v1::ExportMembersRequest other = wish;
  other.set_reason("another");
  EXPECT_THAT(Export(other), Refuses(Reason::kRequestIdReused));
}

}  // namespace
}  // namespace puhui::services
