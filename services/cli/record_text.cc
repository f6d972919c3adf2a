// SPDX-License-Identifier: Apache-2.0
#include "services/cli/record_text.h"

#include "ledger/base/id.h"
#include "ledger/crypto/hash.h"
#include "services/rpc/request_id.h"
#include "services/rpc/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <memory>

namespace puhui::services {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::TextFormat;
using TextGenerator = TextFormat::BaseTextGenerator;

// Text as it is read, Chinese too, and bytes in hexadecimal. Threads: none.
class TextPrinter : public TextFormat::FastFieldValuePrinter {
 public:
  void PrintString(const std::string& text, TextGenerator* to) const override {
    to->PrintString(absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\""));
  }
  void PrintBytes(const std::string& bytes, TextGenerator* to) const override {
    to->PrintString(ledger::ToHex(bytes));
  }
};

class MemberPrinter final : public TextPrinter {
 public:
  void PrintBytes(const std::string& bytes, TextGenerator* to) const override {
    if (bytes.size() != MemberId::kBytes) return TextPrinter::PrintBytes(bytes, to);
    to->PrintString(FormatMemberName(MemberId::FromBytes(bytes)));
  }
};

class RequestIdPrinter final : public TextPrinter {
 public:
  void PrintBytes(const std::string& bytes, TextGenerator* to) const override {
    RequestId id{};
    if (bytes.size() != id.size()) return TextPrinter::PrintBytes(bytes, to);
    std::copy(bytes.begin(), bytes.end(), id.begin());
    to->PrintString(FormatRequestId(id));
  }
};

// Null: the bytes are none that have a name.
std::unique_ptr<TextPrinter> PrinterOf(const FieldDescriptor& field) {
  if (field.type() != FieldDescriptor::TYPE_BYTES) return nullptr;
  const std::string& name = field.name();
  if (name == "request_id") return std::make_unique<RequestIdPrinter>();
  // Who gave a voucher, and to whom.
  if (name == "member" || name == "from" || name == "to") return std::make_unique<MemberPrinter>();
  return nullptr;
}

std::unique_ptr<TextFormat::Printer> MakePrinter() {
  auto printer = std::make_unique<TextFormat::Printer>();
  printer->SetSingleLineMode(true);
  printer->SetDefaultFieldValuePrinter(new TextPrinter());
  const auto& file = *journal::v1::Record::descriptor()->file();
  for (int i = 0; i < file.message_type_count(); ++i) {
    const auto& message = *file.message_type(i);
    for (int j = 0; j < message.field_count(); ++j) {
      std::unique_ptr<TextPrinter> of_field = PrinterOf(*message.field(j));
      if (of_field != nullptr &&
          printer->RegisterFieldValuePrinter(message.field(j), of_field.get())) {
        of_field.release();  // The printer's from here on.
      }
    }
  }
  return printer;
}

}  // namespace

std::string RecordText(const journal::v1::Record& record) {
  std::string text;
  MakePrinter()->PrintToString(record, &text);
  absl::StripTrailingAsciiWhitespace(&text);
  return text;
}

}  // namespace puhui::services
