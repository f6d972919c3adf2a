// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_SUPPORT_WIRE_STAGE_H_
#define PUHUI_TESTS_SUPPORT_WIRE_STAGE_H_

#include "puhui/v1/campaign_service.grpc.pb.h"
#include "puhui/v1/member_service.grpc.pb.h"
#include "puhui/v1/merchant_service.grpc.pb.h"
#include "puhui/v1/union_service.grpc.pb.h"
#include "tests/support/pki/test_pki.h"
#include "tests/support/seeded_random.h"
#include "tests/support/wire/deployment.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace puhui {

// Somebody who does not exist, with sound data. `number` is the person's, in all unions.
v1::NewMember Person(std::size_t number);

// Sets the scene through the public API, as the people of one union and an operator would.
// Its connections lead to the server that ran when it was made; make another after a restart.
// Threads: one. Borrows: its arguments.
class Stage {
 public:
  static constexpr absl::string_view kStoreId = "s-1";  // The store of every merchant.

  Stage(const Deployment* deployment, absl::string_view union_id, SeededRandom* random);

  const std::string& union_name() const { return union_name_; }
  // The path of somebody in this union, for example PathOf("hr").
  std::string PathOf(absl::string_view role) const;

  // Each fails with what the server answered.
  absl::Status FoundUnion(const std::string& parent = "");
  // Proposed by one person and confirmed by another.
  absl::StatusOr<v1::Funding> Fund(std::int64_t points);
  // Persons `first` and on. Returns their names as members.
  absl::StatusOr<std::vector<std::string>> EnrolMembers(std::size_t first, std::size_t count);
  absl::StatusOr<std::string> CardOf(const std::string& member);

  struct CampaignWish {
    std::string id;
    std::vector<std::string> members;
    std::int64_t points = 0;                   // For each.
    std::vector<std::string> categories = {};  // Where they may be spent; empty means everywhere.
    std::string occasion = "spring-festival";
    std::string display_name = "春节慰问";
    std::string reason = {};  // Why each of them stands in the plan.
  };
  // A draft without a plan.
  absl::Status CreateCampaign(const CampaignWish& wish);
  absl::StatusOr<v1::Plan> UploadPlan(const CampaignWish& wish);
  // Submitted by one person and approved by another.
  absl::Status Approve(const CampaignWish& wish, const v1::Plan& plan);
  // All of the above: what is left is to issue it.
  absl::Status Prepare(const CampaignWish& wish);
  // Starts the run and watches it to its end.
  absl::StatusOr<v1::IssueProgress> Issue(absl::string_view campaign_id);
  absl::StatusOr<v1::IssueProgress> AwaitIssued(absl::string_view campaign_id);

  struct MerchantWish {
    std::string id;
    std::string category = "5411";
    std::int32_t fee_basis_points = 0;
  };
  // With one store.
  absl::Status OpenMerchant(const MerchantWish& wish);
  // By certificate request.
  absl::StatusOr<TestIdentity> EnrollTerminal(absl::string_view merchant_id,
                                              absl::string_view terminal_id);

  v1::MemberService::Stub& members() { return *members_; }
  v1::CampaignService::Stub& campaigns() { return *campaigns_; }
  v1::MerchantService::Stub& merchants() { return *merchants_; }
  std::string NextRequestId();

 private:
  const std::string union_id_;
  const std::string union_name_;
  SeededRandom& random_;
  std::unique_ptr<v1::UnionService::Stub> founder_;   // The operator's.
  std::unique_ptr<v1::UnionService::Stub> maker_;     // One person of finance,
  std::unique_ptr<v1::UnionService::Stub> checker_;   // and another.
  std::unique_ptr<v1::MemberService::Stub> members_;  // HR's.
  std::unique_ptr<v1::CampaignService::Stub> campaigns_;
  std::unique_ptr<v1::CampaignService::Stub> approver_;
  std::unique_ptr<v1::MerchantService::Stub> merchants_;  // The operator's.
};

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_STAGE_H_
