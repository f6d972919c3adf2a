// SPDX-License-Identifier: Apache-2.0
#include "services/auth/policy.h"

#include "puhui/v1/access_service.pb.h"
#include "puhui/v1/admin_service.pb.h"
#include "puhui/v1/audit_service.pb.h"
#include "puhui/v1/campaign_service.pb.h"
#include "puhui/v1/catalog_service.pb.h"
#include "puhui/v1/device_service.pb.h"
#include "puhui/v1/external_points_service.pb.h"
#include "puhui/v1/mall_service.pb.h"
#include "puhui/v1/member_service.pb.h"
#include "puhui/v1/merchant_service.pb.h"
#include "puhui/v1/notice_service.pb.h"
#include "puhui/v1/offer_report_service.pb.h"
#include "puhui/v1/order_service.pb.h"
#include "puhui/v1/payout_service.pb.h"
#include "puhui/v1/picture_service.pb.h"
#include "puhui/v1/pos_service.pb.h"
#include "puhui/v1/receipt_service.pb.h"
#include "puhui/v1/reconciliation_service.pb.h"
#include "puhui/v1/search_service.pb.h"
#include "puhui/v1/settlement_service.pb.h"
#include "puhui/v1/union_service.pb.h"
#include "puhui/v1/voucher_service.pb.h"
#include "puhui/v1/wallet_service.pb.h"
#include "tests/support/status_matchers.h"
#include "tests/unit/services/auth/api_comments.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace puhui::services::policy_test {
namespace {

using ::testing::ElementsAreArray;

constexpr char kDomain[] = "d";
constexpr char kMemberText[] = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

Principal Who(absl::string_view path) {
  return *ParseSpiffeUri(absl::StrCat("spiffe://", kDomain, path), kDomain);
}
template <class IdType>
IdType Make(absl::string_view text) {
  return *IdType::Parse(text, "id");
}

// province > city > works; harbour stands apart.
class ThreeStoreyTree final : public UnionTree {
 public:
  bool Covers(const UnionId& ancestor, const UnionId& union_id) const override {
    const std::vector<std::string> line = {"province", "city", "works"};
    const auto depth = [&line](const UnionId& id) {
      return std::find(line.begin(), line.end(), id.text()) - line.begin();
    };
    if (union_id.text() == "harbour") return ancestor == union_id;
    return depth(union_id) < 3 && depth(ancestor) <= depth(union_id);
  }
};

// Every service is declared in a file of its own; the files are linked because their messages are
// used here.
std::vector<std::string> DeclaredMethods() {
  std::vector<std::string> methods;
  for (const google::protobuf::FileDescriptor* file :
       {v1::GetUnionRequest::descriptor()->file(),
        v1::GetMemberRequest::descriptor()->file(),
        v1::GetCampaignRequest::descriptor()->file(),
        v1::GetWalletRequest::descriptor()->file(),
        v1::GetMerchantRequest::descriptor()->file(),
        v1::GetOfferRequest::descriptor()->file(),
        v1::PublishNoticeRequest::descriptor()->file(),
        v1::PurchaseRequest::descriptor()->file(),
        v1::PlaceOrderRequest::descriptor()->file(),
        v1::RedeemVoucherRequest::descriptor()->file(),
        v1::CutDayRequest::descriptor()->file(),
        v1::GetRecordRequest::descriptor()->file(),
        v1::GetStatusRequest::descriptor()->file(),
        v1::GetPayoutRunRequest::descriptor()->file(),
        v1::ComparePiecesRequest::descriptor()->file(),
        v1::EnrolDeviceRequest::descriptor()->file(),
        v1::EnableMallRequest::descriptor()->file(),
        v1::PayRequest::descriptor()->file(),
        v1::GetOfferReportRequest::descriptor()->file(),
        v1::SearchOffersRequest::descriptor()->file(),
        v1::UploadPictureRequest::descriptor()->file(),
        v1::ListAccessesRequest::descriptor()->file(),
        v1::GetReceiptRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m)->full_name());
      }
    }
  }
  return methods;
}

TEST(PolicyTest, HasOneRowPerDeclaredMethodAndNoOther) {
  std::vector<std::string> rows;
  for (const RpcRule& rule : RpcRules()) {
    rows.push_back(absl::StrCat("puhui.v1.", rule.service, ".", rule.name));
  }
  EXPECT_THAT(rows, ElementsAreArray(DeclaredMethods()));
}

TEST(PolicyTest, KnowsEveryServiceFileOfTheApi) {
  std::set<std::string> services;
  for (const RpcRule& rule : RpcRules()) services.insert(std::string(rule.service));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("proto/puhui/v1")) {
    if (absl::EndsWith(entry.path().string(), "_service.proto")) ++files;
  }
  EXPECT_EQ(services.size(), files);
}

// The roles among the words that follow "Callers:", up to the end of that sentence.
std::set<std::string> RolesNamedIn(const std::string& text) {
  std::set<std::string> roles;
  for (std::size_t i = 0; i < kRoleCount; ++i) {
    const std::string name(RoleName(static_cast<Role>(i)));
    for (const absl::string_view word : absl::StrSplit(text, absl::ByAnyChar(" ,"))) {
      if (word == name) roles.insert(name);
    }
  }
  return roles;
}

// What the comments promise about callers: method name to names of roles.
std::map<std::string, std::set<std::string>> Promises() {
  std::map<std::string, std::set<std::string>> promises;
  for (const auto& [method, text] : RpcComments()) {
    const std::size_t callers = text.find("Callers");
    const std::size_t colon = text.find(": ", callers);
    if (callers == std::string::npos || colon == std::string::npos) continue;
    absl::string_view named = absl::string_view(text).substr(colon + 2);
    named = named.substr(0, named.find_first_of(".;"));
    if (absl::ConsumePrefix(&named, "as ")) {
      promises[method] = promises.at(std::string(named.substr(0, named.find_first_of(" ,"))));
    } else {
      promises[method] = RolesNamedIn(std::string(named));
    }
  }
  return promises;
}

TEST(PolicyTest, AllowsExactlyTheCallersThatTheApiPromises) {
  const std::map<std::string, std::set<std::string>> promised = Promises();
  for (const RpcRule& rule : RpcRules()) {
    std::set<std::string> allowed;
    for (std::size_t i = 0; i < kRoleCount; ++i) {
      const Role role = static_cast<Role>(i);
      Principal principal;
      principal.role = role;
      const absl::Status status = Allow(principal, rule.rpc);
      if (status.ok()) {
        allowed.insert(std::string(RoleName(role)));
      } else {
        EXPECT_THAT(status, HasCode(absl::StatusCode::kPermissionDenied));
      }
    }
    ASSERT_TRUE(promised.count(std::string(rule.name)) == 1) << rule.name;
    EXPECT_EQ(allowed, promised.at(std::string(rule.name))) << rule.name;
  }
}

TEST(PolicyTest, OnlyTheTillAndTheMerchantTakePoints) {
  EXPECT_OK(Allow(Who("/terminal/merchants/m-7/terminals/t-2"), Rpc::kPurchase));
  EXPECT_OK(Allow(Who("/merchant/merchants/m-7"), Rpc::kPurchase));
  EXPECT_OK(Allow(Who("/pos/merchants/m-7"), Rpc::kPurchase));
  for (const char* path :
       {"/operator", "/hr/unions/city", "/union-admin/unions/city", "/auditor"}) {
    EXPECT_THAT(Allow(Who(path), Rpc::kPurchase), HasCode(absl::StatusCode::kPermissionDenied));
  }
}

// Whatever is added: a row that is forgotten, or one too many, fails.
TEST(PolicyTest, APosBackEndDoesWhatTillsDoAndNothingElse) {
  for (const RpcRule& rule : RpcRules()) {
    EXPECT_EQ(rule.callers.Has(Role::kPos),
              rule.service == "PosService" || rule.rpc == Rpc::kRedeemVoucher)
        << rule.name;
  }
}

TEST(PolicyTest, AnInstallerEnrolsTerminalsAndDoesNothingElse) {
  for (const RpcRule& rule : RpcRules()) {
    EXPECT_EQ(rule.callers.Has(Role::kInstaller), rule.rpc == Rpc::kEnrollTerminal) << rule.name;
  }
}

TEST(PolicyTest, AMallUsesItsAccountAndSeesItselfAndDoesNothingElse) {
  for (const RpcRule& rule : RpcRules()) {
    const bool own = rule.service == "ExternalPointsService";
    EXPECT_EQ(rule.callers.Has(Role::kMall), own || rule.rpc == Rpc::kGetMall) << rule.name;
  }
}

TEST(PolicyTest, ASupervisorSeesWhoLookedAndNothingElse) {
  for (const RpcRule& rule : RpcRules()) {
    EXPECT_EQ(rule.callers.Has(Role::kSupervisor), rule.service == "AccessService") << rule.name;
  }
}

TEST(PolicyTest, AWitnessSeesHeadsAndProofsAndNothingElse) {
  for (const RpcRule& rule : RpcRules()) {
    const bool own = rule.rpc == Rpc::kGetCheckpoint || rule.rpc == Rpc::kProveInclusion ||
                     rule.rpc == Rpc::kProveConsistency || rule.rpc == Rpc::kAddCosignature;
    EXPECT_EQ(rule.callers.Has(Role::kWitness), own) << rule.name;
  }
}

TEST(PolicyTest, WhateverAnAuditorAsksForIsOnRecord) {
  for (const RpcRule& rule : RpcRules()) {
    EXPECT_TRUE(IsOnRecord(Who("/auditor/unions/city"), rule.rpc)) << rule.name;
    EXPECT_TRUE(IsOnRecord(Who("/supervisor"), rule.rpc)) << rule.name;
    const bool audits = rule.service == "AuditService" || rule.service == "AccessService";
    EXPECT_EQ(IsOnRecord(Who("/operator"), rule.rpc), audits) << rule.name;
    EXPECT_EQ(IsOnRecord(Who("/hr/unions/city"), rule.rpc), audits) << rule.name;
    EXPECT_FALSE(IsOnRecord(Principal(), rule.rpc)) << "nobody was authenticated: " << rule.name;
  }
}

TEST(PolicyTest, NobodyBothAppliesForAMerchantAndDecidesOrRegisters) {
  for (std::size_t i = 0; i < kRoleCount; ++i) {
    const Role role = static_cast<Role>(i);
    const bool applies = RuleOf(Rpc::kApplyMerchant).callers.Has(role);
    EXPECT_FALSE(applies && RuleOf(Rpc::kDecideMerchant).callers.Has(role)) << RoleName(role);
    EXPECT_FALSE(applies && RuleOf(Rpc::kRegisterMerchant).callers.Has(role)) << RoleName(role);
  }
}

struct ScopeRow {
  const char* path;
  const char* union_id;
  bool sees;
};

TEST(PolicyTest, CallsOfTillsAndMallsAndNoOthersAreSmall) {
  for (const RpcRule& rule : RpcRules()) {
    const bool sells = rule.service == "PosService" || rule.service == "ExternalPointsService";
    EXPECT_EQ(RequestBytesMax(rule.rpc), sells ? 256U << 10 : 4U << 20) << rule.name;
  }
}

TEST(PolicyTest, AUnionsPeopleSeeTheirSubtreeAndNothingElse) {
  const ThreeStoreyTree tree;
  const ScopeRow rows[] = {
      {"/operator", "works", true},
      {"/auditor", "harbour", true},
      {"/auditor/unions/city", "works", true},
      {"/auditor/unions/city", "province", false},
      {"/supervisor", "harbour", true},
      {"/supervisor/unions/city", "works", true},
      {"/supervisor/unions/city", "province", false},
      {"/hr/unions/city", "city", true},
      {"/hr/unions/city", "works", true},
      {"/hr/unions/city", "province", false},
      {"/hr/unions/city", "harbour", false},
      {"/hr/unions/city", "nowhere", false},
      {"/approver/unions/works", "city", false},
      {"/finance/unions/province", "works", true},
      {"/union-admin/unions/harbour", "works", false},
      {"/merchant/merchants/m-7", "works", false},
      {"/terminal/merchants/m-7/terminals/t-2", "works", false},
      {"/pos/merchants/m-7", "works", false},
      {"/installer", "works", false},
      {"/mall/merchants/m-7", "works", false},
      {"/member/members/01ARZ3NDEKTSV4RRFFQ69G5FAV", "works", false},
  };
  for (const ScopeRow& row : rows) {
    EXPECT_THAT(AllowUnion(Who(row.path), Make<UnionId>(row.union_id), tree),
                HasCode(row.sees ? absl::StatusCode::kOk : absl::StatusCode::kNotFound))
        << row.path << " " << row.union_id;
  }
}

TEST(PolicyTest, AMemberSeesItselfAndHrSeesItsOwn) {
  const ThreeStoreyTree tree;
  const MemberId member = *MemberId::Parse(kMemberText, "id");
  const UnionId works = Make<UnionId>("works");
  const Principal self = Who(absl::StrCat("/member/members/", kMemberText));
  EXPECT_OK(AllowMember(self, member, works, tree));
  EXPECT_THAT(AllowMember(self, MemberId(1, 2), works, tree), HasCode(absl::StatusCode::kNotFound));
  EXPECT_OK(AllowMember(Who("/hr/unions/city"), member, works, tree));
  EXPECT_THAT(AllowMember(Who("/hr/unions/harbour"), member, works, tree),
              HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(AllowMember(Who("/merchant/merchants/m-7"), member, works, tree),
              HasCode(absl::StatusCode::kNotFound));
}

TEST(PolicyTest, MerchantsSeeThemselvesAndTerminalsOnlyThemselves) {
  const MerchantId m7 = Make<MerchantId>("m-7");
  const MerchantId m8 = Make<MerchantId>("m-8");
  const TerminalId t2 = Make<TerminalId>("t-2");
  const TerminalId t3 = Make<TerminalId>("t-3");
  const Principal merchant = Who("/merchant/merchants/m-7");
  const Principal terminal = Who("/terminal/merchants/m-7/terminals/t-2");
  const StatusCodeMatcher unseen = HasCode(absl::StatusCode::kNotFound);
  EXPECT_OK(AllowMerchant(merchant, m7));
  EXPECT_THAT(AllowMerchant(merchant, m8), unseen);
  EXPECT_OK(AllowTerminal(merchant, m7, t3));
  EXPECT_THAT(AllowTerminal(merchant, m8, t2), unseen);
  EXPECT_OK(AllowTerminal(terminal, m7, t2));
  EXPECT_THAT(AllowTerminal(terminal, m7, t3), unseen);
  EXPECT_THAT(AllowTerminal(terminal, m8, t2), unseen);
  const Principal back_end = Who("/pos/merchants/m-7");
  EXPECT_OK(AllowTerminal(back_end, m7, t2));
  EXPECT_OK(AllowTerminal(back_end, m7, t3));
  EXPECT_THAT(AllowTerminal(back_end, m8, t2), unseen);
  EXPECT_OK(AllowMerchant(Who("/mall/merchants/m-7"), m7));
  EXPECT_THAT(AllowMerchant(Who("/mall/merchants/m-7"), m8), unseen);
  EXPECT_THAT(AllowMerchant(Who("/installer"), m7), unseen);
  EXPECT_THAT(AllowTerminal(Who("/installer"), m7, t2), unseen);
  EXPECT_OK(AllowMerchant(Who("/union-admin/unions/city"), m7));
  EXPECT_OK(AllowMerchant(Who("/auditor"), m7));
  EXPECT_THAT(AllowMerchant(Who("/hr/unions/city"), m7), unseen);
}

TEST(PolicyTest, TheWholeLedgerIsForOperatorsAndUnscopedAuditors) {
  EXPECT_OK(AllowWholeLedger(Who("/operator")));
  EXPECT_OK(AllowWholeLedger(Who("/auditor")));
  EXPECT_OK(AllowWholeLedger(Who("/auditor/people/zhao")));
  EXPECT_THAT(AllowWholeLedger(Who("/auditor/unions/city")), HasCode(absl::StatusCode::kNotFound));
  EXPECT_THAT(AllowWholeLedger(Who("/finance/unions/city")), HasCode(absl::StatusCode::kNotFound));
}

TEST(PolicyTest, AnAuditorIsNarrowedByAScopeOrByAMandateForAUnion) {
  EXPECT_FALSE(IsNarrowedAuditor(Who("/auditor")));
  EXPECT_TRUE(IsNarrowedAuditor(Who("/auditor/unions/city")));
  EXPECT_FALSE(IsNarrowedAuditor(Who("/finance/unions/city")));
  EXPECT_FALSE(IsNarrowedAuditor(Who("/operator")));
  Principal engaged = Who("/auditor/people/zhao");
  engaged.mandate = Mandate{.in_force = true};
  EXPECT_FALSE(IsNarrowedAuditor(engaged)) << "by a time alone";
  engaged.mandate->union_id = Make<UnionId>("works");
  EXPECT_TRUE(IsNarrowedAuditor(engaged));
}

}  // namespace
}  // namespace puhui::services::policy_test
