// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/services/issuing/issuing_fixture.h"

#include <functional>

namespace puhui::services {
namespace {

using ledger::Reason;
using ::testing::ElementsAre;

// fh-1 > (fh-1-a > fh-1-a-b, fh-1-c), and gz-2 beside it.
class UnionTreeServiceTest : public IssuingTest {
 protected:
  UnionTreeServiceTest() {
    EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1-a", "unions/fh-1")));
    EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1-a-b", "unions/fh-1-a")));
    EXPECT_OK(CreateUnion(kOperatorPath, UnionWish("fh-1-c", "unions/fh-1")));
  }

  absl::StatusOr<v1::ListUnionsResponse> List(const std::string& path,
                                              const v1::ListUnionsRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::ListUnions, path, request);
  }
  static v1::ListUnionsRequest ListWish(const std::string& parent, int levels = 0,
                                        int page_size = 0, const std::string& page_token = "") {
    v1::ListUnionsRequest request;
    request.set_parent(parent);
    request.set_levels(levels);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    return request;
  }
  static std::vector<std::string> Nodes(const v1::ListUnionsResponse& response) {
    std::vector<std::string> nodes;
    for (const v1::UnionNode& node : response.nodes()) {
      nodes.push_back(absl::StrCat(node.level(), " ", node.union_().name()));
    }
    return nodes;
  }
  v1::UpdateUnionRequest UpdateWish(const std::vector<std::string>& paths) {
    v1::UpdateUnionRequest request;
    request.set_request_id(NextRequestId());
    request.mutable_union_()->set_name("unions/fh-1");
    for (const std::string& path : paths) request.mutable_update_mask()->add_paths(path);
    return request;
  }
  absl::StatusOr<v1::UpdateUnionResponse> Update(const std::string& path,
                                                 const v1::UpdateUnionRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::UpdateUnion, path, request);
  }
  v1::MoveUnionRequest MoveWish(const std::string& name, const std::string& parent) {
    v1::MoveUnionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    request.set_parent(parent);
    return request;
  }
  absl::StatusOr<v1::MoveUnionResponse> Move(const std::string& path,
                                             const v1::MoveUnionRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::MoveUnion, path, request);
  }
  v1::CloseUnionRequest CloseWish(const std::string& name) {
    v1::CloseUnionRequest request;
    request.set_request_id(NextRequestId());
    request.set_name(name);
    return request;
  }
  absl::StatusOr<v1::CloseUnionResponse> Close(const std::string& path,
                                               const v1::CloseUnionRequest& request) {
    return Ask(*unions_, &v1::UnionService::Stub::CloseUnion, path, request);
  }
};

TEST_F(UnionTreeServiceTest, ListsASubtreeAsItsCallersMaySeeIt) {
  ASSERT_OK_AND_ASSIGN(const auto named, List(kAuditor, ListWish("unions/fh-1")));
  EXPECT_THAT(Nodes(named), ElementsAre("0 unions/fh-1", "1 unions/fh-1-a", "2 unions/fh-1-a-b",
                                        "1 unions/fh-1-c"));
  EXPECT_EQ(named.nodes(1).union_().display_name(), "工会 fh-1-a");
  EXPECT_EQ(named.nodes(1).union_().parent(), "unions/fh-1");
  EXPECT_EQ(named.nodes(1).union_().effective_settings().locale(), "zh-CN");
  // Without a name: all that the scope takes in.
  ASSERT_OK_AND_ASSIGN(const auto own, List(kHr, ListWish("")));
  EXPECT_EQ(Nodes(own), Nodes(named));
  ASSERT_OK_AND_ASSIGN(const auto all, List(kOperatorPath, ListWish("", 1)));
  EXPECT_THAT(Nodes(all),
              ElementsAre("0 unions/fh-1", "1 unions/fh-1-a", "1 unions/fh-1-c", "0 unions/gz-2"));
  ASSERT_OK_AND_ASSIGN(const auto below, List("/hr/unions/fh-1-a", ListWish("")));
  EXPECT_THAT(Nodes(below), ElementsAre("0 unions/fh-1-a", "1 unions/fh-1-a-b"));
  EXPECT_THAT(List(kOutsider, ListWish("unions/fh-1")), Refuses(Reason::kNotFound));
  EXPECT_THAT(List("/hr/unions/fh-1-a", ListWish("unions/fh-1")), Refuses(Reason::kNotFound));
}

TEST_F(UnionTreeServiceTest, PagesThroughTheTree) {
  std::vector<std::string> nodes;
  std::string token;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, List(kHr, ListWish("unions/fh-1", 0, 1, token)));
    ASSERT_EQ(page.nodes_size(), 1);
    for (const std::string& node : Nodes(page)) nodes.push_back(node);
    token = page.next_page_token();
    if (nodes.size() == 2) {
      // A token is good for its own list only.
      EXPECT_THAT(List(kHr, ListWish("unions/fh-1", 1, 1, token)),
                  Refuses(Reason::kInvalidField, "page_token"));
      EXPECT_THAT(List(kHr, ListWish("", 0, 1, token)),
                  Refuses(Reason::kInvalidField, "page_token"));
      EXPECT_THAT(List(kHr, ListWish("unions/fh-1", 0, 1, token + "A")),
                  Refuses(Reason::kInvalidField, "page_token"));
    }
  } while (!token.empty());
  EXPECT_THAT(nodes, ElementsAre("0 unions/fh-1", "1 unions/fh-1-a", "2 unions/fh-1-a-b",
                                 "1 unions/fh-1-c"));
  EXPECT_THAT(List(kHr, ListWish("", -1)), Refuses(Reason::kInvalidField, "levels"));
  EXPECT_THAT(List(kHr, ListWish("", 0, 1'001)), Refuses(Reason::kInvalidField, "page_size"));
  EXPECT_THAT(List(kHr, ListWish("fh-1")), Refuses(Reason::kInvalidField, "parent"));
}

// The same words mean another list to another caller.
TEST_F(UnionTreeServiceTest, ATokenOfAnothersListIsRefused) {
  ASSERT_OK_AND_ASSIGN(const auto page, List(kOperatorPath, ListWish("", 0, 1)));
  EXPECT_THAT(List("/hr/unions/fh-1-a", ListWish("", 0, 1, page.next_page_token())),
              Refuses(Reason::kInvalidField, "page_token"));
}

TEST_F(UnionTreeServiceTest, UpdatesWhatTheMaskNamesAndNothingElse) {
  v1::UpdateUnionRequest request = UpdateWish({"display_name", "settings.locale"});
  request.mutable_union_()->set_display_name("飞虹工会");
  request.mutable_union_()->set_kind(v1::UNION_KIND_CITY);
  request.mutable_union_()->mutable_settings()->set_locale("en");
  request.mutable_union_()->mutable_settings()->set_time_zone("Asia/Urumqi");
  ASSERT_OK_AND_ASSIGN(const auto updated, Update(kAdminPath, request));
  EXPECT_EQ(updated.union_().display_name(), "飞虹工会");
  EXPECT_EQ(updated.union_().kind(), v1::UNION_KIND_ENTERPRISE);
  EXPECT_EQ(updated.union_().settings().locale(), "en");
  EXPECT_EQ(updated.union_().settings().time_zone(), "");
  ASSERT_OK_AND_ASSIGN(const v1::Union read, GetUnion(kHr, "unions/fh-1"));
  EXPECT_EQ(read.display_name(), "飞虹工会");
  EXPECT_EQ(read.etag(), updated.union_().etag());
  EXPECT_EQ(read.effective_settings().time_zone(), "Asia/Shanghai");
  // What is below has it from above, until it is set there.
  ASSERT_OK_AND_ASSIGN(const v1::Union below, GetUnion(kHr, "unions/fh-1-a-b"));
  EXPECT_EQ(below.settings().locale(), "");
  EXPECT_EQ(below.effective_settings().locale(), "en");
}

TEST_F(UnionTreeServiceTest, SetsPoliciesAndInheritsThemAgain) {
  v1::UpdateUnionRequest request = UpdateWish(
      {"settings.approval_policy", "settings.leave_policy", "settings.time_zone", "kind"});
  v1::UnionSettings& settings = *request.mutable_union_()->mutable_settings();
  settings.mutable_approval_policy()->set_approvers(1);
  settings.mutable_approval_policy()->set_two_above_points(50'000);
  settings.set_leave_policy(v1::LEAVE_POLICY_RETURN);
  settings.set_time_zone("Asia/Urumqi");
  request.mutable_union_()->set_kind(v1::UNION_KIND_CITY);
  ASSERT_OK(Update(kOperatorPath, request));
  ASSERT_OK_AND_ASSIGN(const v1::Union below, GetUnion(kHr, "unions/fh-1-a-b"));
  EXPECT_EQ(below.effective_settings().approval_policy().approvers(), 1);
  EXPECT_EQ(below.effective_settings().approval_policy().two_above_points(), 50'000);
  EXPECT_EQ(below.effective_settings().leave_policy(), v1::LEAVE_POLICY_RETURN);
  EXPECT_EQ(below.time_zone(), "Asia/Urumqi");
  EXPECT_FALSE(below.settings().has_approval_policy());
  ASSERT_OK_AND_ASSIGN(const v1::Union set, GetUnion(kHr, "unions/fh-1"));
  EXPECT_EQ(set.kind(), v1::UNION_KIND_CITY);
  // Named and not set.
  ASSERT_OK(Update(kAdminPath, UpdateWish({"settings.approval_policy", "settings.leave_policy"})));
  ASSERT_OK_AND_ASSIGN(const v1::Union again, GetUnion(kHr, "unions/fh-1"));
  EXPECT_FALSE(again.settings().has_approval_policy());
  EXPECT_EQ(again.effective_settings().approval_policy().approvers(), 1);
  EXPECT_EQ(again.effective_settings().approval_policy().two_above_points(), 0);
  EXPECT_EQ(again.effective_settings().leave_policy(), v1::LEAVE_POLICY_KEEP);
  EXPECT_EQ(again.time_zone(), "Asia/Urumqi");
}

TEST_F(UnionTreeServiceTest, EachMalformedFieldOfAnUpdateIsNamed) {
  using Request = v1::UpdateUnionRequest;
  const auto settings = [](Request* r) { return r->mutable_union_()->mutable_settings(); };
  const auto approvers = [&](Request* r, int count, std::int64_t above) {
    settings(r)->mutable_approval_policy()->set_approvers(count);
    settings(r)->mutable_approval_policy()->set_two_above_points(above);
  };
  const auto path = [](Request* r, const char* text) { r->mutable_update_mask()->add_paths(text); };
  const std::pair<const char*, std::function<void(Request*)>> cases[] = {
      {"request_id", [](Request* r) { r->clear_request_id(); }},
      {"union.name", [](Request* r) { r->mutable_union_()->set_name("fh-1"); }},
      {"update_mask", [](Request* r) { r->clear_update_mask(); }},
      {"update_mask", [&](Request* r) { path(r, "*"); }},
      {"update_mask", [&](Request* r) { path(r, "parent"); }},
      {"update_mask", [&](Request* r) { path(r, "settings"); }},
      {"update_mask", [&](Request* r) { path(r, "settings.timeZone"); }},
      {"union.display_name", [&](Request* r) { path(r, "display_name"); }},
      {"union.kind", [&](Request* r) { path(r, "kind"); }},
      {"union.settings.time_zone",
       [&](Request* r) {
         path(r, "settings.time_zone");
         settings(r)->set_time_zone("Asia/Nowhere");
       }},
      {"union.settings.locale", [&](Request* r) { settings(r)->set_locale("de"); }},
      {"union.settings.locale", [&](Request* r) { settings(r)->set_locale("zh-cn"); }},
      {"union.settings.approval_policy.approvers", [&](Request* r) { approvers(r, 0, 0); }},
      {"union.settings.approval_policy.approvers", [&](Request* r) { approvers(r, 6, 0); }},
      {"union.settings.approval_policy.two_above_points", [&](Request* r) { approvers(r, 1, -1); }},
      {"union.settings.approval_policy.two_above_points",
       [&](Request* r) { approvers(r, 1, Points::kMax + 1); }},
      {"union.settings.leave_policy",
       [&](Request* r) { settings(r)->set_leave_policy(static_cast<v1::LeavePolicy>(7)); }},
  };
  for (const auto& [field, spoil] : cases) {
    Request request =
        UpdateWish({"settings.locale", "settings.approval_policy", "settings.leave_policy"});
    spoil(&request);
    // Shape comes before permission: the union is outside the caller's scope.
    EXPECT_THAT(Update("/union-admin/unions/gz-2", request), Refuses(Reason::kInvalidField, field));
  }
}

TEST_F(UnionTreeServiceTest, AStaleEtagAborts) {
  ASSERT_OK_AND_ASSIGN(const v1::Union read, GetUnion(kHr, "unions/fh-1"));
  v1::UpdateUnionRequest request = UpdateWish({"settings.locale"});
  request.mutable_union_()->set_etag(read.etag());
  ASSERT_OK(Update(kAdminPath, request));
  ASSERT_OK_AND_ASSIGN(const auto again, Update(kAdminPath, request));  // A retry is no change.
  EXPECT_NE(again.union_().etag(), read.etag());
  request.set_request_id(NextRequestId());
  const auto stale = Update(kAdminPath, request);
  EXPECT_THAT(stale, Refuses(Reason::kEtagMismatch, "union.etag"));
  EXPECT_THAT(stale, HasCode(absl::StatusCode::kAborted));
  v1::MoveUnionRequest move = MoveWish("unions/fh-1", "unions/gz-2");
  move.set_etag(read.etag());
  EXPECT_THAT(Move(kOperatorPath, move), Refuses(Reason::kEtagMismatch, "etag"));
  v1::CloseUnionRequest close = CloseWish("unions/gz-2");
  close.set_etag(read.etag());
  EXPECT_THAT(Close(kOperatorPath, close), Refuses(Reason::kEtagMismatch, "etag"));
}

TEST_F(UnionTreeServiceTest, OnlyAdminsOfBothPlacesChangeTheTree) {
  EXPECT_THAT(Update(kHr, UpdateWish({"kind"})), Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Move(kHr, MoveWish("unions/fh-1-a", "unions/fh-1-c")),
              Refuses(Reason::kPermissionDenied));
  EXPECT_THAT(Close(kHr, CloseWish("unions/fh-1-c")), Refuses(Reason::kPermissionDenied));
  const std::string outside = "/union-admin/unions/gz-2";
  EXPECT_THAT(Update(outside, UpdateWish({"settings.locale"})), Refuses(Reason::kNotFound));
  EXPECT_THAT(Close(outside, CloseWish("unions/fh-1-c")), Refuses(Reason::kNotFound));
  EXPECT_THAT(Move(outside, MoveWish("unions/fh-1-a", "unions/gz-2")), Refuses(Reason::kNotFound));
  EXPECT_THAT(Move(kAdminPath, MoveWish("unions/fh-1-a", "unions/gz-2")),
              Refuses(Reason::kNotFound));
  EXPECT_THAT(Move(kAdminPath, MoveWish("unions/fh-1-a", "")), Refuses(Reason::kNotFound));
  EXPECT_THAT(Move(kAdminPath, MoveWish("unions/fh-1", "unions/fh-1-a")),
              Refuses(Reason::kUnionCycle, "parent"));
  EXPECT_THAT(Move(kAdminPath, MoveWish("fh-1", "unions/fh-1-a")),
              Refuses(Reason::kInvalidField, "name"));
  EXPECT_THAT(Move(kAdminPath, MoveWish("unions/fh-1", "fh-1-a")),
              Refuses(Reason::kInvalidField, "parent"));
  EXPECT_OK(Move(kAdminPath, MoveWish("unions/fh-1-a", "unions/fh-1-c")));
  EXPECT_OK(Move(kOperatorPath, MoveWish("unions/fh-1-a", "")));
}

TEST_F(UnionTreeServiceTest, WhoMaySeeAndDoFollowsTheTreeAsItIsNow) {
  const std::vector<std::string> people = Enrol(1, 1, "unions/fh-1-a-b");
  const v1::MoveUnionRequest wish = MoveWish("unions/fh-1-a", "unions/gz-2");
  ASSERT_OK_AND_ASSIGN(const auto moved, Move(kOperatorPath, wish));
  EXPECT_EQ(moved.name(), "unions/fh-1-a");
  EXPECT_EQ(moved.parent(), "unions/gz-2");
  EXPECT_EQ(moved.former_parent(), "unions/fh-1");
  EXPECT_TRUE(moved.has_move_time());
  // Those of the old place see it no more, those of the new one do, and its own people still do.
  EXPECT_THAT(GetUnion(kHr, "unions/fh-1-a-b"), Refuses(Reason::kNotFound));
  EXPECT_OK(GetUnion(kOutsider, "unions/fh-1-a-b"));
  EXPECT_OK(GetUnion("/hr/unions/fh-1-a", "unions/fh-1-a-b"));
  v1::GetMemberRequest member;
  member.set_name(people.at(0));
  EXPECT_THAT(Ask(*members_, &v1::MemberService::Stub::GetMember, kHr, member),
              Refuses(Reason::kNotFound));
  EXPECT_OK(Ask(*members_, &v1::MemberService::Stub::GetMember, kOutsider, member));
  ASSERT_OK_AND_ASSIGN(const v1::Union read, GetUnion(kOutsider, "unions/fh-1-a"));
  EXPECT_EQ(read.parent(), "unions/gz-2");
  EXPECT_EQ(read.etag(), moved.etag());
  // The first outcome wins, whatever was moved since.
  ASSERT_OK(Move(kOperatorPath, MoveWish("unions/fh-1-a", "unions/fh-1")));
  ASSERT_OK_AND_ASSIGN(const auto again, Move(kOperatorPath, wish));
  EXPECT_EQ(again.SerializeAsString(), moved.SerializeAsString());
  EXPECT_THAT(GetUnion(kOutsider, "unions/fh-1-a-b"), Refuses(Reason::kNotFound));
}

TEST_F(UnionTreeServiceTest, AClosedUnionCanBeReadAndNothingElse) {
  EXPECT_THAT(Close(kAdminPath, CloseWish("unions/fh-1-a")),
              Refuses(Reason::kUnionHasChildren, "name"));
  EXPECT_THAT(Close(kAdminPath, CloseWish("fh-1-a")), Refuses(Reason::kInvalidField, "name"));
  const v1::CloseUnionRequest wish = CloseWish("unions/fh-1-c");
  ASSERT_OK_AND_ASSIGN(const auto closed, Close(kAdminPath, wish));
  ASSERT_OK_AND_ASSIGN(const auto again, Close(kAdminPath, wish));
  EXPECT_EQ(again.SerializeAsString(), closed.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const v1::Union read, GetUnion(kHr, "unions/fh-1-c"));
  EXPECT_EQ(read.state(), v1::UNION_STATE_CLOSED);
  EXPECT_EQ(read.etag(), closed.etag());
  EXPECT_EQ(read.close_time().nanos(), closed.close_time().nanos());
  EXPECT_OK(List(kHr, ListWish("unions/fh-1-c")));
  EXPECT_THAT(Close(kAdminPath, CloseWish("unions/fh-1-c")), Refuses(Reason::kUnionClosed, "name"));
  v1::UpdateUnionRequest update = UpdateWish({"settings.locale"});
  update.mutable_union_()->set_name("unions/fh-1-c");
  EXPECT_THAT(Update(kAdminPath, update), Refuses(Reason::kUnionClosed, "union.name"));
  EXPECT_THAT(CreateUnion(kAdminPath, UnionWish("fh-1-d", "unions/fh-1-c")),
              Refuses(Reason::kUnionClosed, "parent"));
  v1::BatchCreateMembersRequest batch;
  batch.set_request_id(NextRequestId());
  batch.set_union_("unions/fh-1-c");
  *batch.add_members() = Person(1);
  EXPECT_THAT(BatchCreate(kHr, batch), Refuses(Reason::kUnionClosed, "union"));
}

}  // namespace
}  // namespace puhui::services
