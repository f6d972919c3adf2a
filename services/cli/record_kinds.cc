// SPDX-License-Identifier: Apache-2.0
#include "services/cli/record_kinds.h"

#include "audit/index/facts_of.h"
#include "puhui/journal/v1/record.pb.h"

#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <utility>

namespace puhui::services {
namespace {

// Of a body that has kinds within it those, else the body itself.
void AddKindsOf(const google::protobuf::FieldDescriptor& body, std::vector<std::string>* kinds) {
  const std::size_t before = kinds->size();
  const google::protobuf::Descriptor& message = *body.message_type();
  for (int i = 0; i < message.field_count(); ++i) {
    std::string kind = absl::StrCat(body.name(), "/", message.field(i)->name());
    if (audit::ParseKind(kind).has_value()) kinds->push_back(std::move(kind));
  }
  if (kinds->size() == before) kinds->push_back(body.name());
}

}  // namespace

const std::vector<std::string>& RecordKinds() {
  static const auto* const kinds = [] {
    auto* const all = new std::vector<std::string>();
    const auto& bodies = *journal::v1::Record::descriptor()->FindOneofByName("body");
    for (int i = 0; i < bodies.field_count(); ++i) AddKindsOf(*bodies.field(i), all);
    return all;
  }();
  return *kinds;
}

bool IsRecordKind(absl::string_view text) { return audit::ParseKind(text).has_value(); }

}  // namespace puhui::services
