// SPDX-License-Identifier: Apache-2.0
// NOLINT(size): a line for each RPC.
#include "services/auth/policy.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/core/refusal.h"

#include "absl/strings/str_cat.h"

#include <array>

namespace puhui::services {
namespace {

using enum Role;

// clang-format off
constexpr std::array<RpcRule, kRpcCount> kRules = {{
    {Rpc::kCreateUnion,        "UnionService",    "CreateUnion",        Effect::kChange, {kOperator, kUnionAdmin}},
    {Rpc::kGetUnion,           "UnionService",    "GetUnion",           Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},
    {Rpc::kListUnions,         "UnionService",    "ListUnions",         Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},
    {Rpc::kUpdateUnion,        "UnionService",    "UpdateUnion",        Effect::kChange, {kOperator, kUnionAdmin}},
    {Rpc::kMoveUnion,          "UnionService",    "MoveUnion",          Effect::kChange, {kOperator, kUnionAdmin}},
    {Rpc::kCloseUnion,         "UnionService",    "CloseUnion",         Effect::kChange, {kOperator, kUnionAdmin}},
    {Rpc::kFundBudget,         "UnionService",    "FundBudget",         Effect::kMoney,  {kFinance, kUnionAdmin}},
    {Rpc::kConfirmFunding,     "UnionService",    "ConfirmFunding",     Effect::kMoney,  {kFinance, kApprover}},
    {Rpc::kRejectFunding,      "UnionService",    "RejectFunding",      Effect::kChange, {kFinance, kUnionAdmin, kApprover}},
    {Rpc::kGetFunding,         "UnionService",    "GetFunding",         Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},
    {Rpc::kListFundings,       "UnionService",    "ListFundings",       Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},
    {Rpc::kAllocateBudget,     "UnionService",    "AllocateBudget",     Effect::kMoney,  {kFinance, kUnionAdmin}},
    {Rpc::kReturnBudget,       "UnionService",    "ReturnBudget",       Effect::kMoney,  {kFinance, kUnionAdmin}},
    {Rpc::kGetBudget,          "UnionService",    "GetBudget",          Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},
    {Rpc::kGetUnionReport,     "UnionService",    "GetUnionReport",     Effect::kRead,   {kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},

    {Rpc::kCreateMember,       "MemberService",   "CreateMember",       Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kBatchCreateMembers, "MemberService",   "BatchCreateMembers", Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kImportMembers,      "MemberService",   "ImportMembers",      Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kGetMember,          "MemberService",   "GetMember",          Effect::kRead,   {kHr, kUnionAdmin, kAuditor}},
    {Rpc::kLookupMember,       "MemberService",   "LookupMember",       Effect::kRead,   {kHr, kUnionAdmin, kAuditor}},
    {Rpc::kListMembers,        "MemberService",   "ListMembers",        Effect::kRead,   {kHr, kUnionAdmin, kAuditor}},
    {Rpc::kSearchMembers,      "MemberService",   "SearchMembers",      Effect::kRead,   {kHr, kUnionAdmin}},
    {Rpc::kUpdateMember,       "MemberService",   "UpdateMember",       Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kSuspendMember,      "MemberService",   "SuspendMember",      Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kReinstateMember,    "MemberService",   "ReinstateMember",    Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kRemoveMember,       "MemberService",   "RemoveMember",       Effect::kMoney,  {kHr, kUnionAdmin}},
    {Rpc::kTransferMember,     "MemberService",   "TransferMember",     Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kIssueCard,          "MemberService",   "IssueCard",          Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kBlockCard,          "MemberService",   "BlockCard",          Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kReplaceCard,        "MemberService",   "ReplaceCard",        Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kRevealMember,       "MemberService",   "RevealMember",       Effect::kChange, {kHr, kUnionAdmin, kAuditor}},
    {Rpc::kExportMembers,      "MemberService",   "ExportMembers",      Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kErasePersonalData,  "MemberService",   "ErasePersonalData",  Effect::kChange, {kUnionAdmin}},
    {Rpc::kSubmitApplication,  "MemberService",   "SubmitApplication",  Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kListApplications,   "MemberService",   "ListApplications",   Effect::kRead,   {kHr, kUnionAdmin}},
    {Rpc::kDecideApplication,  "MemberService",   "DecideApplication",  Effect::kChange, {kUnionAdmin}},

    {Rpc::kCreateCampaign,     "CampaignService", "CreateCampaign",     Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kGetCampaign,        "CampaignService", "GetCampaign",        Effect::kRead,   {kHr, kUnionAdmin, kApprover, kFinance, kAuditor}},
    {Rpc::kListCampaigns,      "CampaignService", "ListCampaigns",      Effect::kRead,   {kHr, kUnionAdmin, kApprover, kFinance, kAuditor}},
    {Rpc::kUpdateCampaign,     "CampaignService", "UpdateCampaign",     Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kUploadPlan,         "CampaignService", "UploadPlan",         Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kBuildPlan,          "CampaignService", "BuildPlan",          Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kPreviewCampaign,    "CampaignService", "PreviewCampaign",    Effect::kRead,   {kHr, kUnionAdmin, kApprover, kAuditor}},
    {Rpc::kSubmitCampaign,     "CampaignService", "SubmitCampaign",     Effect::kChange, {kHr, kUnionAdmin}},
    {Rpc::kApproveCampaign,    "CampaignService", "ApproveCampaign",    Effect::kMoney,  {kApprover}},
    {Rpc::kRejectCampaign,     "CampaignService", "RejectCampaign",     Effect::kMoney,  {kApprover}},
    {Rpc::kIssueCampaign,      "CampaignService", "IssueCampaign",      Effect::kMoney,  {kHr, kUnionAdmin}},
    {Rpc::kPauseIssueRun,      "CampaignService", "PauseIssueRun",      Effect::kMoney,  {kHr, kUnionAdmin}},
    {Rpc::kResumeIssueRun,     "CampaignService", "ResumeIssueRun",     Effect::kMoney,  {kHr, kUnionAdmin}},
    {Rpc::kCancelCampaign,     "CampaignService", "CancelCampaign",     Effect::kMoney,  {kHr, kUnionAdmin}},
    {Rpc::kCloseCampaign,      "CampaignService", "CloseCampaign",      Effect::kMoney,  {kHr, kUnionAdmin}},
    {Rpc::kWatchIssueRun,      "CampaignService", "WatchIssueRun",      Effect::kRead,   {kHr, kUnionAdmin, kApprover, kAuditor}},
    {Rpc::kListRows,           "CampaignService", "ListRows",           Effect::kRead,   {kHr, kUnionAdmin, kApprover, kAuditor}},
    {Rpc::kGetCampaignReport,  "CampaignService", "GetCampaignReport",  Effect::kRead,   {kHr, kUnionAdmin, kApprover, kFinance, kAuditor}},
    {Rpc::kListExpiring,       "CampaignService", "ListExpiring",       Effect::kRead,   {kHr, kUnionAdmin, kAuditor}},
    {Rpc::kClawBack,           "CampaignService", "ClawBack",           Effect::kMoney,  {kHr, kUnionAdmin}},
    {Rpc::kConfirmClawBack,    "CampaignService", "ConfirmClawBack",    Effect::kMoney,  {kApprover}},
    {Rpc::kRejectClawBack,     "CampaignService", "RejectClawBack",     Effect::kChange, {kApprover}},
    {Rpc::kGetClawBack,        "CampaignService", "GetClawBack",        Effect::kRead,   {kHr, kUnionAdmin, kApprover, kFinance, kAuditor}},
    {Rpc::kListClawBackRows,   "CampaignService", "ListClawBackRows",   Effect::kRead,   {kHr, kUnionAdmin, kApprover, kAuditor}},

    {Rpc::kGetWallet,          "WalletService",   "GetWallet",          Effect::kRead,   {kMember, kHr, kUnionAdmin, kAuditor}},
    {Rpc::kListActivity,       "WalletService",   "ListActivity",       Effect::kRead,   {kMember, kHr, kUnionAdmin, kAuditor}},
    {Rpc::kExplainSpend,       "WalletService",   "ExplainSpend",       Effect::kRead,   {kMember, kHr, kUnionAdmin, kAuditor}},
    {Rpc::kCreatePaymentCode,  "WalletService",   "CreatePaymentCode",  Effect::kRead,   {kMember}},
    {Rpc::kGetBill,            "WalletService",   "GetBill",            Effect::kRead,   {kMember}},
    {Rpc::kPayBill,            "WalletService",   "PayBill",            Effect::kMoney,  {kMember}},

    {Rpc::kRegisterMerchant,   "MerchantService", "RegisterMerchant",   Effect::kChange, {kOperator}},
    {Rpc::kGetMerchant,        "MerchantService", "GetMerchant",        Effect::kRead,   {kOperator, kUnionAdmin, kMerchant, kAuditor}},
    {Rpc::kCreateStore,        "MerchantService", "CreateStore",        Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kLocateStore,        "MerchantService", "LocateStore",        Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kEnrollTerminal,     "MerchantService", "EnrollTerminal",     Effect::kChange, {kOperator, kMerchant, kInstaller}},
    {Rpc::kBlockTerminal,      "MerchantService", "BlockTerminal",      Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kSetAgreement,       "MerchantService", "SetAgreement",       Effect::kChange, {kOperator}},
    {Rpc::kSuspendMerchant,    "MerchantService", "SuspendMerchant",    Effect::kChange, {kOperator}},
    {Rpc::kResumeMerchant,     "MerchantService", "ResumeMerchant",     Effect::kChange, {kOperator}},
    {Rpc::kCloseMerchant,      "MerchantService", "CloseMerchant",      Effect::kChange, {kOperator}},
    {Rpc::kUnblockTerminal,    "MerchantService", "UnblockTerminal",    Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kRetireTerminal,     "MerchantService", "RetireTerminal",     Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kRenewTerminal,      "MerchantService", "RenewTerminal",      Effect::kChange, {kTerminal}},
    {Rpc::kApplyMerchant,      "MerchantService", "ApplyMerchant",      Effect::kChange, {kUnionAdmin}},
    {Rpc::kDecideMerchant,     "MerchantService", "DecideMerchant",     Effect::kChange, {kOperator}},
    {Rpc::kListMerchants,      "MerchantService", "ListMerchants",      Effect::kRead,   {kOperator, kUnionAdmin, kAuditor}},
    {Rpc::kCreateEnrolmentCode, "MerchantService", "CreateEnrolmentCode", Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kGetTerminal,        "MerchantService", "GetTerminal",        Effect::kRead,   {kOperator, kUnionAdmin, kMerchant, kAuditor}},
    {Rpc::kListTerminals,      "MerchantService", "ListTerminals",      Effect::kRead,   {kOperator, kUnionAdmin, kMerchant, kAuditor}},

    {Rpc::kCreateOffer,         "CatalogService", "CreateOffer",       Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kUpdateOffer,         "CatalogService", "UpdateOffer",       Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kPublishOffer,        "CatalogService", "PublishOffer",      Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kWithdrawOffer,       "CatalogService", "WithdrawOffer",     Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kRestockOffer,        "CatalogService", "RestockOffer",      Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kGetOffer,            "CatalogService", "GetOffer",          Effect::kRead,   {kOperator, kUnionAdmin, kMerchant, kTerminal, kAuditor, kMember}},
    {Rpc::kListOffers,          "CatalogService", "ListOffers",        Effect::kRead,   {kOperator, kUnionAdmin, kMerchant, kAuditor}},
    {Rpc::kListOfferVersions,   "CatalogService", "ListOfferVersions", Effect::kRead,   {kOperator, kUnionAdmin, kMerchant, kAuditor}},

    {Rpc::kPublishNotice,       "NoticeService",  "PublishNotice",     Effect::kChange, {kOperator, kUnionAdmin}},
    {Rpc::kWithdrawNotice,      "NoticeService",  "WithdrawNotice",    Effect::kChange, {kOperator, kUnionAdmin}},
    {Rpc::kListNotices,         "NoticeService",  "ListNotices",       Effect::kRead,   {kOperator, kUnionAdmin, kAuditor}},
    {Rpc::kListMyNotices,       "NoticeService",  "ListMyNotices",     Effect::kRead,   {kMember}},

    {Rpc::kPurchase,           "PosService",      "Purchase",           Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kAuthorize,          "PosService",      "Authorize",          Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kCapture,            "PosService",      "Capture",            Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kVoid,               "PosService",      "Void",               Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kRefund,             "PosService",      "Refund",             Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kReverse,            "PosService",      "Reverse",            Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kGetTransaction,     "PosService",      "GetTransaction",     Effect::kRead,   {kTerminal, kMerchant, kPos}},
    {Rpc::kInquireBalance,     "PosService",      "InquireBalance",     Effect::kRead,   {kTerminal, kMerchant, kPos}},
    {Rpc::kGetTotals,          "PosService",      "GetTotals",          Effect::kRead,   {kTerminal, kMerchant, kPos}},
    {Rpc::kCloseBatch,         "PosService",      "CloseBatch",         Effect::kChange, {kTerminal, kMerchant, kPos}},
    {Rpc::kPurchaseStream,     "PosService",      "PurchaseStream",     Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kCreateBill,         "PosService",      "CreateBill",         Effect::kMoney,  {kTerminal, kMerchant, kPos}},

    {Rpc::kPlaceOrder,         "OrderService",    "PlaceOrder",         Effect::kMoney,  {kMember}},
    {Rpc::kGetOrder,           "OrderService",    "GetOrder",           Effect::kRead,   {kMember, kMerchant, kAuditor}},
    {Rpc::kListOrders,         "OrderService",    "ListOrders",         Effect::kRead,   {kMember, kMerchant, kAuditor}},
    {Rpc::kAcceptOrder,        "OrderService",    "AcceptOrder",        Effect::kMoney,  {kMerchant}},
    {Rpc::kDeclineOrder,       "OrderService",    "DeclineOrder",       Effect::kMoney,  {kMerchant}},
    {Rpc::kShipOrder,          "OrderService",    "ShipOrder",          Effect::kChange, {kMerchant}},
    {Rpc::kFulfilOrder,        "OrderService",    "FulfilOrder",        Effect::kChange, {kMerchant}},
    {Rpc::kCancelOrder,        "OrderService",    "CancelOrder",        Effect::kMoney,  {kMember, kMerchant}},
    {Rpc::kReturnOrderItems,   "OrderService",    "ReturnOrderItems",   Effect::kMoney,  {kMerchant}},

    {Rpc::kRedeemVoucher,      "VoucherService",  "RedeemVoucher",      Effect::kMoney,  {kTerminal, kMerchant, kPos}},
    {Rpc::kGetVoucher,         "VoucherService",  "GetVoucher",         Effect::kRead,   {kMember}},
    {Rpc::kListVouchers,       "VoucherService",  "ListVouchers",       Effect::kRead,   {kMember}},
    {Rpc::kTransferVoucher,    "VoucherService",  "TransferVoucher",    Effect::kChange, {kMember}},
    {Rpc::kUploadVoucherCodes, "VoucherService",  "UploadVoucherCodes", Effect::kChange, {kMerchant}},

    {Rpc::kCutDay,             "SettlementService", "CutDay",            Effect::kChange, {kOperator, kFinance}},
    {Rpc::kListStatements,     "SettlementService", "ListStatements",    Effect::kRead,   {kOperator, kUnionAdmin, kFinance, kMerchant, kAuditor}},
    {Rpc::kGetStatement,       "SettlementService", "GetStatement",      Effect::kRead,   {kOperator, kUnionAdmin, kFinance, kMerchant, kAuditor}},
    {Rpc::kAgreeStatement,     "SettlementService", "AgreeStatement",    Effect::kMoney,  {kFinance, kMerchant}},
    {Rpc::kDisputeStatement,   "SettlementService", "DisputeStatement",  Effect::kChange, {kFinance, kMerchant}},
    {Rpc::kListDisputes,       "SettlementService", "ListDisputes",      Effect::kRead,   {kOperator, kUnionAdmin, kFinance, kMerchant, kAuditor}},
    {Rpc::kResolveDispute,     "SettlementService", "ResolveDispute",    Effect::kMoney,  {kOperator, kFinance}},
    {Rpc::kConfirmResolution,  "SettlementService", "ConfirmResolution", Effect::kMoney,  {kOperator, kFinance}},
    {Rpc::kListSpending,       "SettlementService", "ListSpending",      Effect::kRead,   {kOperator, kUnionAdmin, kFinance, kMerchant, kAuditor}},

    {Rpc::kListRecords,        "AuditService",    "ListRecords",        Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kGetRecord,          "AuditService",    "GetRecord",          Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kGetAccount,         "AuditService",    "GetAccount",         Effect::kRead,   {kAuditor, kFinance, kMerchant}},
    {Rpc::kGetTrialBalance,    "AuditService",    "GetTrialBalance",    Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kGetCheckpoint,      "AuditService",    "GetCheckpoint",      Effect::kRead,   {kAuditor, kOperator, kWitness}},
    {Rpc::kReDecideGrant,      "AuditService",    "ReDecideGrant",      Effect::kRead,   {kAuditor}},
    {Rpc::kQueryRecords,       "AuditService",    "QueryRecords",       Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kStreamRecords,      "AuditService",    "StreamRecords",      Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kWatchRecords,       "AuditService",    "WatchRecords",       Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kGetAccountStatement, "AuditService",   "GetAccountStatement", Effect::kRead,  {kAuditor, kFinance, kMerchant}},
    {Rpc::kTracePoints,        "AuditService",    "TracePoints",        Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kGetHistory,         "AuditService",    "GetHistory",         Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kProveInclusion,     "AuditService",    "ProveInclusion",     Effect::kRead,   {kAuditor, kOperator, kWitness}},
    {Rpc::kProveConsistency,   "AuditService",    "ProveConsistency",   Effect::kRead,   {kAuditor, kOperator, kWitness}},
    // Writes nothing into the ledger: the same signature again is the same.
    {Rpc::kAddCosignature,     "AuditService",    "AddCosignature",     Effect::kRead,   {kWitness}},
    {Rpc::kExportBundle,       "AuditService",    "ExportBundle",       Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kListPeriods,        "AuditService",    "ListPeriods",        Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kGetPeriod,          "AuditService",    "GetPeriod",          Effect::kRead,   {kAuditor, kOperator}},
    {Rpc::kListPeriodLines,    "AuditService",    "ListPeriodLines",    Effect::kRead,   {kAuditor, kOperator}},

    {Rpc::kGetStatus,          "AdminService",    "GetStatus",          Effect::kRead,   {kOperator}},
    {Rpc::kStartVerify,        "AdminService",    "StartVerify",        Effect::kRead,   {kOperator, kAuditor}},
    {Rpc::kRotateKey,          "AdminService",    "RotateKey",          Effect::kChange, {kOperator}},
    {Rpc::kLoadRulePack,       "AdminService",    "LoadRulePack",       Effect::kChange, {kOperator}},
    {Rpc::kListRulePacks,      "AdminService",    "ListRulePacks",      Effect::kRead,   {kOperator, kAuditor}},
    {Rpc::kGetRulePack,        "AdminService",    "GetRulePack",        Effect::kRead,   {kOperator, kAuditor}},
    {Rpc::kSetLimits,          "AdminService",    "SetLimits",          Effect::kChange, {kOperator}},
    {Rpc::kGetLimits,          "AdminService",    "GetLimits",          Effect::kRead,   {kOperator}},
    {Rpc::kClosePeriod,        "AdminService",    "ClosePeriod",        Effect::kChange, {kOperator}},
    // Changes where records are kept and not what they say: the same again does nothing.
    {Rpc::kArchivePeriod,      "AdminService",    "ArchivePeriod",      Effect::kRead,   {kOperator}},
    {Rpc::kListArchives,       "AdminService",    "ListArchives",       Effect::kRead,   {kOperator}},

    {Rpc::kProposeBankAccount,          "PayoutService", "ProposeBankAccount",       Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kConfirmBankAccount,          "PayoutService", "ConfirmBankAccount",       Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kRejectBankAccount,           "PayoutService", "RejectBankAccount",        Effect::kChange, {kOperator, kMerchant}},
    {Rpc::kListBankAccounts,            "PayoutService", "ListBankAccounts",         Effect::kRead,   {kOperator, kMerchant, kFinance, kApprover, kAuditor}},
    {Rpc::kListDuePayouts,              "PayoutService", "ListDuePayouts",           Effect::kRead,   {kOperator, kFinance, kApprover, kAuditor}},
    {Rpc::kGetPayout,                   "PayoutService", "GetPayout",                Effect::kRead,   {kOperator, kMerchant, kFinance, kApprover, kAuditor}},
    {Rpc::kCreatePayoutRun,             "PayoutService", "CreatePayoutRun",          Effect::kMoney,  {kOperator, kFinance}},
    {Rpc::kApprovePayoutRun,            "PayoutService", "ApprovePayoutRun",         Effect::kMoney,  {kOperator, kFinance, kApprover}},
    {Rpc::kCancelPayoutRun,             "PayoutService", "CancelPayoutRun",          Effect::kMoney,  {kOperator, kFinance, kApprover}},
    {Rpc::kExportPayoutRun,             "PayoutService", "ExportPayoutRun",          Effect::kChange, {kOperator, kFinance}},
    {Rpc::kImportBankAnswer,            "PayoutService", "ImportBankAnswer",         Effect::kMoney,  {kOperator, kFinance}},
    {Rpc::kProposePaymentCorrection,    "PayoutService", "ProposePaymentCorrection", Effect::kMoney,  {kOperator, kFinance}},
    {Rpc::kConfirmPaymentCorrection,    "PayoutService", "ConfirmPaymentCorrection", Effect::kMoney,  {kOperator, kFinance, kApprover}},
    {Rpc::kRejectPaymentCorrection,     "PayoutService", "RejectPaymentCorrection",  Effect::kMoney,  {kOperator, kFinance, kApprover}},
    {Rpc::kGetPayoutRun,                "PayoutService", "GetPayoutRun",             Effect::kRead,   {kOperator, kFinance, kApprover, kAuditor}},
    {Rpc::kListPayoutRuns,              "PayoutService", "ListPayoutRuns",           Effect::kRead,   {kOperator, kFinance, kApprover, kAuditor}},

    {Rpc::kComparePieces,         "ReconciliationService", "ComparePieces",       Effect::kRead,   {kOperator, kMerchant, kAuditor}},
    {Rpc::kCompareTransactions,   "ReconciliationService", "CompareTransactions", Effect::kRead,   {kOperator, kMerchant, kAuditor}},

    {Rpc::kEnrolDevice,        "DeviceService",   "EnrolDevice",        Effect::kChange, {kMember}},
    {Rpc::kListDevices,        "DeviceService",   "ListDevices",        Effect::kRead,   {kMember, kHr, kUnionAdmin}},
    {Rpc::kRevokeDevice,       "DeviceService",   "RevokeDevice",       Effect::kChange, {kMember, kHr, kUnionAdmin}},

    {Rpc::kEnableMall,        "MallService",           "EnableMall",       Effect::kChange, {kOperator}},
    {Rpc::kUpdateMall,        "MallService",           "UpdateMall",       Effect::kChange, {kOperator}},
    {Rpc::kBlockMall,         "MallService",           "BlockMall",        Effect::kChange, {kOperator}},
    {Rpc::kUnblockMall,       "MallService",           "UnblockMall",      Effect::kChange, {kOperator}},
    {Rpc::kGetMall,           "MallService",           "GetMall",          Effect::kRead,   {kOperator, kMerchant, kMall, kAuditor}},
    {Rpc::kListMallLinks,     "MallService",           "ListMallLinks",    Effect::kRead,   {kMember}},
    {Rpc::kUnlinkMall,        "MallService",           "UnlinkMall",       Effect::kChange, {kMember}},

    {Rpc::kLinkMall,          "ExternalPointsService", "LinkMall",         Effect::kChange, {kMall}},
    {Rpc::kGetBalance,        "ExternalPointsService", "GetBalance",       Effect::kRead,   {kMall}},
    {Rpc::kPay,               "ExternalPointsService", "Pay",              Effect::kMoney,  {kMall}},
    {Rpc::kGetPayment,        "ExternalPointsService", "GetPayment",       Effect::kRead,   {kMall}},
    {Rpc::kRefundPayment,     "ExternalPointsService", "RefundPayment",    Effect::kMoney,  {kMall}},
    {Rpc::kListTransactions,  "ExternalPointsService", "ListTransactions", Effect::kRead,   {kMall}},

    {Rpc::kGetOfferReport,    "OfferReportService",    "GetOfferReport",   Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},
    {Rpc::kListTopOffers,     "OfferReportService",    "ListTopOffers",    Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},
    {Rpc::kListUnusedOffers,  "OfferReportService",    "ListUnusedOffers", Effect::kRead,   {kOperator, kUnionAdmin, kHr, kFinance, kApprover, kAuditor}},

    {Rpc::kSearchOffers,       "SearchService",   "SearchOffers",       Effect::kRead,   {kMember, kHr, kUnionAdmin}},
    // Writes nothing into the ledger: the same bytes again are the same picture.
    {Rpc::kUploadPicture,      "PictureService",  "UploadPicture",      Effect::kRead,   {kOperator, kMerchant}},
    {Rpc::kGetPicture,         "PictureService",  "GetPicture",         Effect::kRead,   {kMember, kOperator, kUnionAdmin, kHr, kMerchant, kAuditor}},

    {Rpc::kListAccesses,        "AccessService",  "ListAccesses",        Effect::kRead,   {kSupervisor, kOperator}},
    {Rpc::kVerifyAccesses,      "AccessService",  "VerifyAccesses",      Effect::kRead,   {kSupervisor, kOperator}},
    {Rpc::kGetAccessCheckpoint, "AccessService",  "GetAccessCheckpoint", Effect::kRead,   {kSupervisor, kOperator}},
    {Rpc::kListReveals,         "AccessService",  "ListReveals",         Effect::kRead,   {kUnionAdmin, kSupervisor, kOperator}},
    {Rpc::kGrantMandate,        "AccessService",  "GrantMandate",        Effect::kChange, {kSupervisor, kOperator}},
    {Rpc::kRevokeMandate,       "AccessService",  "RevokeMandate",       Effect::kChange, {kSupervisor, kOperator}},
    {Rpc::kListMandates,        "AccessService",  "ListMandates",        Effect::kRead,   {kSupervisor, kOperator}},

    {Rpc::kGetReceipt,          "ReceiptService", "GetReceipt",          Effect::kRead,   {kMember, kMerchant, kTerminal, kAuditor}},
}};
// clang-format on

constexpr bool IndexedByRpc() {
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    if (static_cast<std::size_t>(kRules[i].rpc) != i) return false;
  }
  return true;
}
static_assert(IndexedByRpc(), "the rows stand in the order of Rpc");

// Whether the caller's mandate names a union.
bool IsNarrowed(const Principal& principal) {
  return principal.mandate.has_value() && !principal.mandate->union_id.text().empty();
}

bool SeesEverything(const Principal& principal) {
  const bool audits = principal.role == kAuditor || principal.role == kSupervisor;
  return principal.role == kOperator ||
         (audits && principal.scope.empty() && !IsNarrowed(principal));
}

bool AuditorCovers(const Principal& principal, const UnionId& union_id, const UnionTree& tree) {
  if (!principal.scope.empty() && !tree.Covers(principal.union_id, union_id)) return false;
  return !IsNarrowed(principal) || tree.Covers(principal.mandate->union_id, union_id);
}

absl::Status AllowIf(bool allowed, absl::string_view what) {
  if (allowed) return absl::OkStatus();
  return ledger::ToStatus(
      {.reason = ledger::Reason::kNotFound, .message = absl::StrCat("no such ", what)});
}

bool CoversUnion(const Principal& principal, const UnionId& union_id, const UnionTree& tree) {
  switch (principal.role) {
    case kOperator:
      return true;
    case kUnionAdmin:
    case kHr:
    case kFinance:
    case kApprover:
    case kSupervisor:
      return SeesEverything(principal) || tree.Covers(principal.union_id, union_id);
    case kAuditor:
      return AuditorCovers(principal, union_id, tree);
    case kMerchant:
    case kTerminal:
    case kMember:
    case kPos:
    case kInstaller:
    case kMall:
    case kWitness:
      return false;
  }
  CheckFailed(__FILE__, __LINE__, "a role without a rule");
}

bool CoversMerchant(const Principal& principal, const MerchantId& merchant) {
  switch (principal.role) {
    case kOperator:
    case kUnionAdmin:
    case kAuditor:
      return true;
    case kMerchant:
    case kTerminal:
    case kPos:
    case kMall:
      return principal.merchant_id == merchant;
    case kHr:
    case kFinance:
    case kApprover:
    case kMember:
    case kInstaller:
    case kSupervisor:
    case kWitness:
      return false;
  }
  CheckFailed(__FILE__, __LINE__, "a role without a rule");
}

bool Pays(const Principal& principal, absl::string_view payer) {
  return SeesEverything(principal) || (!payer.empty() && principal.union_id.text() == payer);
}

}  // namespace

absl::Span<const RpcRule> RpcRules() { return kRules; }

bool IsOnRecord(const Principal& principal, Rpc rpc) {
  if (principal.role == kAuditor || principal.role == kSupervisor) return true;
  const absl::string_view service = RuleOf(rpc).service;
  return !principal.caller.empty() && (service == "AuditService" || service == "AccessService");
}

std::size_t RequestBytesMax(Rpc rpc) {
  const absl::string_view service = RuleOf(rpc).service;
  const bool sells = service == "PosService" || service == "ExternalPointsService";
  return sells ? kTillMessageBytesMax : kMessageBytesMax;
}

absl::Status Allow(const Principal& principal, Rpc rpc) {
  const RpcRule& rule = RuleOf(rpc);
  if (rule.callers.Has(principal.role)) return absl::OkStatus();
  return ledger::ToStatus({.reason = ledger::Reason::kPermissionDenied,
                           .message = absl::StrCat("the role ", RoleName(principal.role),
                                                   " may not call ", rule.name)});
}

absl::Status AllowUnion(const Principal& principal, const UnionId& union_id,
                        const UnionTree& tree) {
  return AllowIf(CoversUnion(principal, union_id, tree), "union");
}

absl::Status AllowMember(const Principal& principal, const MemberId& member,
                         const UnionId& union_of_member, const UnionTree& tree) {
  const bool allowed = principal.role == kMember ? principal.member_id == member
                                                 : CoversUnion(principal, union_of_member, tree);
  return AllowIf(allowed, "member");
}

absl::Status AllowMerchant(const Principal& principal, const MerchantId& merchant) {
  return AllowIf(CoversMerchant(principal, merchant), "merchant");
}

absl::Status AllowSettlement(const Principal& principal, const MerchantId& merchant) {
  return AllowIf(principal.role == kFinance || CoversMerchant(principal, merchant), "merchant");
}

absl::Status AllowTerminal(const Principal& principal, const MerchantId& merchant,
                           const TerminalId& terminal) {
  const bool own = principal.role != kTerminal || principal.terminal_id == terminal;
  return AllowIf(own && CoversMerchant(principal, merchant), "terminal");
}

absl::Status AllowPayer(const Principal& principal, absl::string_view payer) {
  return AllowIf(Pays(principal, payer), "payout run");
}

absl::Status AllowPayout(const Principal& principal, const MerchantId& merchant,
                         absl::string_view payer) {
  const bool own = principal.role == kMerchant && principal.merchant_id == merchant;
  return AllowIf(own || Pays(principal, payer), "merchant");
}

absl::Status AllowWholeLedger(const Principal& principal) {
  return AllowIf(SeesEverything(principal) || principal.role == kWitness, "record");
}

}  // namespace puhui::services
