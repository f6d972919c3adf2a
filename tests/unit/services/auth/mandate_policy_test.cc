// SPDX-License-Identifier: Apache-2.0
#include "services/auth/mandate_policy.h"

#include "services/auth/policy.h"
#include "tests/support/refusal_matchers.h"
#include "tests/support/status_matchers.h"

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace puhui::services::mandate_policy_test {
namespace {

using ledger::Reason;

Principal AuditorOf(absl::string_view scope, absl::optional<Mandate> mandate) {
  Principal auditor =
      *ParseSpiffeUri(absl::StrCat("spiffe://d/auditor", scope, "/people/a-1"), "d");
  auditor.mandate = std::move(mandate);
  return auditor;
}

// harbour is below city, and nothing else is.
class TwoUnions final : public UnionTree {
 public:
  bool Covers(const UnionId& ancestor, const UnionId& union_id) const override {
    return ancestor == union_id || (ancestor.text() == "city" && union_id.text() == "harbour");
  }
};

UnionId Union(absl::string_view id) { return *UnionId::Parse(id, "id"); }

TEST(MandatePolicyTest, WhoHasNoneIsLetPass) {
  EXPECT_OK(AllowByMandate(AuditorOf("", absl::nullopt), Rpc::kGetRecord, ""));
}

TEST(MandatePolicyTest, WithoutOneInForceNothingIsOpen) {
  const Principal auditor = AuditorOf("", Mandate{.in_force = false});
  for (const RpcRule& rule : RpcRules()) {
    EXPECT_THAT(AllowByMandate(auditor, rule.rpc, "年度审计"), Refuses(Reason::kPermissionDenied))
        << rule.name;
  }
}

TEST(MandatePolicyTest, OpensWhatIsNarrowedAndNothingElse) {
  const Principal auditor = AuditorOf("", Mandate{.in_force = true});
  std::string open;
  for (const RpcRule& rule : RpcRules()) {
    if (AllowByMandate(auditor, rule.rpc, "").ok()) absl::StrAppend(&open, rule.name, " ");
  }
  EXPECT_EQ(open,
            "GetAccount GetTrialBalance QueryRecords StreamRecords WatchRecords "
            "GetAccountStatement ");
}

TEST(MandatePolicyTest, IsForItsPurposes) {
  const Principal auditor =
      AuditorOf("", Mandate{.in_force = true, .purposes = {"年度审计", "case 42"}});
  EXPECT_OK(AllowByMandate(auditor, Rpc::kQueryRecords, "年度审计"));
  EXPECT_OK(AllowByMandate(auditor, Rpc::kQueryRecords, "case 42"));
  for (const char* purpose : {"", "case 4", "年度"}) {
    EXPECT_THAT(AllowByMandate(auditor, Rpc::kQueryRecords, purpose),
                Refuses(Reason::kPermissionDenied))
        << purpose;
  }
}

TEST(MandatePolicyTest, NarrowsTheScopeAndNeverWidensIt) {
  const TwoUnions tree;
  const Mandate harbour{.in_force = true, .union_id = Union("harbour")};
  const Principal whole = AuditorOf("", harbour);
  EXPECT_OK(AllowUnion(whole, Union("harbour"), tree));
  EXPECT_THAT(AllowUnion(whole, Union("city"), tree), Refuses(Reason::kNotFound));
  EXPECT_THAT(AllowWholeLedger(whole), Refuses(Reason::kNotFound));
  const Principal elsewhere = AuditorOf("/unions/works", harbour);
  EXPECT_THAT(AllowUnion(elsewhere, Union("harbour"), tree), Refuses(Reason::kNotFound));
  EXPECT_THAT(AllowUnion(elsewhere, Union("works"), tree), Refuses(Reason::kNotFound));
  // Of no union: as far as the certificate reaches.
  const Principal unbound = AuditorOf("", Mandate{.in_force = true});
  EXPECT_OK(AllowUnion(unbound, Union("city"), tree));
  EXPECT_OK(AllowWholeLedger(unbound));
}

}  // namespace
}  // namespace puhui::services::mandate_policy_test
