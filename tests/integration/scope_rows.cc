// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/scope_rows.h"

#include "puhui/v1/admin_service.pb.h"
#include "puhui/v1/audit_service.pb.h"
#include "puhui/v1/campaign_service.pb.h"
#include "puhui/v1/pos_service.pb.h"
#include "puhui/v1/receipt_service.pb.h"
#include "puhui/v1/union_service.pb.h"
#include "tests/support/wire/stage.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace puhui {
namespace {

using services::Role;
using services::Rpc;

const std::set<Role> kMerchantRoles = MerchantRoles();
const std::set<Role> kAuditors = {Role::kAuditor};

std::vector<ScopeRow> UnionRows(SeededRandom* r) {
  const auto name = [](const World& w, auto& q) { q.set_name(w.union_name); };
  const auto of_union = [](const World& w, auto& q) { q.set_union_(w.union_name); };
  const auto funding = [](const World& w, auto& q) {
    q.set_name(w.funding);
    if constexpr (requires { q.set_reason(""); }) q.set_reason("mistyped");
  };
  return {
      {Rpc::kCreateUnion, UnionRoles(),
       One<v1::CreateUnionRequest>(r,
                                   [](const World& w, auto& q) {
                                     q.set_union_id("below");
                                     q.set_display_name("below");
                                     q.set_parent(w.union_name);
                                     q.set_kind(v1::UNION_KIND_GROUP);
                                   })},
      {Rpc::kGetUnion, UnionRoles(), One<v1::GetUnionRequest>(r, name)},
      {Rpc::kListUnions, UnionRoles(),
       One<v1::ListUnionsRequest>(r, [](const World& w, auto& q) { q.set_parent(w.union_name); })},
      {Rpc::kUpdateUnion, UnionRoles(),
       One<v1::UpdateUnionRequest>(r,
                                   [](const World& w, auto& q) {
                                     q.mutable_union_()->set_name(w.union_name);
                                     q.mutable_update_mask()->add_paths("settings.locale");
                                   })},
      {Rpc::kMoveUnion, UnionRoles(), One<v1::MoveUnionRequest>(r, name)},
      {Rpc::kMoveUnion, UnionRoles(),
       One<v1::MoveUnionRequest>(r,
                                 [](const World& w, auto& q) {
                                   q.set_name(w.own_union);
                                   q.set_parent(w.union_name);
                                 })},
      {Rpc::kCloseUnion, UnionRoles(), One<v1::CloseUnionRequest>(r, name)},
      {Rpc::kFundBudget, UnionRoles(),
       One<v1::FundBudgetRequest>(r,
                                  [](const World& w, auto& q) {
                                    q.set_union_(w.union_name);
                                    q.set_points(1);
                                    q.set_bank_reference("REF-1");
                                  })},
      {Rpc::kConfirmFunding, UnionRoles(), One<v1::ConfirmFundingRequest>(r, funding)},
      {Rpc::kRejectFunding, UnionRoles(), One<v1::RejectFundingRequest>(r, funding)},
      {Rpc::kGetFunding, UnionRoles(), One<v1::GetFundingRequest>(r, funding)},
      {Rpc::kListFundings, UnionRoles(), One<v1::ListFundingsRequest>(r, of_union)},
      {Rpc::kAllocateBudget, UnionRoles(),
       One<v1::AllocateBudgetRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_union_(w.union_name);
                                        q.set_child(w.own_union);
                                        q.set_points(1);
                                      })},
      {Rpc::kAllocateBudget, UnionRoles(),
       One<v1::AllocateBudgetRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_union_(w.own_union);
                                        q.set_child(w.union_name);
                                        q.set_points(1);
                                      })},
      {Rpc::kReturnBudget, UnionRoles(),
       One<v1::ReturnBudgetRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_union_(w.union_name);
                                      q.set_points(1);
                                    })},
      {Rpc::kReturnBudget, UnionRoles(),
       One<v1::ReturnBudgetRequest>(r,
                                    [](const World& w, auto& q) {
                                      q.set_union_(w.own_union);
                                      q.set_points(1);
                                      q.set_origin(w.union_name);
                                    })},
      {Rpc::kGetBudget, UnionRoles(), One<v1::GetBudgetRequest>(r, of_union)},
      {Rpc::kGetUnionReport, UnionRoles(), One<v1::GetUnionReportRequest>(r, name)},
  };
}

std::vector<ScopeRow> CampaignRows(SeededRandom* r) {
  const auto name = [](const World& w, auto& q) { q.set_name(w.campaign); };
  const auto claw_back = [](const World& w, auto& q) { q.set_name(w.claw_back); };
  const auto name_and_hash = [](const World& w, auto& q) {
    q.set_name(w.campaign);
    q.set_plan_hash(std::string(64, '0'));
  };
  const auto approval = [](const World& w, auto& q) {
    q.set_name(w.campaign);
    q.set_plan_hash(std::string(64, '0'));
    q.set_etag("etag");
  };
  const auto name_and_reason = [](const World& w, auto& q) {
    q.set_name(w.campaign);
    q.set_reason("fresh");
  };
  return {
      {Rpc::kCreateCampaign, UnionRoles(),
       One<v1::CreateCampaignRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_campaign_id("fresh");
                                        q.set_union_(w.union_name);
                                        q.set_display_name("fresh");
                                        q.set_occasion("fresh");
                                        q.mutable_terms()->mutable_expire_time()->set_seconds(
                                            absl::ToUnixSeconds(absl::Now() + absl::Hours(24)));
                                      })},
      {Rpc::kGetCampaign, UnionRoles(), One<v1::GetCampaignRequest>(r, name)},
      {Rpc::kUploadPlan, UnionRoles(),
       One<v1::UploadPlanRequest>(r,
                                  [r](const World& w, auto& q) {
                                    q.mutable_start()->set_request_id(NewRequestId(*r));
                                    q.mutable_start()->set_campaign(w.campaign);
                                    q.mutable_start()->set_rows(1);
                                  })},
      {Rpc::kPreviewCampaign, UnionRoles(), One<v1::PreviewCampaignRequest>(r, name)},
      {Rpc::kSubmitCampaign, UnionRoles(), One<v1::SubmitCampaignRequest>(r, name_and_hash)},
      {Rpc::kApproveCampaign, UnionRoles(), One<v1::ApproveCampaignRequest>(r, approval)},
      {Rpc::kIssueCampaign, UnionRoles(), One<v1::IssueCampaignRequest>(r, name)},
      {Rpc::kWatchIssueRun, UnionRoles(), One<v1::WatchIssueRunRequest>(r, name)},
      {Rpc::kListRows, UnionRoles(), One<v1::ListRowsRequest>(r, name)},
      {Rpc::kListCampaigns, UnionRoles(),
       One<v1::ListCampaignsRequest>(r,
                                     [](const World& w, auto& q) { q.set_parent(w.union_name); })},
      {Rpc::kBuildPlan, UnionRoles(),
       One<v1::BuildPlanRequest>(r,
                                 [](const World& w, auto& q) {
                                   q.set_name(w.campaign);
                                   q.mutable_rule()->add_tiers()->set_points(1);
                                 })},
      {Rpc::kUpdateCampaign, UnionRoles(),
       One<v1::UpdateCampaignRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.mutable_campaign()->set_name(w.campaign);
                                        q.mutable_campaign()->set_occasion("fresh");
                                        q.mutable_update_mask()->add_paths("occasion");
                                      })},
      {Rpc::kRejectCampaign, UnionRoles(), One<v1::RejectCampaignRequest>(r, name_and_reason)},
      {Rpc::kPauseIssueRun, UnionRoles(), One<v1::PauseIssueRunRequest>(r, name)},
      {Rpc::kResumeIssueRun, UnionRoles(), One<v1::ResumeIssueRunRequest>(r, name)},
      {Rpc::kCloseCampaign, UnionRoles(), One<v1::CloseCampaignRequest>(r, name)},
      {Rpc::kCancelCampaign, UnionRoles(), One<v1::CancelCampaignRequest>(r, name_and_reason)},
      {Rpc::kGetCampaignReport, UnionRoles(), One<v1::GetCampaignReportRequest>(r, name)},
      {Rpc::kListExpiring, UnionRoles(), One<v1::ListExpiringRequest>(r, name)},
      {Rpc::kClawBack, UnionRoles(),
       One<v1::ClawBackRequest>(r,
                                [](const World& w, auto& q) {
                                  q.set_campaign(w.campaign);
                                  q.mutable_all();
                                  q.set_reason("by mistake");
                                })},
      {Rpc::kConfirmClawBack, UnionRoles(), One<v1::ConfirmClawBackRequest>(r, claw_back)},
      {Rpc::kRejectClawBack, UnionRoles(),
       One<v1::RejectClawBackRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_name(w.claw_back);
                                        q.set_reason("by mistake");
                                      })},
      {Rpc::kGetClawBack, UnionRoles(), One<v1::GetClawBackRequest>(r, claw_back)},
      {Rpc::kListClawBackRows, UnionRoles(), One<v1::ListClawBackRowsRequest>(r, claw_back)},
  };
}

void FillTill(const std::string& terminal, SeededRandom* r, v1::Till* till) {
  till->set_terminal(terminal);
  till->set_batch_number(9);
  till->set_trace_number(static_cast<std::uint32_t>(1 + r->Below(999'999)));
}

std::vector<ScopeRow> AuditRows(SeededRandom* r) {
  const auto account = [r](std::set<Role> roles, v1::AccountKind kind, std::string World::*owner) {
    return ScopeRow{Rpc::kGetAccount, std::move(roles),
                    One<v1::GetAccountRequest>(r, [kind, owner](const World& w, auto& q) {
                      q.set_kind(kind);
                      q.set_owner(w.*owner);
                    })};
  };
  const auto nothing = [](const World& /*w*/, auto& /*q*/) {};
  const auto month = [](const World& /*w*/, auto& q) { q.set_name("periods/2025-01"); };
  return {
      {Rpc::kListRecords, kAuditors,
       One<v1::ListRecordsRequest>(
           r, [](const World& w, auto& q) { q.set_from_sequence(w.sequence); })},
      {Rpc::kGetRecord, kAuditors,
       One<v1::GetRecordRequest>(r, [](const World& w, auto& q) { q.set_sequence(w.sequence); })},
      account(UnionRoles(), v1::ACCOUNT_KIND_BUDGET, &World::union_name),
      account(UnionRoles(), v1::ACCOUNT_KIND_FUNDING, &World::union_name),
      account(UnionRoles(), v1::ACCOUNT_KIND_CAMPAIGN, &World::campaign),
      account(UnionRoles(), v1::ACCOUNT_KIND_WALLET, &World::member),
      account(UnionRoles(), v1::ACCOUNT_KIND_HELD, &World::member),
      // Merchants are public, but the books of one that took nothing of an auditor's union are not.
      account({Role::kMerchant, Role::kFinance, Role::kAuditor}, v1::ACCOUNT_KIND_PAYABLE,
              &World::merchant),
      // These are of the whole ledger, so an auditor of a union sees no part of them.
      {Rpc::kGetTrialBalance, kAuditors, One<v1::GetTrialBalanceRequest>(r, nothing)},
      {Rpc::kGetCheckpoint, kAuditors, One<v1::GetCheckpointRequest>(r, nothing)},
      {Rpc::kExportBundle, kAuditors, One<v1::ExportBundleRequest>(r, nothing)},
      {Rpc::kListPeriods, kAuditors, One<v1::ListPeriodsRequest>(r, nothing)},
      {Rpc::kGetPeriod, kAuditors, One<v1::GetPeriodRequest>(r, month)},
      {Rpc::kListPeriodLines, kAuditors,
       One<v1::ListPeriodLinesRequest>(
           r, [](const World& /*w*/, auto& q) { q.set_parent("periods/2025-01"); })},
      {Rpc::kReDecideGrant, kAuditors,
       One<v1::ReDecideGrantRequest>(r, [](const World& w, auto& q) { q.set_sequence(w.grant); })},
      {Rpc::kQueryRecords, kAuditors,
       One<v1::QueryRecordsRequest>(
           r, [](const World& w, auto& q) { q.mutable_filter()->set_in_union(w.union_name); })},
      {Rpc::kStreamRecords, kAuditors,
       One<v1::StreamRecordsRequest>(
           r, [](const World& w, auto& q) { q.mutable_filter()->set_in_union(w.union_name); })},
      {Rpc::kWatchRecords, kAuditors,
       One<v1::WatchRecordsRequest>(
           r, [](const World& w, auto& q) { q.mutable_filter()->set_in_union(w.union_name); })},
      {Rpc::kGetAccountStatement, UnionRoles(),
       One<v1::GetAccountStatementRequest>(r,
                                           [](const World& w, auto& q) {
                                             q.set_kind(v1::ACCOUNT_KIND_BUDGET);
                                             q.set_owner(w.union_name);
                                           })},
      {Rpc::kGetAccountStatement,
       {Role::kMerchant, Role::kFinance, Role::kAuditor},
       One<v1::GetAccountStatementRequest>(r,
                                           [](const World& w, auto& q) {
                                             q.set_kind(v1::ACCOUNT_KIND_PAYABLE);
                                             q.set_owner(w.merchant);
                                           })},
      {Rpc::kTracePoints, kAuditors,
       One<v1::TracePointsRequest>(r,
                                   [](const World& w, auto& q) {
                                     q.set_sequence(w.grant);
                                     q.set_in_union(w.union_name);
                                   })},
      {Rpc::kGetHistory, kAuditors,
       One<v1::GetHistoryRequest>(r, [](const World& w, auto& q) { q.set_name(w.campaign); })},
      {Rpc::kStartVerify, kAuditors, One<v1::StartVerifyRequest>(r, nothing)},
      {Rpc::kProveInclusion, kAuditors,
       One<v1::ProveInclusionRequest>(r,
                                      [](const World& w, auto& q) { q.set_sequence(w.sequence); })},
      {Rpc::kProveConsistency, kAuditors,
       One<v1::ProveConsistencyRequest>(
           r, [](const World& w, auto& q) { q.set_first_size(w.sequence); })},
      {Rpc::kGetReceipt,
       {Role::kAuditor, Role::kMember, Role::kMerchant, Role::kTerminal},
       One<v1::GetReceiptRequest>(r, [](const World& w, auto& q) { q.set_sequence(w.grant); })},
      {Rpc::kGetReceipt,
       {Role::kMember, Role::kMerchant, Role::kTerminal},
       One<v1::GetReceiptRequest>(
           r, [](const World& w, auto& q) { q.set_retrieval_reference(w.purchase_reference); })},
  };
}

// Captures and voids another's authorisation at `terminal`; empty: at the other's.
std::vector<ScopeRow> EndingRows(SeededRandom* r, const std::string& terminal) {
  const auto fill = [r, terminal](const World& w, auto& q) {
    FillTill(terminal.empty() ? w.terminal : terminal, r, q.mutable_till());
    q.set_authorization_reference(w.authorization_reference);
  };
  return {{Rpc::kCapture, kMerchantRoles,
           One<v1::CaptureRequest>(r,
                                   [fill](const World& w, auto& q) {
                                     fill(w, q);
                                     q.set_points(1);
                                   })},
          {Rpc::kVoid, kMerchantRoles, One<v1::VoidRequest>(r, fill)}};
}

std::vector<ScopeRow> Joined(std::vector<ScopeRow> rows, const std::vector<ScopeRow>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace

std::vector<ScopeRow> TillRows(SeededRandom* r) {
  const std::vector<ScopeRow> rows = {
      {Rpc::kPurchase, kMerchantRoles,
       One<v1::PurchaseRequest>(r,
                                [r](const World& w, auto& q) {
                                  FillTill(w.terminal, r, q.mutable_till());
                                  q.set_card_number("6212345678901232");
                                  q.set_points(1);
                                })},
      {Rpc::kAuthorize, kMerchantRoles,
       One<v1::AuthorizeRequest>(r,
                                 [r](const World& w, auto& q) {
                                   FillTill(w.terminal, r, q.mutable_till());
                                   q.set_card_number("6212345678901232");
                                   q.set_points(1);
                                 })},
      {Rpc::kCreateBill, kMerchantRoles,
       One<v1::CreateBillRequest>(r,
                                  [r](const World& w, auto& q) {
                                    FillTill(w.terminal, r, q.mutable_till());
                                    q.set_points(1);
                                  })},
      {Rpc::kRefund, kMerchantRoles,
       One<v1::RefundRequest>(r,
                              [r](const World& w, auto& q) {
                                FillTill(w.terminal, r, q.mutable_till());
                                q.set_purchase_reference(w.purchase_reference);
                                q.set_points(1);
                              })},
      {Rpc::kReverse, kMerchantRoles,
       One<v1::ReverseRequest>(r,
                               [r](const World& w, auto& q) {
                                 FillTill(w.terminal, r, q.mutable_till());
                                 q.set_original_request_id(w.purchase_request_id);
                               })},
      {Rpc::kGetTransaction, kMerchantRoles,
       One<v1::GetTransactionRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_terminal(w.terminal);
                                        q.set_retrieval_reference(w.purchase_reference);
                                      })},
      {Rpc::kInquireBalance, kMerchantRoles,
       One<v1::InquireBalanceRequest>(r,
                                      [](const World& w, auto& q) {
                                        q.set_terminal(w.terminal);
                                        q.set_card_number("6212345678901232");
                                      })},
      {Rpc::kGetTotals, kMerchantRoles,
       One<v1::GetTotalsRequest>(r,
                                 [](const World& w, auto& q) {
                                   q.set_terminal(w.terminal);
                                   q.set_batch_number(1);
                                 })},
      {Rpc::kCloseBatch, kMerchantRoles,
       One<v1::CloseBatchRequest>(r,
                                  [](const World& w, auto& q) {
                                    q.set_terminal(w.terminal);
                                    q.set_batch_number(7);
                                  })},
  };
  return Joined(rows, EndingRows(r, ""));
}

std::vector<ScopeRow> OwnTillRows(SeededRandom* r, const std::string& own_terminal) {
  const std::vector<ScopeRow> rows = {
      {Rpc::kRefund, kMerchantRoles,
       One<v1::RefundRequest>(r,
                              [r, own_terminal](const World& w, auto& q) {
                                FillTill(own_terminal, r, q.mutable_till());
                                q.set_purchase_reference(w.purchase_reference);
                                q.set_points(1);
                              })},
      {Rpc::kGetTransaction, kMerchantRoles,
       One<v1::GetTransactionRequest>(r,
                                      [own_terminal](const World& w, auto& q) {
                                        q.set_terminal(own_terminal);
                                        q.set_retrieval_reference(w.purchase_reference);
                                      })},
      {Rpc::kGetTransaction, kMerchantRoles,
       One<v1::GetTransactionRequest>(r,
                                      [own_terminal](const World& w, auto& q) {
                                        q.set_terminal(own_terminal);
                                        q.set_request_id(w.purchase_request_id);
                                      })},
      {Rpc::kGetTransaction, kMerchantRoles,
       One<v1::GetTransactionRequest>(r,
                                      [own_terminal](const World& w, auto& q) {
                                        q.set_terminal(own_terminal);
                                        q.set_retrieval_reference(w.authorization_reference);
                                      })},
  };
  return Joined(rows, EndingRows(r, own_terminal));
}

std::vector<ScopeRow> ScopeRows(SeededRandom* r) {
  std::vector<ScopeRow> all;
  for (const auto& rows : {UnionRows(r), WalletRows(r), MemberRows(r), CampaignRows(r),
                           MerchantRows(r), OfferRows(r), OrderRows(r), SettlementRows(r),
                           PayoutRows(r), MallRows(r), TillRows(r), WindowRows(r), AuditRows(r)}) {
    all = Joined(std::move(all), rows);
  }
  return all;
}

}  // namespace puhui
