// SPDX-License-Identifier: Apache-2.0
#include "services/auth/identity.h"

#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace puhui::services {
namespace {

constexpr char kDomain[] = "welfare.example";

absl::StatusOr<Principal> Parse(absl::string_view path) {
  return ParseSpiffeUri(absl::StrCat("spiffe://", kDomain, path), kDomain);
}

struct GoodRow {
  const char* path;
  Role role;
  const char* scope;
  const char* person;
};

TEST(IdentityTest, ReadsEveryRoleWithItsScope) {
  const GoodRow rows[] = {
      {"/operator", Role::kOperator, "", "/operator"},
      {"/operator/people/wang-1", Role::kOperator, "", "people/wang-1"},
      {"/union-admin/unions/fh-1", Role::kUnionAdmin, "unions/fh-1", "/union-admin/unions/fh-1"},
      {"/hr/unions/fh-1/people/li-4", Role::kHr, "unions/fh-1", "people/li-4"},
      {"/finance/unions/fh-1", Role::kFinance, "unions/fh-1", "/finance/unions/fh-1"},
      {"/approver/unions/fh-1", Role::kApprover, "unions/fh-1", "/approver/unions/fh-1"},
      {"/auditor", Role::kAuditor, "", "/auditor"},
      {"/auditor/unions/wuhan", Role::kAuditor, "unions/wuhan", "/auditor/unions/wuhan"},
      {"/auditor/people/zhao", Role::kAuditor, "", "people/zhao"},
      {"/merchant/merchants/m-7", Role::kMerchant, "merchants/m-7", "/merchant/merchants/m-7"},
      {"/terminal/merchants/m-7/terminals/t-2", Role::kTerminal, "merchants/m-7/terminals/t-2",
       "/terminal/merchants/m-7/terminals/t-2"},
      {"/member/members/01ARZ3NDEKTSV4RRFFQ69G5FAV", Role::kMember,
       "members/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/member/members/01ARZ3NDEKTSV4RRFFQ69G5FAV"},
      {"/pos/merchants/m-7", Role::kPos, "merchants/m-7", "/pos/merchants/m-7"},
      {"/mall/merchants/m-7", Role::kMall, "merchants/m-7", "/mall/merchants/m-7"},
      {"/supervisor", Role::kSupervisor, "", "/supervisor"},
      {"/witness/people/wu", Role::kWitness, "", "people/wu"},
      {"/supervisor/unions/wuhan/people/qian", Role::kSupervisor, "unions/wuhan", "people/qian"},
      {"/installer", Role::kInstaller, "", "/installer"},
      {"/installer/people/sun", Role::kInstaller, "", "people/sun"},
  };
  for (const GoodRow& row : rows) {
    SCOPED_TRACE(row.path);
    ASSERT_OK_AND_ASSIGN(const Principal principal, Parse(row.path));
    EXPECT_EQ(principal.role, row.role);
    EXPECT_EQ(principal.scope, row.scope);
    EXPECT_EQ(principal.person, row.person);
    EXPECT_EQ(principal.caller, row.path);
  }
}

TEST(IdentityTest, KeepsTheIdsOfTheScope) {
  ASSERT_OK_AND_ASSIGN(const Principal terminal, Parse("/terminal/merchants/m-7/terminals/t-2"));
  EXPECT_EQ(terminal.merchant_id.text(), "m-7");
  EXPECT_EQ(terminal.terminal_id.text(), "t-2");
  ASSERT_OK_AND_ASSIGN(const Principal hr, Parse("/hr/unions/fh-1"));
  EXPECT_EQ(hr.union_id.text(), "fh-1");
  ASSERT_OK_AND_ASSIGN(const Principal member, Parse("/member/members/01ARZ3NDEKTSV4RRFFQ69G5FAV"));
  EXPECT_EQ(member.member_id.ToString(), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
}

TEST(IdentityTest, OnePersonWithTwoRolesIsOnePerson) {
  ASSERT_OK_AND_ASSIGN(const Principal hr, Parse("/hr/unions/fh-1/people/li-4"));
  ASSERT_OK_AND_ASSIGN(const Principal approver, Parse("/approver/unions/fh-1/people/li-4"));
  EXPECT_EQ(hr.person, approver.person);
  EXPECT_NE(hr.caller, approver.caller);
}

TEST(IdentityTest, RefusesWhatIsNotOurs) {
  const std::string rows[] = {"",
                              "/",
                              "//",
                              "/operator/",
                              "/operator/unions/fh-1",
                              "/king",
                              "/Operator",
                              "/hr",
                              "/hr/",
                              "/hr/unions",
                              "/hr/unions/",
                              "/hr/unions/fh-1/",
                              "/hr/unions/FH-1",
                              "/hr/unions/-a",
                              "/hr/unions/a/unions/b",
                              "/hr/merchants/m-7",
                              "/merchant/unions/fh-1",
                              "/merchant",
                              "/merchant/merchants/m-7/terminals/t-2",
                              "/pos",
                              "/pos/unions/fh-1",
                              "/pos/merchants/m-7/terminals/t-2",
                              "/mall",
                              "/mall/malls/m-7",
                              "/mall/merchants/m-7/terminals/t-2",
                              "/installer/",
                              "/installer/merchants/m-7",
                              "/terminal/merchants/m-7",
                              "/terminal/merchants/m-7/stores/s-1",
                              "/terminal/merchants/m-7/terminals/",
                              "/terminal/terminals/t-2/merchants/m-7",
                              "/member",
                              "/member/members/me",
                              "/member/members/01arz3ndektsv4rrffq69g5fav",
                              "/hr/unions/fh-1/people",
                              "/hr/unions/fh-1/people/",
                              "/hr/unions/fh-1/people/Li",
                              "/hr/people/li-4",
                              "/hr/unions/fh-1/people/a/people/b",
                              "/hr/unions/fh-1?x=1",
                              "/hr/unions/fh-1#x",
                              "/hr/unions/fh%2d1",
                              "/hr/../operator",
                              std::string("/operator\0", 10),
                              "/hr/unions/" + std::string(300, 'a')};
  for (const std::string& row : rows) {
    EXPECT_THAT(Parse(row), HasCode(absl::StatusCode::kUnauthenticated)) << row;
  }
}

TEST(IdentityTest, RefusesOtherSchemesAndTrustDomains) {
  for (const char* uri :
       {"", "spiffe://", "spiffe://welfare.example", "https://welfare.example/operator",
        "SPIFFE://welfare.example/operator", "spiffe://welfare.example.evil/operator",
        "spiffe://evil/operator", "spiffe://evil@welfare.example/operator",
        "spiffe://welfare.example:443/operator", "spiffe:///operator", "/operator"}) {
    EXPECT_THAT(ParseSpiffeUri(uri, kDomain), HasCode(absl::StatusCode::kUnauthenticated)) << uri;
  }
}

}  // namespace
}  // namespace puhui::services
