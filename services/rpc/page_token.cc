// SPDX-License-Identifier: Apache-2.0
#include "services/rpc/page_token.h"

#include "ledger/base/limits.h"
#include "services/rpc/call_context.h"
#include "services/rpc/deterministic_bytes.h"
#include "services/rpc/error.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <google/protobuf/descriptor.h>

#include <memory>

namespace puhui::services {
namespace {

constexpr std::size_t kTagBytes = 16;

void ClearField(const char* name, google::protobuf::Message* message) {
  const google::protobuf::FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) message->GetReflection()->ClearField(message, field);
}

// In base 64 without padding.
std::size_t TokenBytesMax(const TokenField& field) {
  return ((kTagBytes + field.cursor_bytes_max) * 4 + 2) / 3;
}

absl::Status NotOfThisRequest(absl::string_view field) {
  return InvalidField(field, "want a token that an earlier answer to this same request gave");
}

}  // namespace

absl::Status NotOfThisList() { return NotOfThisRequest(TokenField().name); }

std::string PageFilter(Rpc rpc, const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> filter(request.New());
  filter->CopyFrom(request);
  ClearField("page_size", filter.get());
  ClearField("page_token", filter.get());
  return absl::StrCat(RuleOf(rpc).name, "\n", DeterministicBytes(*filter));
}

std::string BoundToCaller(const CallContext& call, const google::protobuf::Message& request) {
  return absl::StrCat(PageFilter(call.rpc(), request), "\n", call.principal().caller);
}

std::string PageTokens::Tag(absl::string_view filter, absl::string_view cursor) const {
  return key_->Tag16("page_token", absl::StrCat(filter.size(), ":", filter, cursor));
}

std::string PageTokens::Masked(absl::string_view tag, absl::string_view bytes) const {
  std::string masked(bytes);
  ledger::Hash mask{};
  for (std::size_t i = 0; i < masked.size(); ++i) {
    const std::size_t at = i % mask.size();
    if (at == 0) mask = key_->Digest("page_token_mask", absl::StrCat(tag, i));
    masked[i] = static_cast<char>(masked[i] ^ mask[at]);
  }
  return masked;
}

std::string PageTokens::Seal(absl::string_view filter, absl::string_view cursor) const {
  const std::string tag = Tag(filter, cursor);
  return absl::WebSafeBase64Escape(absl::StrCat(tag, Masked(tag, cursor)));
}

absl::StatusOr<std::string> PageTokens::Open(absl::string_view filter, absl::string_view token,
                                             const TokenField& field) const {
  if (token.empty()) return std::string();
  std::string bytes;
  if (token.size() > TokenBytesMax(field) || !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() < kTagBytes) {
    return NotOfThisRequest(field.name);
  }
  const absl::string_view tag = absl::string_view(bytes).substr(0, kTagBytes);
  std::string cursor = Masked(tag, absl::string_view(bytes).substr(kTagBytes));
  if (!ledger::ConstantTimeEqual(tag, Tag(filter, cursor))) return NotOfThisRequest(field.name);
  return cursor;
}

absl::StatusOr<std::size_t> PageSize(std::int32_t requested) {
  if (requested == 0) return kPageSizeDefault;
  if (requested < 0 || static_cast<std::size_t>(requested) > kPageSizeMax) {
    return InvalidField("page_size", absl::StrCat("want 0 to ", kPageSizeMax));
  }
  return static_cast<std::size_t>(requested);
}

}  // namespace puhui::services
