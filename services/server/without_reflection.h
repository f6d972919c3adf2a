// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_WITHOUT_REFLECTION_H_
#define PUHUI_SERVICES_SERVER_WITHOUT_REFLECTION_H_

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <vector>

namespace puhui::services {

// A program that is linked with reflection has it on every server, whatever it asks for.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins, [](const std::unique_ptr<grpc::ServerBuilderPlugin>& plugin) {
      return dynamic_cast<grpc::reflection::ProtoServerReflectionPlugin*>(plugin.get()) != nullptr;
    });
  }
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_WITHOUT_REFLECTION_H_
