// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/audit/index/filled_records.h"

#include "audit/index/facts_of.h"
#include "ledger/base/id.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <cstdint>

namespace puhui::audit {
namespace {

namespace jv1 = journal::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// What a number is called decides what it is, so that a fact says where it comes from.
std::uint64_t NumberFor(const FieldDescriptor& field) {
  static const auto* const numbers = new std::map<std::string, std::uint64_t>{
      {"campaign", 4},      {"union_number", 3}, {"parent", 31},   {"parent_before", 32},
      {"parent_after", 33}, {"from_union", 34},  {"to_union", 35}, {"origin", 36},
      {"owner", 37},        {"unions", 38},      {"merchant", 6},  {"terminal", 7},
      {"points", 500},      {"purchase", 9},     {"bill", 9},      {"authorization", 9},
      {"proposal", 9},      {"claw_back", 9},    {"order", 9},     {"application", 9},
      {"number", 11},       {"offer", 12},       {"notice", 13},   {"reason", 700}};
  if (field.full_name() == "puhui.journal.v1.Posting.points") return 400;
  if (field.name() == "line") return field.type() == FieldDescriptor::TYPE_UINT64 ? 9 : 99;
  const auto found = numbers->find(field.name());
  return found == numbers->end() ? 99 : found->second;
}

std::string TextFor(const FieldDescriptor& field) {
  if (field.name() == "member") return MemberId(1, 1).ToBytes();
  if (field.name() == "from") return MemberId(1, 2).ToBytes();
  if (field.name() == "to") return MemberId(1, 3).ToBytes();
  if (field.name() == "person") return "li";
  if (field.name() == "store") return "s";
  if (field.name() == "id") return "id";
  return "zz";
}

void FillField(Message* message, const FieldDescriptor& field);

// Everything but the alternatives of a oneof.
void Fill(Message* message) {
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message->GetDescriptor()->field(i);
    if (field.real_containing_oneof() == nullptr) FillField(message, field);
  }
}

template <class Set>
void SetScalar(const FieldDescriptor& field, Set set) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      return set(static_cast<std::uint32_t>(NumberFor(field)));
    case FieldDescriptor::CPPTYPE_UINT64:
      return set(NumberFor(field));
    case FieldDescriptor::CPPTYPE_INT32:
      return set(static_cast<std::int32_t>(NumberFor(field)));
    case FieldDescriptor::CPPTYPE_INT64:
      return set(static_cast<std::int64_t>(NumberFor(field)));
    case FieldDescriptor::CPPTYPE_BOOL:
      return set(true);
    case FieldDescriptor::CPPTYPE_STRING:
      return set(TextFor(field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return set(field.enum_type()->FindValueByNumber(2));
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_MESSAGE:
      ADD_FAILURE() << "a kind of field that records did not have: " << field.full_name();
  }
}

struct ScalarSetter {
  Message* message;
  const FieldDescriptor& field;
  void operator()(std::uint32_t value) {
    field.is_repeated() ? Reflect().AddUInt32(message, &field, value)
                        : Reflect().SetUInt32(message, &field, value);
  }
  void operator()(std::uint64_t value) {
    field.is_repeated() ? Reflect().AddUInt64(message, &field, value)
                        : Reflect().SetUInt64(message, &field, value);
  }
  void operator()(std::int32_t value) {
    field.is_repeated() ? Reflect().AddInt32(message, &field, value)
                        : Reflect().SetInt32(message, &field, value);
  }
  void operator()(std::int64_t value) {
    field.is_repeated() ? Reflect().AddInt64(message, &field, value)
                        : Reflect().SetInt64(message, &field, value);
  }
  void operator()(bool value) { Reflect().SetBool(message, &field, value); }
  void operator()(const std::string& value) {
    field.is_repeated() ? Reflect().AddString(message, &field, value)
                        : Reflect().SetString(message, &field, value);
  }
  void operator()(const google::protobuf::EnumValueDescriptor* value) {
    Reflect().SetEnum(message, &field, value);
  }
  const google::protobuf::Reflection& Reflect() const { return *message->GetReflection(); }
};

void FillField(Message* message, const FieldDescriptor& field) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const google::protobuf::Reflection& reflection = *message->GetReflection();
    Fill(field.is_repeated() ? reflection.AddMessage(message, &field)
                             : reflection.MutableMessage(message, &field));
    return;
  }
  SetScalar(field, ScalarSetter{message, field});
}

}  // namespace

std::map<std::string, jv1::Record> RecordsOfEveryKind() {
  std::map<std::string, jv1::Record> records;
  const auto add = [&records](const jv1::Record& record) {
    const bool added = records.emplace(KindText(KindOf(record)), record).second;
    EXPECT_TRUE(added) << KindText(KindOf(record));
  };
  const auto* const body = jv1::Record::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    jv1::Record record;
    record.set_sequence(10'000);
    FillField(&record, *body->field(i));
    if (!record.has_entry() && !record.has_member_changed()) {
      add(record);
      continue;
    }
    Message& detailed = *record.GetReflection()->MutableMessage(&record, body->field(i));
    const google::protobuf::Descriptor& details = *detailed.GetDescriptor();
    for (int j = 0; j < details.field_count(); ++j) {
      const FieldDescriptor& field = *details.field(j);
      const bool to_budget = field.name() == "allocation" || field.name() == "budget_return";
      if (field.real_containing_oneof() == nullptr && !to_budget) continue;
      if (record.has_entry()) {
        record.mutable_entry()->clear_allocation();
        record.mutable_entry()->clear_budget_return();
        record.mutable_entry()->clear_cause();
      }
      FillField(&detailed, field);
      add(record);
    }
  }
  return records;
}

}  // namespace puhui::audit
