// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/access_text.h"

#include "ledger/base/limits.h"
#include "ledger/base/status_macros.h"
#include "services/rpc/error.h"
#include "services/rpc/resource_name.h"
#include "services/rpc/text_field.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/timestamp.pb.h>

#include <algorithm>
#include <iterator>
#include <vector>

namespace puhui::services {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kElementsShown = 8;
constexpr int kDepthMax = 4;
constexpr std::size_t kDigitsShown = 5;  // On end: people's numbers have more.
constexpr absl::string_view kCut = "…";

bool HasLongNumber(absl::string_view text) {
  std::size_t digits = 0;
  for (const char c : text) {
    digits = absl::ascii_isdigit(static_cast<unsigned char>(c)) ? digits + 1 : 0;
    if (digits > kDigitsShown) return true;
  }
  return false;
}

template <class Good>
bool All(absl::string_view text, Good good) {
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return good(static_cast<unsigned char>(c)); });
}

// members/{member} and what is below; others by the form of their parts.
bool IsResourceName(absl::string_view text) {
  if (!absl::StrContains(text, '/')) return false;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  if (parts.size() >= 2 && parts[0] == "members") {
    return ParseMemberName(absl::StrCat(parts[0], "/", parts[1]), "name").ok();
  }
  return !HasLongNumber(text) && All(text, [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '/' || c == '-' || c == '_' || c == '.';
  });
}

bool IsConstant(absl::string_view text) {
  const bool upper = All(text, [](unsigned char c) { return absl::ascii_isupper(c) || c == '_'; });
  const bool lower = All(text, [](unsigned char c) { return absl::ascii_islower(c) || c == '_'; });
  return upper || (lower && absl::StrContains(text, '_'));
}

bool IsDay(absl::string_view text) {
  absl::CivilDay day;
  return text.size() == 10 && absl::ParseCivilTime(text, &day);
}

bool IsShown(absl::string_view text) {
  return text.size() <= kNameBytesMax && (IsResourceName(text) || IsConstant(text) || IsDay(text));
}

bool IsAboutTheCallItself(const FieldDescriptor& field) {
  return field.name() == "page_token" || field.name() == "resume_token" ||
         field.name() == "request_id";
}

// Threads: none. Borrows: the text.
class Describer {
 public:
  explicit Describer(std::string* text) : text_(*text) {}

  void Add(const Message& message, int depth) {
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    bool first = true;
    for (const FieldDescriptor* field : fields) {
      if (Full() || IsAboutTheCallItself(*field)) continue;
      absl::StrAppend(&text_, first ? "" : ", ", field->name(), ": ");
      first = false;
      AddField(message, *field, depth);
    }
  }
  bool Full() const { return text_.size() > kAccessFilterBytesMax; }

 private:
  void AddField(const Message& message, const FieldDescriptor& field, int depth) {
    if (!field.is_repeated()) return AddValue(message, field, -1, depth);
    const int count = message.GetReflection()->FieldSize(message, &field);
    for (int i = 0; i < std::min(count, kElementsShown) && !Full(); ++i) {
      if (i > 0) absl::StrAppend(&text_, " ");
      AddValue(message, field, i, depth);
    }
    if (count > kElementsShown) absl::StrAppend(&text_, " and ", count - kElementsShown, " more");
  }

  // Element `at` of a list; -1: of a field that is none.
  void AddValue(const Message& message, const FieldDescriptor& field, int at, int depth) {
    const auto* reflection = message.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return AddMessage(at < 0 ? reflection->GetMessage(message, &field)
                               : reflection->GetRepeatedMessage(message, &field, at),
                        depth);
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string value = at < 0 ? reflection->GetString(message, &field)
                                       : reflection->GetRepeatedString(message, &field, at);
      const bool shown = field.type() == FieldDescriptor::TYPE_STRING && IsShown(value);
      return shown ? absl::StrAppend(&text_, value)
                   : absl::StrAppend(&text_, "<", value.size(), " bytes>");
    }
    std::string value;
    google::protobuf::TextFormat::PrintFieldValueToString(message, &field, at, &value);
    absl::StrAppend(&text_, value);
  }

  void AddMessage(const Message& message, int depth) {
    if (message.GetDescriptor() == google::protobuf::Timestamp::descriptor()) {
      const auto& time = static_cast<const google::protobuf::Timestamp&>(message);
      return absl::StrAppend(
          &text_, absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(time.seconds()),
                                   absl::UTCTimeZone()));
    }
    absl::StrAppend(&text_, "{");
    if (depth < kDepthMax) Add(message, depth + 1);
    absl::StrAppend(&text_, "}");
  }

  std::string& text_;
};

}  // namespace

absl::StatusOr<std::string> ReadPurpose(const grpc::ServerContextBase& wire) {
  const grpc::string_ref header(kPurposeHeader.data(), kPurposeHeader.size());
  const auto [begin, end] = wire.client_metadata().equal_range(header);
  if (begin == end) return std::string();
  if (std::next(begin) != end) return InvalidField(kPurposeHeader, "want it once");
  const absl::string_view text(begin->second.data(), begin->second.size());
  PUHUI_RETURN_IF_ERROR(CheckReason(text, kPurposeHeader));
  return std::string(text);
}

std::string FilterText(const Message& request) {
  std::string text;
  Describer describer(&text);
  describer.Add(request, 0);
  if (!describer.Full()) return text;
  // Everything in it is ASCII, so it can be cut anywhere.
  text.resize(kAccessFilterBytesMax - kCut.size());
  return absl::StrCat(text, kCut);
}

std::uint64_t RowsOf(const Message& response) {
  const google::protobuf::Descriptor& descriptor = *response.GetDescriptor();
  std::uint64_t rows = 0;
  bool lists = false;
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (!field.is_repeated() || field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    lists = true;
    rows += static_cast<std::uint64_t>(response.GetReflection()->FieldSize(response, &field));
  }
  if (lists) return rows;
  const FieldDescriptor* const what = descriptor.FindFieldByNumber(1);
  const bool is_message = what != nullptr && what->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  return is_message && !response.GetReflection()->HasField(response, what) ? 0 : 1;
}

}  // namespace puhui::services
