// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_RPC_DETERMINISTIC_BYTES_H_
#define PUHUI_SERVICES_RPC_DETERMINISTIC_BYTES_H_

#include <google/protobuf/message_lite.h>

#include <string>

namespace puhui::services {

// The message in protobuf's deterministic form: fields by number, maps by key. Good for recognising
// a request that came before; what is hashed, signed and stored as a record is never serialised
// twice.
std::string DeterministicBytes(const google::protobuf::MessageLite& message);

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_RPC_DETERMINISTIC_BYTES_H_
