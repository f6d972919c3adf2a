// SPDX-License-Identifier: Apache-2.0
// What the messages of a record say, field by field, as text.
#ifndef PUHUI_SERVICES_AUDIT_HISTORY_FIELDS_H_
#define PUHUI_SERVICES_AUDIT_HISTORY_FIELDS_H_

#include "puhui/journal/v1/record.pb.h"
#include "services/ledger/names.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <map>
#include <string>

namespace puhui::services {

// What a thing is like, by field, and what of that was touched: to tell what a record changed, not
// all that is known has to be looked at. A field that is empty is none. Threads: none.
class HistoryFields {
 public:
  using Values = std::map<std::string, std::string>;

  // What whoever asks may set; empty when there was none.
  std::string& operator[](const std::string& name);
  void Erase(const std::string& name);
  // Whatever begins so.
  void EraseBelow(const std::string& prefix);
  // Touched fields as they were when this was last asked.
  Values TakeTouched();

  const Values& values() const { return values_; }
  // Empty: there is none.
  std::string At(const std::string& name) const;

 private:
  Values values_;
  Values touched_;
};

// What happened, without where it is in the journal; of an order without what its entry says of
// points.
const google::protobuf::Message& HistoryBodyOf(absl::string_view collection,
                                               const journal::v1::Record& record);

// The value of an enumeration, without what all names of it begin with.
std::string EnumValueText(const google::protobuf::EnumDescriptor& of, int number);

// Reads fields of messages, other than what a thing itself is known by, who did it, hashes,
// certificates and digits of cards and accounts. Threads: none. Borrows: everything.
class HistoryFieldReader {
 public:
  HistoryFieldReader(absl::string_view collection, Names* names, HistoryFields* into)
      : collection_(collection), names_(*names), into_(*into) {}

  // What the message has a field for is as it says from now on.
  void Forget(const google::protobuf::Descriptor& of, absl::string_view prefix);
  // Fails: kDataLoss when the message names what does not exist.
  absl::Status Read(const google::protobuf::Message& message, absl::string_view prefix);

 private:
  absl::Status ReadField(const google::protobuf::Message& message,
                         const google::protobuf::FieldDescriptor& field, absl::string_view prefix);
  bool IsLeftOut(const google::protobuf::FieldDescriptor& field) const;
  // Of one value; `index` -1: of a field that is not repeated.
  absl::StatusOr<std::string> Text(const google::protobuf::Message& message,
                                   const google::protobuf::FieldDescriptor& field, int index,
                                   absl::string_view name);
  // The resource name behind a number, or the value of an enumeration, where it is one.
  absl::StatusOr<std::string> NumberText(const google::protobuf::FieldDescriptor& field,
                                         std::uint32_t number, absl::string_view name);

  const absl::string_view collection_;
  Names& names_;
  HistoryFields& into_;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_AUDIT_HISTORY_FIELDS_H_
