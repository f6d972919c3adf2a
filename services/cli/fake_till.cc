// SPDX-License-Identifier: Apache-2.0
#include "services/cli/fake_till.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace puhui::services {
namespace {

// Between two looks at what another line is about to bring about.
constexpr absl::Duration kTillLookEvery = absl::Milliseconds(2);

}  // namespace

absl::StatusOr<std::unique_ptr<FakeTill>> FakeTill::Make(Wish wish, RandomSource* random) {
  PUHUI_ASSIGN_OR_RETURN(const auto channel, wish.connect_by(wish.server));
  return std::unique_ptr<FakeTill>(new FakeTill(std::move(wish), random, channel));
}

FakeTill::Line FakeTill::OpenBadLine() {
  absl::StatusOr<std::unique_ptr<BadLine>> line = BadLine::To(wish_.server);
  if (!line.ok()) return {};
  const auto channel = wish_.connect_by((*line)->address());
  if (!channel.ok()) return {};
  Line opened{.line = *std::move(line), .stub = v1::PosService::NewStub(*channel)};
  // A call that finds nothing, so that the handshake is over and the line quiet.
  grpc::ClientContext context;
  const Heard<v1::GetTransactionResponse> heard =
      Ask(*opened.stub, StatusBy(NewRequestId()), context);
  if (RefusalText(heard.status) == kNoAnswer) return {};
  return opened;
}

FakeTill::StreamHeard FakeTill::SendStream(const std::vector<v1::PurchaseRequest>& requests) {
  return AskStream(*stub_, requests);
}

FakeTill::StreamHeard FakeTill::SendStreamCut(const std::vector<v1::PurchaseRequest>& requests,
                                              BadLine::Way way, std::uint64_t bytes) {
  const Line line = OpenBadLine();
  if (line.stub == nullptr) return {};
  line.line->ResetAfter(way, bytes);
  return AskStream(*line.stub, requests);
}

// Says and hears at the same time: the server answers in any order, and reads on only while it may
// answer.
FakeTill::StreamHeard FakeTill::AskStream(Stub& stub,
                                          const std::vector<v1::PurchaseRequest>& requests) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  const auto stream = stub.PurchaseStream(&context);
  std::thread says([&] {
    v1::PurchaseStreamRequest message;
    for (const v1::PurchaseRequest& request : requests) {
      *message.mutable_purchase() = request;
      if (!stream->Write(message)) return;
    }
    stream->WritesDone();
  });
  StreamHeard heard;
  v1::PurchaseStreamResponse answer;
  while (stream->Read(&answer)) {
    Heard<v1::PurchaseResponse>& of = heard[answer.request_id()];
    if (answer.has_accepted()) {
      of = {.status = grpc::Status::OK, .response = answer.accepted()};
    } else {
      const v1::RpcStatus& refused = answer.refused();
      of.status = grpc::Status(static_cast<grpc::StatusCode>(refused.code()), refused.message(),
                               refused.SerializeAsString());
    }
  }
  says.join();
  stream->Finish();  // Of a line that broke there is nothing to learn.
  return heard;
}

void FakeTill::AwaitDecided(const std::string& request_id) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!StatusOf(request_id).status.ok() && absl::Now() < deadline)
    absl::SleepFor(kTillLookEvery);
}

std::vector<std::string> FakeTill::CleanUp() {
  std::vector<std::string> left;
  for (const std::string& request_id : TakeOpened()) {
    const auto undone = Send(Reverse(request_id));
    if (!undone.status.ok()) left.push_back(TextOf(undone));
  }
  return left;
}

}  // namespace puhui::services
