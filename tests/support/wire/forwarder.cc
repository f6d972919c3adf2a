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
#include <cstdint>

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

// Passes on what has come. False at its end.
bool Pass(int from, int to) {
  std::array<char, 65'536> bytes;
  const ssize_t size = recv(from, bytes.data(), bytes.size(), 0);
  if (size <= 0) return false;
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t more =
        send(to, bytes.data() + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += more;
  }
  return true;
}

}  // namespace

Forwarder::Forwarder(int to_port) : listening_(NewSocket()) {
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
  std::array<pollfd, 2> arrival = {{{listening_, POLLIN, 0}, {stop_[0], POLLIN, 0}}};
  poll(arrival.data(), arrival.size(), -1);
  const int client = arrival[0].revents == 0 ? -1 : accept(listening_, nullptr, nullptr);
  close(listening_);  // One connection, so that nobody connects again.
  if (client < 0) return;
  const int server = NewSocket();
  const sockaddr_in address = Loopback(to_port);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  while (open) {
    std::array<pollfd, 3> ready = {
        {{client, POLLIN, 0}, {server, POLLIN, 0}, {stop_[0], POLLIN, 0}}};
    poll(ready.data(), ready.size(), -1);
    if (ready[2].revents != 0) break;
    if (ready[0].revents != 0) open = Pass(client, server);
    if (open && ready[1].revents != 0) open = Pass(server, client);
  }
  close(client);
  close(server);
}

}  // namespace puhui
