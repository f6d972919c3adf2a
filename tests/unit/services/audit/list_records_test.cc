// SPDX-License-Identifier: Apache-2.0
// The journal page by page, over an in-process channel.
#include "services/audit/record_view.h"
#include "tests/unit/services/merchant/pos_fixture.h"

#include <memory>
#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ledger::Reason;

class ListRecordsTest : public PosTest {
 protected:
  absl::StatusOr<v1::ListRecordsResponse> List(const std::string& path,
                                               const v1::ListRecordsRequest& request) {
    return Ask(*audit_, &v1::AuditService::Stub::ListRecords, path, request);
  }
  // Leaves so many records of some 60 KB each.
  void LeaveLongRecords(int count) {
    constexpr int kFirst = 1'001;
    constexpr int kPeople = 100;
    Enrol(kFirst, kFirst + kPeople - 1);
    ASSERT_OK(Create(kHr, CampaignWish("summer")));
    std::string why;
    for (std::size_t i = 0; i < kReasonCharactersMax; ++i) why += "慰";
    std::vector<v1::PlanRow> rows;
    for (int person = kFirst; person < kFirst + kPeople; ++person) {
      rows.push_back(ByNumber(absl::StrCat("E", person)));
      rows.back().set_reason(why);
    }
    for (int plan = 0; plan < count; ++plan) {
      ASSERT_OK(Send(kHr, {Start(NextRequestId(), rows.size(), "campaigns/summer"), Rows(rows)}));
    }
  }
};

TEST_F(ListRecordsTest, APageIsNoLongerThanItsBytes) {
  ASSERT_NO_FATAL_FAILURE(LeaveLongRecords(12));
  v1::ListRecordsRequest request;
  request.set_page_size(static_cast<int>(kPageSizeMax));
  Sequence told = 0;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const v1::ListRecordsResponse page, List(kAuditor, request));
    ASSERT_GT(page.records_size(), 0);
    for (const v1::RecordView& record : page.records()) EXPECT_EQ(record.sequence(), ++told);
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(told, LastRecord());
  EXPECT_LT(told, kPageSizeMax) << "by their number they are one page";
  EXPECT_EQ(pages, 2) << "of some 750 KB";
}

// Of an entry of many lines each takes ten bytes, and is told in a hundred.
TEST_F(ListRecordsTest, APageIsNoLongerThanItsText) {
  journal::v1::Record record;
  record.set_sequence(1);
  for (std::size_t i = 0; i < kPostingsPerEntryMax; ++i) {
    journal::v1::Posting& posting = *record.mutable_entry()->add_postings();
    posting.set_kind(journal::v1::ACCOUNT_KIND_BUDGET);
    posting.set_owner(1);
    posting.set_origin(1);
    posting.set_points(1);
  }
  const std::string bytes = record.SerializeAsString();
  ASSERT_OK_AND_ASSIGN(const Principal auditor, ParseSpiffeUri("spiffe://d/auditor", "d"));
  const std::unique_ptr<ledger::Readable> store = ledger_.engine->Read();
  RecordViewer viewer(&auditor, store.get());
  std::size_t stored = 0;
  std::size_t text = 0;
  ASSERT_OK_AND_ASSIGN(const v1::RecordView view, viewer.ViewOf(1, bytes));
  while (viewer.Fits(view, bytes.size())) {
    stored += bytes.size();
    text += view.ByteSizeLong();
  }
  EXPECT_LT(stored, kPageRecordBytesMax);
  EXPECT_LE(text, kMessageBytesMax / 4 * 3);
  EXPECT_GT(text, kMessageBytesMax / 2);
  // One that is longer than a page is a page of its own.
  RecordViewer another(&auditor, store.get());
  EXPECT_TRUE(another.Fits(view, kPageRecordBytesMax + 1));
  EXPECT_FALSE(another.Fits(view, 1));
}

TEST_F(ListRecordsTest, ATokenIsGoodForOneCaller) {
  v1::ListRecordsRequest request;
  request.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const v1::ListRecordsResponse first, List(kAuditor, request));
  ASSERT_FALSE(first.next_page_token().empty());
  request.set_page_token(first.next_page_token());
  ASSERT_OK_AND_ASSIGN(const v1::ListRecordsResponse second, List(kAuditor, request));
  ASSERT_EQ(second.records_size(), 1);
  EXPECT_EQ(second.records(0).sequence(), 2U);
  for (const char* other : {"/auditor/people/wang", kOperatorPath}) {
    EXPECT_THAT(List(other, request), Refuses(Reason::kInvalidField, "page_token")) << other;
  }
}

}  // namespace
}  // namespace puhui::services
