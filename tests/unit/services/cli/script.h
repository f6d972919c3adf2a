// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_SCRIPT_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_SCRIPT_H_

#include "puhui/v1/admin_service.pb.h"
#include "puhui/v1/audit_service.pb.h"
#include "puhui/v1/campaign_service.pb.h"
#include "puhui/v1/device_service.pb.h"
#include "puhui/v1/loaded_rule_pack.pb.h"
#include "puhui/v1/member_service.pb.h"
#include "puhui/v1/merchant_service.pb.h"
#include "puhui/v1/pos_service.pb.h"
#include "puhui/v1/union_service.pb.h"
#include "puhui/v1/wallet_service.pb.h"

#include <grpcpp/support/status.h>

#include <deque>
#include <string>
#include <vector>

namespace puhui::services {

// What the fake services share: what they were asked, and what they answer instead of succeeding.
// Threads: none; a test makes one call at a time and looks between calls.
struct Script {
  std::deque<grpc::Status> failures;  // The next calls end so.
  int calls = 0;
  bool verify_ok = true;
  v1::IndexState index_state = v1::INDEX_STATE_COMPARED;
  bool balanced = true;
  bool rotated = false;  // A rotation of the vault's key is under way.

  v1::CreateUnionRequest created;
  std::vector<std::string> request_ids;  // Of CreateUnion, in order.
  v1::ListUnionsRequest listed;
  v1::UpdateUnionRequest updated;
  v1::MoveUnionRequest moved;
  v1::CloseUnionRequest closed;
  v1::RejectFundingRequest rejected_funding;
  v1::ListFundingsRequest listed_fundings;
  v1::AllocateBudgetRequest allocated;
  v1::ReturnBudgetRequest returned;
  v1::GetBudgetRequest budget;
  v1::ImportMembersRequest::Start import;
  std::string imported;
  std::uint64_t import_offset = 0;  // What the service says that it has.
  v1::BatchCreateMembersRequest batch;
  v1::GetMemberRequest member;
  v1::CreateMemberRequest added;
  v1::LookupMemberRequest lookup;
  v1::ListMembersRequest list;
  v1::UpdateMemberRequest update;
  v1::TransferMemberRequest transfer;
  v1::SearchMembersRequest search;
  v1::RevealMemberRequest reveal;
  v1::ExportMembersRequest exported;
  v1::SubmitApplicationRequest application;
  v1::DecideApplicationRequest decision;
  std::vector<std::string> named;  // "suspend members/01J": the calls that name a member.
  v1::CreateCampaignRequest campaign;
  v1::UploadPlanRequest::Start upload;
  std::vector<v1::PlanRow> plan;
  v1::IssueCampaignRequest issue;
  v1::ResumeIssueRunRequest resumption;
  v1::GetCampaignReportRequest campaign_report;
  v1::ListExpiringRequest expiring;
  v1::UpdateCampaignRequest changed_campaign;
  v1::ClawBackRequest claw_back;
  v1::ConfirmClawBackRequest confirmed_claw_back;
  v1::RejectClawBackRequest rejected_claw_back;
  v1::GetClawBackRequest shown_claw_back;
  int looks = 0;  // At a claw-back.
  v1::GetUnionReportRequest union_report;
  v1::EnrollTerminalRequest enrolment;
  v1::RegisterMerchantRequest registration;
  v1::ApplyMerchantRequest merchant_application;
  v1::DecideMerchantRequest merchant_decision;
  v1::ListMerchantsRequest merchants;
  v1::CreateEnrolmentCodeRequest enrolment_code;
  v1::SetAgreementRequest agreement;
  v1::CloseMerchantRequest closing;
  v1::RenewTerminalRequest renewal;
  v1::PurchaseRequest purchase;
  v1::CreateBillRequest bill;
  v1::GetBillRequest read_bill;
  v1::PayBillRequest pay_bill;
  v1::AuthorizeRequest authorize;
  v1::CaptureRequest capture;
  v1::VoidRequest voided;
  v1::RefundRequest refund;
  v1::ReverseRequest reverse;
  v1::GetTransactionRequest transaction;
  v1::InquireBalanceRequest balance;
  v1::GetTotalsRequest totals;
  v1::CloseBatchRequest close_batch;
  v1::LoadRulePackRequest load_rule_pack;
  v1::CreateStoreRequest store;
  v1::ExplainSpendRequest explain;
  v1::CreatePaymentCodeRequest code;
  v1::EnrolDeviceRequest device;
  v1::RevokeDeviceRequest revoked_device;
  v1::SetLimitsRequest limits;
  v1::GetLimitsRequest shown_limits;
  v1::ClosePeriodRequest close_period;
  v1::ListPeriodLinesRequest period_lines;

  grpc::Status Next() {
    ++calls;
    if (failures.empty()) return grpc::Status::OK;
    const grpc::Status status = failures.front();
    failures.pop_front();
    return status;
  }
};

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_SCRIPT_H_
