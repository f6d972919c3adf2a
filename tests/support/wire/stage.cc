// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wire/stage.h"

#include "issuing/core/id_number.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/error.h"
#include "tests/support/wire/ask.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include <algorithm>
#include <utility>

namespace puhui {
namespace {

// Long after any test, and not so long that it meets the end of a calendar.
constexpr absl::Duration kSpendingTime = absl::Hours(24 * 365);

// A well-formed number of a region that has no such code.
std::string MadeUpIdNumber(std::size_t number) {
  const absl::CivilDay birth =
      absl::CivilDay(1960, 1, 1) + static_cast<int>(number / 1'000 % 15'000);
  const std::string digits =
      absl::StrFormat("99%04d%04d%02d%02d%03d", number / 15'000'000, birth.year(), birth.month(),
                      birth.day(), number % 1'000);
  return digits + issuing::IdNumberCheckCharacter(digits);
}

}  // namespace

v1::NewMember Person(std::size_t number) {
  v1::NewMember person;
  person.set_external_id(absl::StrCat("E", number));
  person.set_full_name(absl::StrCat("测试", number));
  person.set_id_number(MadeUpIdNumber(number));
  person.set_mobile(absl::StrFormat("100%08d", number));
  person.set_department("装配车间");
  return person;
}

Stage::Stage(const Deployment* deployment, absl::string_view union_id, SeededRandom* random)
    : union_id_(union_id), union_name_(absl::StrCat("unions/", union_id)), random_(*random) {
  const auto its_operator = deployment->Connect("/operator/people/stage-operator");
  const auto hr = deployment->Connect(PathOf("hr"));
  founder_ = v1::UnionService::NewStub(its_operator);
  merchants_ = v1::MerchantService::NewStub(its_operator);
  maker_ = v1::UnionService::NewStub(deployment->Connect(PathOf("finance")));
  members_ = v1::MemberService::NewStub(hr);
  campaigns_ = v1::CampaignService::NewStub(hr);
  const auto approver = deployment->Connect(PathOf("approver"));
  checker_ = v1::UnionService::NewStub(approver);
  approver_ = v1::CampaignService::NewStub(approver);
}

std::string Stage::PathOf(absl::string_view role) const {
  return absl::StrCat("/", role, "/", union_name_, "/people/", union_id_, "-", role);
}

std::string Stage::NextRequestId() { return puhui::NewRequestId(random_); }

absl::Status Stage::FoundUnion(const std::string& parent) {
  v1::CreateUnionRequest request;
  request.set_request_id(NextRequestId());
  request.set_union_id(union_id_);
  request.set_display_name(absl::StrCat("工会 ", union_id_));
  request.set_parent(parent);
  request.set_kind(v1::UNION_KIND_ENTERPRISE);
  return Ask(*founder_, &v1::UnionService::Stub::CreateUnion, request).status();
}

absl::StatusOr<v1::Funding> Stage::Fund(std::int64_t points) {
  v1::FundBudgetRequest fund;
  fund.set_request_id(NextRequestId());
  fund.set_union_(union_name_);
  fund.set_points(points);
  fund.set_bank_reference(NextRequestId());
  PUHUI_ASSIGN_OR_RETURN(const auto proposed,
                         Ask(*maker_, &v1::UnionService::Stub::FundBudget, fund));
  v1::ConfirmFundingRequest confirm;
  confirm.set_request_id(NextRequestId());
  confirm.set_name(proposed.funding().name());
  PUHUI_ASSIGN_OR_RETURN(const auto confirmed,
                         Ask(*checker_, &v1::UnionService::Stub::ConfirmFunding, confirm));
  return confirmed.funding();
}

absl::StatusOr<std::vector<std::string>> Stage::EnrolMembers(std::size_t first, std::size_t count) {
  std::vector<std::string> names;
  while (names.size() < count) {
    v1::BatchCreateMembersRequest request;
    request.set_request_id(NextRequestId());
    request.set_union_(union_name_);
    request.set_all_or_nothing(true);
    const std::size_t rows = std::min(kRowsPerImportCallMax, count - names.size());
    for (std::size_t i = 0; i < rows; ++i) {
      *request.add_members() = Person(first + names.size() + i);
    }
    PUHUI_ASSIGN_OR_RETURN(const auto response,
                           Ask(*members_, &v1::MemberService::Stub::BatchCreateMembers, request));
    for (const v1::MemberRowResult& row : response.results()) {
      if (row.outcome() != v1::MemberRowResult::OUTCOME_CREATED) {
        return absl::FailedPreconditionError(absl::StrCat("not enrolled: ", row.DebugString()));
      }
      names.push_back(row.member());
    }
  }
  return names;
}

absl::StatusOr<std::string> Stage::CardOf(const std::string& member) {
  v1::GetMemberRequest request;
  request.set_name(member);
  PUHUI_ASSIGN_OR_RETURN(const auto response,
                         Ask(*members_, &v1::MemberService::Stub::GetMember, request));
  return response.member().card_number();
}

absl::Status Stage::CreateCampaign(const CampaignWish& wish) {
  v1::CreateCampaignRequest request;
  request.set_request_id(NextRequestId());
  request.set_campaign_id(wish.id);
  request.set_union_(union_name_);
  request.set_display_name(wish.display_name);
  request.set_occasion(wish.occasion);
  v1::Terms& terms = *request.mutable_terms();
  terms.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + kSpendingTime));
  for (const std::string& category : wish.categories) terms.add_merchant_categories(category);
  return Ask(*campaigns_, &v1::CampaignService::Stub::CreateCampaign, request).status();
}

absl::StatusOr<v1::Plan> Stage::UploadPlan(const CampaignWish& wish) {
  grpc::ClientContext context;
  SetPatience(&context);
  v1::UploadPlanResponse response;
  const auto writer = campaigns_->UploadPlan(&context, &response);
  v1::UploadPlanRequest message;
  message.mutable_start()->set_request_id(NextRequestId());
  message.mutable_start()->set_campaign(absl::StrCat("campaigns/", wish.id));
  message.mutable_start()->set_rows(wish.members.size());
  bool heard = writer->Write(message);
  for (std::size_t row = 0; heard && row < wish.members.size();) {
    v1::UploadPlanRequest::Rows& rows = *message.mutable_rows();
    rows.clear_rows();
    const std::size_t end = std::min(row + kRowsPerImportCallMax, wish.members.size());
    for (; row < end; ++row) {
      v1::PlanRow& line = *rows.add_rows();
      line.set_member(wish.members[row]);
      line.set_points(wish.points);
      line.set_reason(wish.reason);
    }
    heard = writer->Write(message);
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok()) return services::FromGrpcStatus(status);
  return response.plan();
}

absl::Status Stage::Approve(const CampaignWish& wish, const v1::Plan& plan) {
  const std::string name = absl::StrCat("campaigns/", wish.id);
  v1::SubmitCampaignRequest submit;
  submit.set_request_id(NextRequestId());
  submit.set_name(name);
  submit.set_plan_hash(plan.hash());
  PUHUI_ASSIGN_OR_RETURN(const v1::SubmitCampaignResponse submitted,
                         Ask(*campaigns_, &v1::CampaignService::Stub::SubmitCampaign, submit));
  v1::ApproveCampaignRequest approve;
  approve.set_request_id(NextRequestId());
  approve.set_name(name);
  approve.set_plan_hash(plan.hash());
  approve.set_etag(submitted.campaign().etag());
  return Ask(*approver_, &v1::CampaignService::Stub::ApproveCampaign, approve).status();
}

absl::Status Stage::Prepare(const CampaignWish& wish) {
  PUHUI_RETURN_IF_ERROR(CreateCampaign(wish));
  PUHUI_ASSIGN_OR_RETURN(const v1::Plan plan, UploadPlan(wish));
  return Approve(wish, plan);
}

absl::StatusOr<v1::IssueProgress> Stage::Issue(absl::string_view campaign_id) {
  v1::IssueCampaignRequest request;
  request.set_request_id(NextRequestId());
  request.set_name(absl::StrCat("campaigns/", campaign_id));
  PUHUI_RETURN_IF_ERROR(
      Ask(*campaigns_, &v1::CampaignService::Stub::IssueCampaign, request).status());
  return AwaitIssued(campaign_id);
}

absl::StatusOr<v1::IssueProgress> Stage::AwaitIssued(absl::string_view campaign_id) {
  grpc::ClientContext context;
  SetPatience(&context);
  v1::WatchIssueRunRequest request;
  request.set_name(absl::StrCat("campaigns/", campaign_id));
  const auto reader = campaigns_->WatchIssueRun(&context, request);
  v1::WatchIssueRunResponse last;
  while (reader->Read(&last)) continue;
  const grpc::Status status = reader->Finish();
  if (!status.ok()) return services::FromGrpcStatus(status);
  return last.progress();
}

absl::Status Stage::OpenMerchant(const MerchantWish& wish) {
  v1::RegisterMerchantRequest open;
  open.set_request_id(NextRequestId());
  open.set_merchant_id(wish.id);
  open.set_display_name(absl::StrCat("商户 ", wish.id));
  open.set_category(wish.category);
  open.set_fee_basis_points(wish.fee_basis_points);
  PUHUI_RETURN_IF_ERROR(
      Ask(*merchants_, &v1::MerchantService::Stub::RegisterMerchant, open).status());
  v1::CreateStoreRequest store;
  store.set_request_id(NextRequestId());
  store.set_parent(absl::StrCat("merchants/", wish.id));
  store.set_store_id(std::string(kStoreId));
  store.set_display_name("一号店");
  return Ask(*merchants_, &v1::MerchantService::Stub::CreateStore, store).status();
}

absl::StatusOr<TestIdentity> Stage::EnrollTerminal(absl::string_view merchant_id,
                                                   absl::string_view terminal_id) {
  TestIdentity identity;
  identity.key = MakeKey(TestKey::kP256);
  v1::EnrollTerminalRequest request;
  request.set_request_id(NextRequestId());
  request.set_store(absl::StrCat("merchants/", merchant_id, "/stores/", kStoreId));
  request.set_terminal_id(std::string(terminal_id));
  request.set_csr_pem(MakeCsr(identity.key, {}));
  PUHUI_ASSIGN_OR_RETURN(auto response,
                         Ask(*merchants_, &v1::MerchantService::Stub::EnrollTerminal, request));
  identity.certificate = std::move(*response.mutable_certificate_pem());
  return identity;
}

}  // namespace puhui
