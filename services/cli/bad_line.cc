// SPDX-License-Identifier: Apache-2.0
#include "services/cli/bad_line.h"

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kReadMax = 65'536;

std::size_t IndexOf(BadLine::Way way) { return static_cast<std::size_t>(way); }

// Closes with a reset instead of a farewell, as a line that breaks does.
void CloseHard(int fd) {
  const linger now{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close(fd);
}

// "host:port", where the host may be an IPv6 address in brackets.
absl::StatusOr<std::pair<std::string, std::string>> SplitServer(const std::string& server) {
  const std::size_t colon = server.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == server.size()) {
    return absl::InvalidArgumentError(absl::StrCat("server: want host:port, got ", server));
  }
  std::string host = server.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return std::pair(std::move(host), server.substr(colon + 1));
}

bool Answers(const addrinfo& at) {
  const int tried = socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (tried < 0) return false;
  const bool answers = connect(tried, at.ai_addr, at.ai_addrlen) == 0;
  close(tried);
  return answers;
}

}  // namespace

// Where the server is.
struct BadLine::Target {
  sockaddr_storage address{};
  socklen_t size = 0;
};

absl::StatusOr<std::unique_ptr<BadLine>> BadLine::To(const std::string& server) {
  const auto split = SplitServer(server);
  if (!split.ok()) return split.status();
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(split->first.c_str(), split->second.c_str(), &wanted, &found) != 0) {
    return absl::UnavailableError(absl::StrCat("cannot look up ", server));
  }
  // As gRPC does: the first that answers.
  const addrinfo* at = found;
  while (at->ai_next != nullptr && !Answers(*at)) at = at->ai_next;
  auto target = std::make_unique<Target>();
  std::memcpy(&target->address, at->ai_addr, at->ai_addrlen);
  target->size = at->ai_addrlen;
  freeaddrinfo(found);

  const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(here);
  if (listening < 0 || bind(listening, reinterpret_cast<const sockaddr*>(&here), size) != 0 ||
      listen(listening, 1) != 0 ||
      getsockname(listening, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
    if (listening >= 0) close(listening);
    return absl::UnavailableError("cannot listen on a port of this machine");
  }
  return std::unique_ptr<BadLine>(new BadLine(std::move(target), listening, ntohs(here.sin_port)));
}

BadLine::BadLine(std::unique_ptr<Target> target, int listening, int port)
    : target_(std::move(target)), listening_(listening), port_(port) {
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  PUHUI_CHECK(wake_ >= 0);
  thread_ = std::thread([this] { Run(); });
}

BadLine::~BadLine() {
  Reset();
  thread_.join();
  close(wake_);
}

std::string BadLine::address() const { return absl::StrCat("127.0.0.1:", port_); }

void BadLine::Set(Way way, Mode mode) {
  {
    MutexLock lock(&mutex_);
    lanes_.at(IndexOf(way)).mode = mode;
  }
  Wake();
}

void BadLine::ResetAfter(Way way, std::uint64_t bytes) {
  MutexLock lock(&mutex_);
  lanes_.at(IndexOf(way)).left = bytes;
}

void BadLine::Reset() {
  {
    MutexLock lock(&mutex_);
    over_ = true;
  }
  Wake();
}

bool BadLine::AwaitKept(Way way, std::uint64_t bytes, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  MutexLock lock(&mutex_);
  const Lane& lane = lanes_.at(IndexOf(way));
  while (lane.kept < bytes && !over_) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    kept_.WaitFor(&mutex_, absl::ToChronoMicroseconds(left));
  }
  return lane.kept >= bytes;
}

void BadLine::Wake() const { eventfd_write(wake_, 1); }

void BadLine::Run() {
  int till = -1;
  for (bool waits = true; waits;) {
    std::array<pollfd, 2> ready = {{{listening_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    poll(ready.data(), ready.size(), -1);
    eventfd_t ignored = 0;
    eventfd_read(wake_, &ignored);
    if (ready[0].revents != 0) till = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
    MutexLock lock(&mutex_);
    waits = till < 0 && !over_;
  }
  close(listening_);
  if (till >= 0) {
    const int server = socket(target_->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* const address = reinterpret_cast<const sockaddr*>(&target_->address);
    if (server >= 0 && connect(server, address, target_->size) == 0) Serve(till, server);
    CloseHard(till);
    if (server >= 0) CloseHard(server);
  }
  MutexLock lock(&mutex_);
  over_ = true;
  kept_.NotifyAll();
}

void BadLine::Serve(int till, int server) {
  for (bool open = true; open;) {
    std::array<pollfd, 3> ready = {{{till, POLLIN, 0}, {server, POLLIN, 0}, {wake_, POLLIN, 0}}};
    poll(ready.data(), ready.size(), -1);
    eventfd_t ignored = 0;
    eventfd_read(wake_, &ignored);
    {
      MutexLock lock(&mutex_);
      if (over_) return;
    }
    open = FlushHeld(Way::kToServer, server) && FlushHeld(Way::kToTill, till);
    if (open && ready[0].revents != 0) open = Receive(Way::kToServer, till, server);
    if (open && ready[1].revents != 0) open = Receive(Way::kToTill, server, till);
  }
}

bool BadLine::Receive(Way way, int from, int to) {
  std::string bytes(kReadMax, '\0');
  const ssize_t size = recv(from, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  bytes.resize(static_cast<std::size_t>(size));
  {
    MutexLock lock(&mutex_);
    Lane& lane = lanes_.at(IndexOf(way));
    // What is still held goes first.
    if (lane.mode != Mode::kPass || !lane.held.empty()) {
      lane.kept += bytes.size();
      if (lane.mode != Mode::kLose) lane.held += bytes;
      kept_.NotifyAll();
      return true;
    }
  }
  return Pass(way, to, std::move(bytes));
}

bool BadLine::FlushHeld(Way way, int to) {
  std::string held;
  {
    MutexLock lock(&mutex_);
    Lane& lane = lanes_.at(IndexOf(way));
    if (lane.mode == Mode::kPass) held = std::exchange(lane.held, {});
  }
  return held.empty() || Pass(way, to, std::move(held));
}

bool BadLine::Pass(Way way, int to, std::string bytes) {
  bool last = false;
  {
    MutexLock lock(&mutex_);
    Lane& lane = lanes_.at(IndexOf(way));
    last = lane.left <= bytes.size();
    if (last) bytes.resize(static_cast<std::size_t>(lane.left));
    if (lane.left != UINT64_MAX) lane.left -= bytes.size();
  }
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t more = send(to, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (more <= 0) return false;
    done += static_cast<std::size_t>(more);
  }
  return !last;
}

}  // namespace puhui::services
