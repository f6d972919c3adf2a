// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/raw_call.h"

#include "tests/support/wire/ask.h"

#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

namespace puhui {
namespace {

// Waits for the one operation that is under way; false when it came to nothing.
bool Await(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok;
}

void AddBytes(const grpc::ByteBuffer& answer, std::string* answers) {
  grpc::Slice whole;
  if (answer.DumpToSingleSlice(&whole).ok()) {
    answers->append(reinterpret_cast<const char*>(whole.begin()), whole.size());
  }
}

}  // namespace

grpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                     const std::vector<std::string>& messages, std::string* answers) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  SetPatience(&context);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, method, &queue);
  call->StartCall(nullptr);
  bool heard = Await(queue);
  for (std::size_t i = 0; heard && i < messages.size(); ++i) {
    const grpc::Slice slice(messages[i]);
    call->Write(grpc::ByteBuffer(&slice, 1), nullptr);
    heard = Await(queue);
  }
  if (heard) {
    call->WritesDone(nullptr);
    heard = Await(queue);
  }
  grpc::ByteBuffer answer;
  while (heard) {
    call->Read(&answer, nullptr);
    heard = Await(queue);
    if (heard && answers != nullptr) AddBytes(answer, answers);
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  Await(queue);
  return status;
}

}  // namespace puhui
