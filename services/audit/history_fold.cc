// SPDX-License-Identifier: Apache-2.0
#include "services/audit/history_fold.h"

#include "audit/index/facts_of.h"
#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"
#include "puhui/v1/campaign_service.pb.h"
#include "puhui/v1/mall.pb.h"
#include "puhui/v1/member.pb.h"
#include "puhui/v1/merchant_service.pb.h"
#include "puhui/v1/offer.pb.h"
#include "puhui/v1/rule_pack.pb.h"
#include "puhui/v1/union_service.pb.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace puhui::services {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr HistoryKind kHistoryKinds[] = {
    {"unions", "union_created", "OPEN"},
    {"unions", "union_updated", ""},
    {"unions", "union_moved", ""},
    {"unions", "union_closed", "CLOSED"},
    {"fundings", "funding_proposed", "PROPOSED"},
    {"fundings", "entry/funding", "CONFIRMED"},
    {"fundings", "funding_rejected", "REJECTED"},
    {"members", "member_joined", "ACTIVE"},
    {"members", "member_changed", ""},
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
    {"campaigns", "issue_paused", ""},
    {"campaigns", "issue_resumed", ""},
    {"campaigns", "issue_finished", "ISSUED"},
    {"campaigns", "campaign_cancelled", "CANCELLED"},
    {"campaigns", "campaign_closed", "CLOSED"},
    {"merchants", "merchant_registered", "ACTIVE"},
    {"merchants", "merchant_applied", "APPLIED"},
    {"merchants", "merchant_decided", ""},
    {"merchants", "merchant_state_changed", ""},
    {"merchants", "agreement_made", "", "agreement."},
    {"merchants", "bank_account_decided", "", "bank_account."},
    {"merchants", "mall_enabled", "", "mall."},
    {"merchants", "mall_changed", "", "mall."},
    {"stores", "store_created", ""},
    {"stores", "store_located", ""},
    {"terminals", "terminal_enrolled", "ACTIVE"},
    {"terminals", "terminal_blocked", "BLOCKED"},
    {"terminals", "terminal_state_changed", ""},
    {"terminals", "terminal_renewed", ""},
    {"offers", "offer_created", "DRAFT"},
    {"offers", "offer_changed", ""},
    {"offers", "offer_moved", ""},
    {"offers", "offer_restocked", ""},
};

// What the thing itself is known by, who did it, and what is no part of what it is like.
constexpr std::array<absl::string_view, 16> kLeftOut = {
    "number",        "campaign", "merchant", "terminal", "offer",     "member",
    "store",         "person",   "revision", "before",   "confirmed", "create_time_micros",
    "parent_before", "accepted", "rules",    "proposal"};

// What says as a whole what a thing is like; its fields are those of the thing.
bool IsWhole(absl::string_view name) {
  return name == "after" || name == "content" || name == "wish";
}

bool IsLeftOut(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_BYTES || field.name() == "certificate_pem" ||
         field.name() == "card_last_four" || field.name() == "last_four" ||
         field.real_containing_oneof() != nullptr ||
         std::find(kLeftOut.begin(), kLeftOut.end(), field.name()) != kLeftOut.end();
}

std::string FieldName(const FieldDescriptor& field) {
  if (field.name() == "union_number") return "union";
  if (field.name() == "parent_after") return "parent";
  // What a union was created with it decides for itself from then on.
  if (field.containing_type() == journal::v1::UnionCreated::descriptor() &&
      field.name() == "time_zone") {
    return "settings.time_zone";
  }
  const bool is_moment = field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
  return std::string(is_moment ? absl::StripSuffix(field.name(), "_micros")
                               : absl::string_view(field.name()));
}

// Numbers of days since 1970.
bool IsDay(absl::string_view name) {
  return name == "day" || name == "holidays" || absl::EndsWith(name, "_day");
}

// Of numbers of puhui.v1; null: it is none of those.
const EnumDescriptor* EnumOf(absl::string_view collection, absl::string_view name) {
  if (name == "leave_policy") return v1::LeavePolicy_descriptor();
  if (name == "issuer_kind") return v1::IssuerKind_descriptor();
  if (name == "mall.state") return v1::MallState_descriptor();
  if (collection == "unions" && name == "kind") return v1::UnionKind_descriptor();
  if (collection == "campaigns" && name == "reason") return v1::VoidReason_descriptor();
  if (name != "state") return nullptr;
  if (collection == "members") return v1::MemberState_descriptor();
  if (collection == "merchants") return v1::MerchantState_descriptor();
  if (collection == "terminals") return v1::TerminalState_descriptor();
  if (collection == "offers") return v1::OfferState_descriptor();
  return nullptr;
}

// Without what all names of the enumeration begin with.
std::string EnumName(const EnumDescriptor& of, int number) {
  const auto* const value = of.FindValueByNumber(number);
  const auto* const none = of.FindValueByNumber(0);
  if (value == nullptr || none == nullptr) return absl::StrCat(number);
  const absl::string_view prefix = absl::StripSuffix(none->name(), "UNSPECIFIED");
  return std::string(absl::StripPrefix(value->name(), prefix));
}

// The fields of a message, as text. Threads: none. Borrows: everything.
class FieldReader {
 public:
  FieldReader(absl::string_view collection, Names* names, std::map<std::string, std::string>* into)
      : collection_(collection), names_(*names), into_(*into) {}

  // What the message has a field for is as it says from now on.
  void Forget(const Descriptor& of, absl::string_view prefix) {
    for (int i = 0; i < of.field_count(); ++i) {
      const FieldDescriptor& field = *of.field(i);
      if (IsLeftOut(field)) continue;
      if (IsWhole(field.name())) {
        Forget(*field.message_type(), prefix);
        continue;
      }
      const std::string name = absl::StrCat(prefix, FieldName(field));
      std::erase_if(into_, [&name](const auto& one) {
        return one.first == name || absl::StartsWith(one.first, name + ".");
      });
    }
  }

  absl::Status Read(const Message& message, absl::string_view prefix) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* const field : fields) {
      if (!IsLeftOut(*field)) PUHUI_RETURN_IF_ERROR(ReadField(message, *field, prefix));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status ReadField(const Message& message, const FieldDescriptor& field,
                         absl::string_view prefix) {
    const auto& reflection = *message.GetReflection();
    const std::string name = absl::StrCat(prefix, FieldName(field));
    const bool holds_fields = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!field.is_repeated()) {
      if (!holds_fields) {
        PUHUI_ASSIGN_OR_RETURN(into_[name], Text(message, field, -1, name));
        return absl::OkStatus();
      }
      return Read(reflection.GetMessage(message, &field),
                  IsWhole(field.name()) ? std::string(prefix) : name + ".");
    }
    std::vector<std::string> texts;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      if (holds_fields) {
        PUHUI_RETURN_IF_ERROR(Read(reflection.GetRepeatedMessage(message, &field, i),
                                   absl::StrCat(name, ".", i + 1, ".")));
      } else {
        PUHUI_ASSIGN_OR_RETURN(texts.emplace_back(), Text(message, field, i, name));
      }
    }
    if (!texts.empty()) into_[name] = absl::StrJoin(texts, ", ");
    return absl::OkStatus();
  }

  // Of one value; `index` -1: of a field that is not repeated.
  absl::StatusOr<std::string> Text(const Message& message, const FieldDescriptor& field, int index,
                                   absl::string_view name) {
    const auto& reflection = *message.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      return index < 0 ? reflection.GetString(message, &field)
                       : reflection.GetRepeatedString(message, &field, index);
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
      return NumberText(field,
                        index < 0 ? reflection.GetUInt32(message, &field)
                                  : reflection.GetRepeatedUInt32(message, &field, index),
                        name);
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 && index < 0 &&
        absl::EndsWith(field.name(), "_micros")) {
      return absl::FormatTime(absl::RFC3339_full,
                              absl::FromUnixMicros(reflection.GetInt64(message, &field)),
                              absl::UTCTimeZone());
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 && IsDay(field.name())) {
      return absl::FormatCivilTime(
          ledger::DayFromRecord(index < 0 ? reflection.GetInt32(message, &field)
                                          : reflection.GetRepeatedInt32(message, &field, index)));
    }
    std::string text;
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
    return text;
  }

  // The resource name behind a number, or the value of an enumeration, where it is one.
  absl::StatusOr<std::string> NumberText(const FieldDescriptor& field, std::uint32_t number,
                                         absl::string_view name) {
    const absl::string_view named = field.name();
    if (number != 0 && (named == "union_number" || named == "parent" || named == "parent_after" ||
                        named == "origin" || named == "unions")) {
      return names_.OfUnion(UnionNumber{number});
    }
    if (named == "campaigns") return names_.OfCampaign(CampaignNumber{number});
    if (named == "allowed_merchants" || named == "denied_merchants") {
      return names_.OfMerchant(MerchantNumber{number});
    }
    const absl::string_view own = absl::StripPrefix(name, "settings.");
    const EnumDescriptor* const values = EnumOf(collection_, own);
    return values == nullptr ? absl::StrCat(number) : EnumName(*values, static_cast<int>(number));
  }

  const absl::string_view collection_;
  Names& names_;
  std::map<std::string, std::string>& into_;
};

// What happened, without where it is in the journal.
const Message& BodyOf(const journal::v1::Record& record) {
  if (record.entry().has_approval()) return record.entry().approval();
  if (record.entry().has_funding()) return record.entry().funding();
  const FieldDescriptor* const body =
      journal::v1::Record::descriptor()->FindFieldByNumber(record.body_case());
  return record.GetReflection()->GetMessage(record, body);
}

const HistoryKind* KindIn(absl::string_view collection, const journal::v1::Record& record) {
  const std::string text = audit::KindText(audit::KindOf(record));
  for (const HistoryKind& kind : kHistoryKinds) {
    if (kind.collection != collection) continue;
    if (kind.kind == text || absl::StartsWith(text, absl::StrCat(kind.kind, "/"))) return &kind;
  }
  return nullptr;
}

}  // namespace

absl::Span<const HistoryKind> HistoryKinds() { return kHistoryKinds; }

HistoryFold::HistoryFold(std::string collection, Names* names)
    : collection_(std::move(collection)), names_(*names) {}

absl::StatusOr<std::vector<v1::FieldChange>> HistoryFold::Take(const journal::v1::Record& record) {
  std::vector<v1::FieldChange> changes;
  const HistoryKind* const kind = KindIn(collection_, record);
  if (kind == nullptr) return changes;
  Fields before = fields_;
  const Message& body = BodyOf(record);
  FieldReader reader(collection_, &names_, &fields_);
  reader.Forget(*body.GetDescriptor(), kind->part);
  PUHUI_RETURN_IF_ERROR(reader.Read(body, kind->part));
  if (!kind->state.empty()) fields_["state"] = std::string(kind->state);
  if (record.has_merchant_decided()) {
    fields_["state"] = record.merchant_decided().accepted() ? "ACTIVE" : "REJECTED";
  }
  if (record.has_bank_account_decided()) {
    fields_["bank_account.state"] =
        record.bank_account_decided().confirmed() ? "CONFIRMED" : "REJECTED";
  }
  for (const auto& [name, value] : fields_) before[name];
  for (const auto& [name, value] : before) {
    const auto now = fields_.find(name);
    const std::string text = now == fields_.end() ? std::string() : now->second;
    if (text == value) continue;
    v1::FieldChange& change = changes.emplace_back();
    change.set_field(name);
    change.set_before(value);
    change.set_after(text);
  }
  return changes;
}

}  // namespace puhui::services
