// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wire/forwarder.h"

#include "ledger/base/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <utility>

namespace puhui {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

int NewSocket() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  PUHUI_CHECK(fd >= 0);
  return fd;
}

}  // namespace

Forwarder::Forwarder(int to_port, Lose lose) : lose_(std::move(lose)), listening_(NewSocket()) {
  const sockaddr_in any = Loopback(0);
  PUHUI_CHECK(bind(listening_, reinterpret_cast<const sockaddr*>(&any), sizeof(any)) == 0);
  PUHUI_CHECK(listen(listening_, 1) == 0);
  sockaddr_in bound{};
  socklen_t size = sizeof(bound);
  PUHUI_CHECK(getsockname(listening_, reinterpret_cast<sockaddr*>(&bound), &size) == 0);
  port_ = ntohs(bound.sin_port);
  PUHUI_CHECK(pipe2(stop_, O_CLOEXEC) == 0);
  thread_ = std::thread([this, to_port] { Run(to_port); });
}

Forwarder::~Forwarder() {
  Cut();
  close(stop_[0]);
}

void Forwarder::Cut() {
  if (!thread_.joinable()) return;
  close(stop_[1]);
  thread_.join();
}

void Forwarder::Run(int to_port) {
  int client = Await();
  if (lose_ == nullptr) {
    close(listening_);  // One connection, so that nobody connects again.
    if (client >= 0) Serve(client, to_port);
    return;
  }
  for (; client >= 0; client = Await()) Serve(client, to_port);
  close(listening_);
}

int Forwarder::Await() const {
  std::array<pollfd, 2> arrival = {{{listening_, POLLIN, 0}, {stop_[0], POLLIN, 0}}};
  poll(arrival.data(), arrival.size(), -1);
  return arrival[1].revents != 0 ? -1 : accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
}

void Forwarder::Serve(int client, int to_port) {
  const int server = NewSocket();
  const sockaddr_in address = Loopback(to_port);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  while (open) {
    std::array<pollfd, 3> ready = {
        {{client, POLLIN, 0}, {server, POLLIN, 0}, {stop_[0], POLLIN, 0}}};
    poll(ready.data(), ready.size(), -1);
    if (ready[2].revents != 0) break;
    if (ready[0].revents != 0) open = Pass(client, server, &sent_);
    if (open && ready[1].revents != 0) open = Pass(server, client, nullptr);
  }
  close(client);
  close(server);
}

bool Forwarder::Pass(int from, int to, std::uint64_t* count) {
  std::array<char, 65'536> bytes;
  const ssize_t size = recv(from, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  if (count != nullptr) *count += static_cast<std::uint64_t>(size);
  if (lose_ != nullptr && !lost_ && lose_(sent_)) {
    lost_ = true;
    return false;
  }
  for (ssize_t done = 0; done < size;) {
    const ssize_t more =
        send(to, bytes.data() + done, static_cast<std::size_t>(size - done), MSG_NOSIGNAL);
    if (more <= 0) return false;
    done += more;
  }
  return true;
}

}  // namespace puhui
