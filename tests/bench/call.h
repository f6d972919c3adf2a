// SPDX-License-Identifier: Apache-2.0
// What the load client does over and over. A new kind of load is a new CallSource.
#ifndef PUHUI_TESTS_BENCH_CALL_H_
#define PUHUI_TESTS_BENCH_CALL_H_

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstddef>
#include <memory>

namespace puhui::bench {

// One place for a call in flight, used again when the call has ended.
// Threads: none.
class Call {
 public:
  virtual ~Call() = default;

  // Makes a new request and sends it; `tag` comes out of `queue` when something has happened.
  // Requires: no call of this place is in flight.
  virtual void Start(grpc::CompletionQueue* queue, void* tag) = 0;
  // `tag` came out: true when the call has ended.
  virtual bool Move(bool /*ok*/) { return true; }
  // How the call ended.
  virtual const grpc::Status& status() const = 0;
  virtual std::size_t request_bytes() const = 0;
  virtual std::size_t answer_bytes() const = 0;
};

// Threads: NewCall from one; the calls of one connection on one.
class CallSource {
 public:
  virtual ~CallSource() = default;
  // A place on one of the connections, which are numbered from 0.
  virtual std::unique_ptr<Call> NewCall(std::size_t connection) = 0;
};

// The part that all unary calls have in common.
template <class Request, class Response>
class UnaryCall : public Call {
 public:
  void Start(grpc::CompletionQueue* queue, void* tag) final {
    // A context is good for one call.
    context_ = std::make_unique<grpc::ClientContext>();
    context_->set_deadline(std::chrono::system_clock::now() + kDeadline);
    Fill(&request_);
    reader_ = Send(context_.get(), request_, queue);
    reader_->Finish(&response_, &status_, tag);
  }
  const grpc::Status& status() const final { return status_; }
  std::size_t request_bytes() const final { return request_.ByteSizeLong(); }
  std::size_t answer_bytes() const final { return response_.ByteSizeLong(); }

 protected:
  using Reader = std::unique_ptr<grpc::ClientAsyncResponseReader<Response>>;
  virtual void Fill(Request* request) = 0;
  virtual Reader Send(grpc::ClientContext* context, const Request& request,
                      grpc::CompletionQueue* queue) = 0;

 private:
  static constexpr std::chrono::seconds kDeadline{10};

  Request request_;
  Response response_;
  grpc::Status status_;
  std::unique_ptr<grpc::ClientContext> context_;
  Reader reader_;
};

}  // namespace puhui::bench

#endif  // PUHUI_TESTS_BENCH_CALL_H_
