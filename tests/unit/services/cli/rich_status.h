// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_UNIT_SERVICES_CLI_RICH_STATUS_H_
#define PUHUI_TESTS_UNIT_SERVICES_CLI_RICH_STATUS_H_

#include "puhui/v1/errors.pb.h"

#include <grpcpp/support/status.h>

#include <string>

namespace puhui::services {

// A status as the service sends it, made by hand: how it is read is what is tested.
inline grpc::Status RichStatus(grpc::StatusCode code, const std::string& message,
                               const v1::ErrorInfo& info, const v1::BadRequest& bad_request) {
  v1::RpcStatus rich;
  google::protobuf::Any& first = *rich.add_details();
  first.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  first.set_value(info.SerializeAsString());
  google::protobuf::Any& second = *rich.add_details();
  second.set_type_url("type.googleapis.com/google.rpc.BadRequest");
  second.set_value(bad_request.SerializeAsString());
  return {code, message, rich.SerializeAsString()};
}

}  // namespace puhui::services

#endif  // PUHUI_TESTS_UNIT_SERVICES_CLI_RICH_STATUS_H_
