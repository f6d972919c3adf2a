// SPDX-License-Identifier: Apache-2.0
#include "services/yaml/yaml_message.h"

#include "ledger/base/check.h"
#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/utf8.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace puhui::services {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status BadLine(int line, absl::string_view key, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", key, ": ", what));
}

// yaml-cpp counts from 0, and says -1 of what it made up.
int LineAt(const YAML::Mark& mark) { return mark.line < 0 ? 1 : mark.line + 1; }

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = Utf8CharacterBytes(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

std::string ValuesOf(const google::protobuf::EnumDescriptor& type) {
  std::string names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() == 0) continue;
    absl::StrAppend(&names, names.empty() ? "" : ", ", type.value(i)->name());
  }
  return names;
}

// Looks for aliases in the events of a parser.
class AliasWatch final : public YAML::EventHandler {
 public:
  using Mark = YAML::Mark;
  using Anchor = YAML::anchor_t;
  using Style = YAML::EmitterStyle;
  int line() const { return line_; }  // Of the first alias; 0: none.

  void OnAlias(const Mark& mark, Anchor) override {
    if (line_ == 0) line_ = LineAt(mark);
  }
  void OnDocumentStart(const Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const Mark&, Anchor) override {}
  void OnScalar(const Mark&, const std::string&, Anchor, const std::string&) override {}
  void OnSequenceStart(const Mark&, const std::string&, Anchor, Style::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const Mark&, const std::string&, Anchor, Style::value) override {}
  void OnMapEnd() override {}

 private:
  int line_ = 0;
};

// One document without aliases. Asked of the parser before anything is built: what an alias leads
// back into is never freed, and LoadAll makes documents for ever of some texts.
absl::Status CheckDocuments(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  AliasWatch watch;
  if (!parser.HandleNextDocument(watch)) return BadLine(1, "the file", "want keys and values");
  if (watch.line() != 0) return BadLine(watch.line(), "the file", "want no aliases");
  if (parser.HandleNextDocument(watch)) return BadLine(1, "the file", "want one document");
  return absl::OkStatus();
}

// Walks a document along the fields of a message. Kinds of fields that no schema of ours has are
// checked.
class Filler {
 public:
  absl::Status FillMessage(const YAML::Node& node, const std::string& prefix, Message* message) {
    if (!node.IsMap()) return Bad(prefix, "want keys and values");
    for (const auto& item : node) {
      const int line = LineAt(item.first.Mark());
      const std::string name = item.first.IsScalar() ? item.first.Scalar() : "";
      const std::string key = absl::StrCat(prefix, prefix.empty() ? "" : ".", name);
      const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(name);
      if (field == nullptr) return BadLine(line, key, "no such key");
      if (!lines_.Add(key, line)) return BadLine(line, key, "said twice");
      PUHUI_RETURN_IF_ERROR(field->is_repeated() ? FillList(item.second, *field, key, message)
                                                 : FillOne(item.second, *field, key, message));
    }
    return absl::OkStatus();
  }

  FieldLines lines() && { return std::move(lines_); }

 private:
  // The line is that of the key: an empty value has none of its own.
  absl::Status Bad(const std::string& key, absl::string_view what) const {
    return BadLine(lines_.LineOf(key), key.empty() ? "the file" : key, what);
  }

  absl::Status FillList(const YAML::Node& node, const FieldDescriptor& field,
                        const std::string& key, Message* message) {
    if (!node.IsSequence()) return Bad(key, "want a list");
    std::size_t at = 0;
    for (const YAML::Node& item : node) {
      const std::string element = absl::StrCat(key, "[", at++, "]");
      lines_.Add(element, LineAt(item.Mark()));
      PUHUI_RETURN_IF_ERROR(FillOne(item, field, element, message));
    }
    return absl::OkStatus();
  }

  absl::Status FillOne(const YAML::Node& node, const FieldDescriptor& field, const std::string& key,
                       Message* message) {
    const auto* reflection = message->GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return FillMessage(node, key,
                         field.is_repeated() ? reflection->AddMessage(message, &field)
                                             : reflection->MutableMessage(message, &field));
    }
    if (!node.IsScalar()) return Bad(key, "want one value");
    const absl::Status set = SetScalar(node, field, message);
    return set.ok() ? set : Bad(key, set.message());
  }

  static absl::Status SetScalar(const YAML::Node& node, const FieldDescriptor& field,
                                Message* message) {
    const auto type = field.cpp_type();
    if (type == FieldDescriptor::CPPTYPE_STRING) return SetText(node.Scalar(), field, message);
    if (type == FieldDescriptor::CPPTYPE_ENUM) return SetEnum(node.Scalar(), field, message);
    if (type == FieldDescriptor::CPPTYPE_BOOL) return SetSwitch(node, field, message);
    return SetNumber(node.Scalar(), field, message);
  }

  static absl::Status SetText(const std::string& text, const FieldDescriptor& field,
                              Message* message) {
    if (!IsUtf8(text)) return absl::InvalidArgumentError("want UTF-8");
    const auto* reflection = message->GetReflection();
    if (field.is_repeated()) {
      reflection->AddString(message, &field, text);
    } else {
      reflection->SetString(message, &field, text);
    }
    return absl::OkStatus();
  }

  static absl::Status SetEnum(const std::string& text, const FieldDescriptor& field,
                              Message* message) {
    const auto* value = field.enum_type()->FindValueByName(text);
    if (value == nullptr || value->number() == 0) {
      return absl::InvalidArgumentError(absl::StrCat("want one of ", ValuesOf(*field.enum_type())));
    }
    const auto* reflection = message->GetReflection();
    if (field.is_repeated()) {
      reflection->AddEnum(message, &field, value);
    } else {
      reflection->SetEnum(message, &field, value);
    }
    return absl::OkStatus();
  }

  // Decimal, whatever it begins with: a 0 in front must not make another number of it.
  static absl::Status SetNumber(const std::string& text, const FieldDescriptor& field,
                                Message* message) {
    const auto* reflection = message->GetReflection();
    PUHUI_CHECK(!field.is_repeated());
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
      std::uint32_t value = 0;
      if (!absl::SimpleAtoi(text, &value)) return absl::InvalidArgumentError("want a whole number");
      reflection->SetUInt32(message, &field, value);
      return absl::OkStatus();
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
      std::int32_t value = 0;
      if (!absl::SimpleAtoi(text, &value)) return absl::InvalidArgumentError("want a whole number");
      reflection->SetInt32(message, &field, value);
      return absl::OkStatus();
    }
    PUHUI_CHECK(field.cpp_type() == FieldDescriptor::CPPTYPE_INT64);
    std::int64_t value = 0;
    if (!absl::SimpleAtoi(text, &value)) return absl::InvalidArgumentError("want a whole number");
    reflection->SetInt64(message, &field, value);
    return absl::OkStatus();
  }

  static absl::Status SetSwitch(const YAML::Node& node, const FieldDescriptor& field,
                                Message* message) {
    PUHUI_CHECK(!field.is_repeated());
    bool value = false;
    if (!YAML::convert<bool>::decode(node, value)) {
      return absl::InvalidArgumentError("want true or false");
    }
    message->GetReflection()->SetBool(message, &field, value);
    return absl::OkStatus();
  }

  FieldLines lines_;
};

}  // namespace

int FieldLines::LineOf(absl::string_view field) const {
  std::string key(field);
  while (!key.empty()) {
    if (const auto found = lines_.find(key); found != lines_.end()) return found->second;
    const std::size_t end = key.find_last_of(".[");
    key.resize(end == std::string::npos ? 0 : end);
  }
  return 1;
}

absl::StatusOr<FieldLines> ReadYaml(absl::string_view text, Message* message) {
  if (text.size() > kYamlBytesMax) {
    return BadLine(1, "the file", absl::StrCat("want at most ", kYamlBytesMax, " bytes"));
  }
  // yaml-cpp reports by exceptions; they end here.
  try {
    // yaml-cpp 0.7 takes a quote that is never closed for a text up to the end, and with it every
    // field below it, when the last line ends. Behind a comment it says so.
    const std::string closed = absl::StrCat(text, "\n#");
    PUHUI_RETURN_IF_ERROR(CheckDocuments(closed));
    Filler filler;
    PUHUI_RETURN_IF_ERROR(filler.FillMessage(YAML::Load(closed), "", message));
    return std::move(filler).lines();
  } catch (const YAML::Exception& error) {
    const auto last = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
    return BadLine(std::min(LineAt(error.mark), last), "not YAML", error.msg);
  }
}

absl::StatusOr<FieldLines> ReadYamlFile(const std::string& path, Message* message) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kYamlBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  // A folder opens, and fails at the first byte.
  if (!file.eof() && !file.good()) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  text.resize(static_cast<std::size_t>(file.gcount()));
  absl::StatusOr<FieldLines> lines = ReadYaml(text, message);
  if (lines.ok()) return lines;
  return absl::Status(lines.status().code(), absl::StrCat(path, ": ", lines.status().message()));
}

}  // namespace puhui::services
