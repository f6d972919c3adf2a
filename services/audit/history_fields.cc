// SPDX-License-Identifier: Apache-2.0
#include "services/audit/history_fields.h"

#include "ledger/base/status_macros.h"
#include "ledger/engine/record_day.h"
#include "services/audit/history_kinds.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace puhui::services {
namespace {

namespace jv1 = journal::v1;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What the thing itself is known by, who did it, and what is no part of what it is like.
constexpr std::array<absl::string_view, 27> kLeftOut = {
    "number",      "campaign", "merchant",    "terminal",
    "offer",       "member",   "store",       "person",
    "revision",    "before",   "confirmed",   "parent_before",
    "accepted",    "rules",    "proposal",    "create_time_micros",
    "application", "auditor",  "notice",      "order",
    "claw_back",   "finished", "line",        "run",
    "payment",     "period",   "line_records"};

// What says as a whole what a thing is like; its fields are those of the thing.
bool IsWhole(const FieldDescriptor& field) {
  const std::string& name = field.name();
  return name == "after" || name == "content" || name == "wish" ||
         field.message_type() == jv1::PackRules::descriptor() ||
         (name == "day" && field.message_type() == jv1::BusinessDay::descriptor());
}

// What else stands in some records, and is told in another way or is what the thing is known by.
bool IsToldElsewhere(absl::string_view collection, const FieldDescriptor& field) {
  const std::string& name = field.name();
  const Descriptor* const of = field.containing_type();
  if (collection == "statements" || collection == "payoutRuns") {
    return (name == "day" && !IsWhole(field)) || name == "purchase";
  }
  if (of == jv1::RulePackLoaded::descriptor()) return name == "id";
  if (of == jv1::PeriodClosed::descriptor()) return name == "counts" || name == "lines";
  return of == jv1::OrderReturned::descriptor() && name == "quantity";
}

std::string FieldName(const FieldDescriptor& field) {
  const Descriptor* const of = field.containing_type();
  const std::string& name = field.name();
  if (name == "union_number") return "union";
  if (name == "parent_after") return "parent";
  // What a union was created with it decides for itself from then on.
  if (of == jv1::UnionCreated::descriptor() && name == "time_zone") return "settings.time_zone";
  // A reason beside another, and what a payment is to become beside how that stands.
  if (of == jv1::ClawBackDecided::descriptor() && name == "reason") return "decision_reason";
  if (of == jv1::ResolutionProposed::descriptor() && name == "reason") return "resolution_reason";
  if (of == jv1::PaymentCorrectionDecided::descriptor() && name == "reason") return "rejection";
  if (of == jv1::PaymentCorrectionProposed::descriptor() && name == "state") return "becomes";
  const bool is_moment = field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
  return std::string(is_moment ? absl::StripSuffix(name, "_micros") : absl::string_view(name));
}

// Numbers of days since 1970.
bool IsDay(absl::string_view name) {
  return name == "day" || name == "holidays" || absl::EndsWith(name, "_day") ||
         name == "joined_from" || name == "joined_to" || name == "effective_from" ||
         name == "effective_to";
}

bool IsUnion(absl::string_view name) {
  return name == "union_number" || name == "parent" || name == "parent_after" || name == "origin" ||
         name == "unions";
}

const Message& CauseOf(const jv1::Entry& entry) {
  const FieldDescriptor* const cause =
      jv1::Entry::descriptor()->FindFieldByNumber(entry.cause_case());
  return cause == nullptr ? entry : entry.GetReflection()->GetMessage(entry, cause);
}

const Message& OrderPartOf(const jv1::Entry& entry) {
  if (entry.has_authorization()) return entry.authorization().order_placed();
  if (entry.has_purchase()) return entry.purchase().order_placed();
  if (entry.has_capture()) return entry.capture().order_accepted();
  if (entry.has_voided()) return entry.voided().order_ended();
  return entry.refund().order_returned();
}

}  // namespace

std::string& HistoryFields::operator[](const std::string& name) {
  std::string& value = values_[name];
  touched_.emplace(name, value);
  return value;
}

void HistoryFields::Erase(const std::string& name) {
  const auto found = values_.find(name);
  if (found == values_.end()) return;
  touched_.insert(*found);
  values_.erase(found);
}

void HistoryFields::EraseBelow(const std::string& prefix) {
  auto next = values_.lower_bound(prefix);
  while (next != values_.end() && absl::StartsWith(next->first, prefix)) {
    touched_.insert(*next);
    next = values_.erase(next);
  }
}

HistoryFields::Values HistoryFields::TakeTouched() { return std::exchange(touched_, {}); }

std::string HistoryFields::At(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string() : found->second;
}

const Message& HistoryBodyOf(absl::string_view collection, const jv1::Record& record) {
  if (record.has_entry()) {
    return collection == "orders" ? OrderPartOf(record.entry()) : CauseOf(record.entry());
  }
  const FieldDescriptor* const body =
      jv1::Record::descriptor()->FindFieldByNumber(record.body_case());
  return record.GetReflection()->GetMessage(record, body);
}

std::string EnumValueText(const EnumDescriptor& of, int number) {
  const auto* const value = of.FindValueByNumber(number);
  const auto* const none = of.FindValueByNumber(0);
  if (value == nullptr || none == nullptr) return absl::StrCat(number);
  const absl::string_view prefix = absl::StripSuffix(none->name(), "UNSPECIFIED");
  return std::string(absl::StripPrefix(value->name(), prefix));
}

bool HistoryFieldReader::IsLeftOut(const FieldDescriptor& field) const {
  if (field.message_type() == jv1::PackRules::descriptor()) return false;
  // An order is known by neither.
  const bool of_order = field.containing_type() == jv1::OrderPlaced::descriptor() &&
                        (field.name() == "offer" || field.name() == "store");
  if (of_order) return false;
  return field.type() == FieldDescriptor::TYPE_BYTES || field.name() == "certificate_pem" ||
         field.name() == "card_last_four" || field.name() == "last_four" ||
         field.real_containing_oneof() != nullptr ||
         std::find(kLeftOut.begin(), kLeftOut.end(), field.name()) != kLeftOut.end() ||
         IsToldElsewhere(collection_, field);
}

void HistoryFieldReader::Forget(const Descriptor& of, absl::string_view prefix) {
  for (int i = 0; i < of.field_count(); ++i) {
    const FieldDescriptor& field = *of.field(i);
    if (IsLeftOut(field)) continue;
    if (IsWhole(field)) {
      Forget(*field.message_type(), prefix);
      continue;
    }
    const std::string name = absl::StrCat(prefix, FieldName(field));
    into_.Erase(name);
    into_.EraseBelow(name + ".");
  }
}

absl::Status HistoryFieldReader::Read(const Message& message, absl::string_view prefix) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (!IsLeftOut(*field)) PUHUI_RETURN_IF_ERROR(ReadField(message, *field, prefix));
  }
  return absl::OkStatus();
}

absl::Status HistoryFieldReader::ReadField(const Message& message, const FieldDescriptor& field,
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
                IsWhole(field) ? std::string(prefix) : name + ".");
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

absl::StatusOr<std::string> HistoryFieldReader::Text(const Message& message,
                                                     const FieldDescriptor& field, int index,
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

absl::StatusOr<std::string> HistoryFieldReader::NumberText(const FieldDescriptor& field,
                                                           std::uint32_t number,
                                                           absl::string_view name) {
  const absl::string_view named = field.name();
  if (number != 0 && IsUnion(named)) return names_.OfUnion(UnionNumber{number});
  if (named == "campaigns") return names_.OfCampaign(CampaignNumber{number});
  if (named == "offer") return FormatOfferName(number);
  if (named == "allowed_merchants" || named == "denied_merchants") {
    return names_.OfMerchant(MerchantNumber{number});
  }
  const EnumDescriptor* const values = HistoryEnumOf(collection_, field, name);
  return values == nullptr ? absl::StrCat(number)
                           : EnumValueText(*values, static_cast<int>(number));
}

}  // namespace puhui::services
