// SPDX-License-Identifier: Apache-2.0
// Pages of whoever is confined to a union with hundreds below it, while unions come and move.
#include "tests/unit/services/merchant/pos_fixture.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace puhui::services {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class SubtreePagesTest : public PosTest {
 protected:
  static constexpr char kUnionAuditor[] = "/auditor/unions/fh-1";
  static constexpr int kTeams = 300;
  static constexpr int kPageSize = 40;

  void Found(const std::string& id, const std::string& parent) {
    ASSERT_OK(CreateUnion(kOperatorPath, UnionWish(id, parent)));
  }
  void Move(const std::string& name, const std::string& parent) {
    v1::MoveUnionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    request.set_parent(parent);
    ASSERT_OK(Ask(*unions_, &v1::UnionService::Stub::MoveUnion, kOperatorPath, request));
  }
  // Which unions were founded, page by page. `between` is called after the first.
  template <class Between>
  std::vector<std::string> PagesOfFounded(bool newest_first, Between between) {
    v1::QueryRecordsRequest request;
    request.mutable_filter()->set_in_union("unions/fh-1");
    request.mutable_filter()->add_kinds("union_created");
    request.set_newest_first(newest_first);
    request.set_page_size(kPageSize);
    std::vector<std::string> pages;
    do {
      const auto page = Ask(*audit_, &v1::AuditService::Stub::QueryRecords, kUnionAuditor, request);
      EXPECT_OK(page);
      if (!page.ok()) return pages;
      std::string told;
      for (const v1::RecordView& record : page->records()) told += record.json();
      pages.push_back(std::move(told));
      if (pages.size() == 1) between();
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return pages;
  }
};

TEST_F(SubtreePagesTest, ShowASubtreeUntilItMovesAndNotOnTheNextPage) {
  Found("goes", "unions/fh-1");
  for (int i = 0; i < kTeams; ++i) Found(absl::StrCat("team-", i), "unions/goes");
  // With fh-1 and the one between.
  constexpr std::size_t kPages = (kTeams + 2 + kPageSize - 1) / kPageSize;
  EXPECT_THAT(PagesOfFounded(/*newest_first=*/false, [] {}), SizeIs(kPages));
  for (const bool newest_first : {false, true}) {
    std::vector<std::string> pages =
        PagesOfFounded(newest_first, [&] { Move("unions/goes", "unions/gz-2"); });
    ASSERT_FALSE(pages.empty());
    EXPECT_THAT(pages.front(), HasSubstr("team-"));
    pages.erase(pages.begin());
    EXPECT_THAT(pages, Each(Not(HasSubstr("team-"))));
    Move("unions/goes", "unions/fh-1");
    EXPECT_THAT(PagesOfFounded(newest_first, [] {}), SizeIs(kPages)) << "it is back";
  }
}

TEST_F(SubtreePagesTest, ShowAUnionAsSoonAsItIsFounded) {
  for (const char* id : {"first", "second"}) {
    Found(id, "unions/fh-1");
    EXPECT_THAT(PagesOfFounded(/*newest_first=*/true, [] {}), ElementsAre(HasSubstr(id)));
  }
}

}  // namespace
}  // namespace puhui::services
