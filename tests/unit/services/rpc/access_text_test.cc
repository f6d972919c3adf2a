// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/access_text.h"

#include "ledger/base/limits.h"
#include "puhui/v1/access_service.pb.h"
#include "puhui/v1/audit_service.pb.h"
#include "puhui/v1/member_service.pb.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(AccessTextTest, SaysWhatWasAskedForByNamesAndNumbers) {
  v1::GetAccountRequest account;
  account.set_kind(v1::ACCOUNT_KIND_BUDGET);
  account.set_owner("unions/fh-1");
  account.set_as_of_sequence(1'234'567);
  EXPECT_EQ(FilterText(account),
            "kind: ACCOUNT_KIND_BUDGET, owner: unions/fh-1, as_of_sequence: 1234567");
  v1::ListAccessesRequest list;
  list.mutable_from_time()->set_seconds(1'735'689'600);
  list.set_rpc("AuditService/ListRecords");
  list.set_page_token("secret");
  EXPECT_EQ(FilterText(list), "from_time: 2025-01-01T00:00:00Z, rpc: AuditService/ListRecords");
  EXPECT_EQ(FilterText(v1::GetTrialBalanceRequest()), "");
}

TEST(AccessTextTest, AMembersPseudonymIsShown) {
  v1::RevealMemberRequest reveal;
  reveal.set_name("members/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  reveal.set_request_id("6f1b");
  EXPECT_EQ(FilterText(reveal), "name: members/01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

// Whatever somebody types into a field that is about a person stays out of the journal.
TEST(AccessTextTest, NothingThatMayBeAboutAPersonIsShown) {
  v1::LookupMemberRequest lookup;
  lookup.set_card_number("88000000000017");
  EXPECT_THAT(FilterText(lookup), AllOf(HasSubstr("<14 bytes>"), Not(HasSubstr("8800"))));
  for (const char* text : {"王小明", "Wang", "wang", "E1024", "13912345678", "members/王小明",
                           "members/350102199001011234", "unions/350102199001011234"}) {
    v1::RevealMemberRequest reveal;
    reveal.set_name(text);
    reveal.set_reason(text);
    EXPECT_THAT(FilterText(reveal), Not(HasSubstr(text))) << text;
  }
}

TEST(AccessTextTest, LongListsAndManyFieldsAreCut) {
  v1::BatchCreateMembersRequest batch;
  for (int i = 0; i < 5'000; ++i) batch.add_members()->set_full_name("王小明");
  const std::string text = FilterText(batch);
  EXPECT_LE(text.size(), kAccessFilterBytesMax);
  EXPECT_THAT(text, AllOf(HasSubstr("and 4992 more"), Not(HasSubstr("王"))));
}

TEST(AccessTextTest, RowsAreElementsOfLists) {
  v1::ListRecordsResponse list;
  EXPECT_EQ(RowsOf(list), 0U);
  list.add_records();
  list.add_records();
  EXPECT_EQ(RowsOf(list), 2U);
  EXPECT_EQ(RowsOf(v1::GetCheckpointResponse()), 1U);
}

TEST(AccessTextTest, AWatchThatSaysHowFarItIsHasNoRow) {
  v1::WatchRecordsResponse message;
  message.set_next_sequence(7);
  EXPECT_EQ(RowsOf(message), 0U);
  message.mutable_record();
  EXPECT_EQ(RowsOf(message), 1U);
}

}  // namespace
}  // namespace puhui::services
