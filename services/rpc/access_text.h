// SPDX-License-Identifier: Apache-2.0
// What a call that is on record says of itself.
#ifndef PUHUI_SERVICES_RPC_ACCESS_TEXT_H_
#define PUHUI_SERVICES_RPC_ACCESS_TEXT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>

#include <cstdint>
#include <string>

namespace puhui::services {

// Where a caller says why it asks. Its bytes are UTF-8: every gRPC library encodes what is called
// "-bin" by itself.
inline constexpr absl::string_view kPurposeHeader = "puhui-purpose-bin";

// Empty when the caller says nothing. Refuses: kInvalidField (kPurposeHeader) for what CheckReason
// refuses, and when it is there twice.
absl::StatusOr<std::string> ReadPurpose(const grpc::ServerContextBase& wire);

// What `request` asks for, as "parent: unions/fh-1, page_size: 50", in at most
// kAccessFilterBytesMax bytes. Texts are shown when they have the form of a name of ours, a day or
// a constant; of any other it says how long it is, because it may be about somebody.
std::string FilterText(const google::protobuf::Message& request);

// How many rows an answer has: elements of its lists, or one when it has no list. None when it is
// of one message, its first field, that is not there: a watch says by that how far it is.
std::uint64_t RowsOf(const google::protobuf::Message& response);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_ACCESS_TEXT_H_
