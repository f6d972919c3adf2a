// SPDX-License-Identifier: Apache-2.0
#include "services/audit/history_kinds.h"

#include "audit/index/facts_of.h"
#include "puhui/v1/campaign_service.pb.h"
#include "puhui/v1/errors.pb.h"
#include "puhui/v1/mall.pb.h"
#include "puhui/v1/member.pb.h"
#include "puhui/v1/merchant_service.pb.h"
#include "puhui/v1/offer.pb.h"
#include "puhui/v1/order.pb.h"
#include "puhui/v1/payout_service.pb.h"
#include "puhui/v1/rule_pack.pb.h"
#include "puhui/v1/union_service.pb.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

#include <string>

namespace puhui::services {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr bool kBare = true;

constexpr HistoryKind kHistoryKinds[] = {
    {"unions", "union_created", "OPEN"},
    {"unions", "union_updated", ""},
    {"unions", "union_moved", ""},
    {"unions", "union_closed", "CLOSED"},
    {"fundings", "funding_proposed", "PROPOSED"},
    {"fundings", "entry/funding", "CONFIRMED"},
    {"fundings", "funding_rejected", "REJECTED"},
    {"applications", "application_submitted", "SUBMITTED"},
    {"applications", "application_decided", ""},
    {"members", "member_joined", "ACTIVE"},
    {"members", "member_changed", ""},
    {"members", "limits_changed", "", "limits.", kBare},
    {"members", "device_enrolled", "ACTIVE", "devices.#."},
    {"members", "device_revoked", "REVOKED", "devices.#."},
    {"members", "mall_linked", "LINKED", "malls.#.", kBare},
    {"members", "mall_unlinked", "UNLINKED", "malls.#.", kBare},
    {"campaigns", "campaign_created", "DRAFT"},
    {"campaigns", "campaign_updated", "DRAFT"},
    {"campaigns", "plan_started", "DRAFT"},
    {"campaigns", "plan_completed", ""},
    {"campaigns", "campaign_submitted", "SUBMITTED"},
    {"campaigns", "approval_given", ""},
    {"campaigns", "entry/approval", "APPROVED"},
    {"campaigns", "campaign_rejected", "REJECTED"},
    {"campaigns", "approvals_voided", "DRAFT"},
    {"campaigns", "issue_started", "ISSUING"},
    {"campaigns", "issue_paused", "", "stopped_by."},
    {"campaigns", "issue_resumed", ""},
    {"campaigns", "issue_finished", "ISSUED"},
    {"campaigns", "campaign_cancelled", "CANCELLED"},
    {"campaigns", "campaign_closed", "CLOSED"},
    {"clawBacks", "claw_back_proposed", ""},
    {"clawBacks", "claw_back_decided", ""},
    {"clawBacks", "claw_back_advanced", ""},
    {"rulePacks", "rule_pack_loaded", ""},
    {"merchants", "merchant_registered", "ACTIVE"},
    {"merchants", "merchant_applied", "APPLIED"},
    {"merchants", "merchant_decided", ""},
    {"merchants", "merchant_state_changed", ""},
    {"merchants", "limits_changed", "", "limits.", kBare},
    {"merchants", "agreement_made", "", "agreement."},
    {"merchants", "bank_account_proposed", "PROPOSED", "bank_accounts.#."},
    {"merchants", "bank_account_decided", "", "bank_accounts.#."},
    {"merchants", "mall_enabled", "ACTIVE", "mall."},
    {"merchants", "mall_changed", "", "mall."},
    {"stores", "store_created", ""},
    {"stores", "store_located", ""},
    {"terminals", "terminal_enrolled", "ACTIVE"},
    {"terminals", "terminal_blocked", "BLOCKED"},
    {"terminals", "terminal_state_changed", ""},
    {"terminals", "terminal_renewed", ""},
    {"terminals", "limits_changed", "", "limits.", kBare},
    {"offers", "offer_created", "DRAFT"},
    {"offers", "offer_changed", ""},
    {"offers", "offer_moved", ""},
    {"offers", "offer_restocked", ""},
    {"offers", "voucher_codes_added", "", "", kBare},
    {"notices", "notice_published", "PUBLISHED"},
    {"notices", "notice_withdrawn", "WITHDRAWN"},
    {"orders", "entry/authorization", "PLACED"},
    {"orders", "entry/purchase", "ACCEPTED"},
    {"orders", "entry/capture", "ACCEPTED"},
    {"orders", "entry/voided", ""},
    {"orders", "entry/authorization_expiry", "LAPSED", "", kBare},
    {"orders", "entry/refund", ""},
    {"orders", "order_shipped", "SHIPPED"},
    {"orders", "order_fulfilled", "FULFILLED"},
    {"orders", "voucher_redeemed", "FULFILLED", "", kBare},
    {"orders", "voucher_transferred", "", "", kBare},
    {"statements", "day_cut", "CUT"},
    {"statements", "statement_agreed", "AGREED"},
    {"statements", "lines_disputed", "DISPUTED", "", kBare},
    {"statements", "resolution_proposed", "PROPOSED", "disputes.#."},
    {"statements", "dispute_dismissed", "DISMISSED", "disputes.#.", kBare},
    {"statements", "entry/adjustment", "ADJUSTED", "disputes.#.", kBare},
    {"statements", "payout_run_created", "", "", kBare},
    {"statements", "entry/payout_paid", "PAID", "", kBare},
    {"statements", "entry/payout_returned", "AGREED", "", kBare},
    {"payoutRuns", "payout_run_created", "CREATED"},
    {"payoutRuns", "payout_run_approved", "APPROVED"},
    {"payoutRuns", "payout_run_cancelled", "CANCELLED"},
    {"payoutRuns", "payout_run_exported", "EXPORTED"},
    {"payoutRuns", "bank_answered", "", "", kBare},
    {"payoutRuns", "payment_correction_proposed", "PROPOSED", "payments.#.correction."},
    {"payoutRuns", "payment_correction_decided", "", "payments.#.correction."},
    {"people", "mandate_granted", "GRANTED"},
    {"people", "mandate_revoked", "REVOKED"},
    {"periods", "period_closed", "CLOSED"},
};

const EnumDescriptor* StateOf(absl::string_view collection) {
  if (collection == "members") return v1::MemberState_descriptor();
  if (collection == "merchants") return v1::MerchantState_descriptor();
  if (collection == "terminals") return v1::TerminalState_descriptor();
  if (collection == "offers") return v1::OfferState_descriptor();
  if (collection == "orders") return v1::OrderState_descriptor();
  if (collection == "payoutRuns") return v1::PayoutPaymentState_descriptor();
  return nullptr;
}

}  // namespace

absl::Span<const HistoryKind> HistoryKinds() { return kHistoryKinds; }

const HistoryKind* HistoryKindIn(absl::string_view collection, const journal::v1::Record& record) {
  const std::string text = audit::KindText(audit::KindOf(record));
  for (const HistoryKind& kind : kHistoryKinds) {
    if (kind.collection != collection) continue;
    if (kind.kind == text || absl::StartsWith(text, absl::StrCat(kind.kind, "/"))) return &kind;
  }
  return nullptr;
}

const EnumDescriptor* HistoryEnumOf(absl::string_view collection, const FieldDescriptor& field,
                                    absl::string_view name) {
  const absl::string_view own = absl::StripPrefix(name, "settings.");
  if (field.name() == "leave_policy") return v1::LeavePolicy_descriptor();
  if (field.name() == "issuer_kind" || field.name() == "issuer_kinds") {
    return v1::IssuerKind_descriptor();
  }
  if (field.name() == "fulfilment" || field.name() == "fulfilments") {
    return v1::FulfilmentKind_descriptor();
  }
  if (own == "mall.state") return v1::MallState_descriptor();
  if (own == "stopped_by.reason") return v1::Reason_descriptor();
  if (collection == "unions" && own == "kind") return v1::UnionKind_descriptor();
  if (collection == "campaigns" && own == "reason") return v1::VoidReason_descriptor();
  return field.name() == "state" ? StateOf(collection) : nullptr;
}

}  // namespace puhui::services
