// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/free_port.h"

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"
#include <arpa/inet.h>
#include <netinet/in.h>
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

}  // namespace

FreePort::FreePort() {
  const int listening = socket(AF_INET, SOCK_STREAM, 0);
  PUHUI_CHECK(listening >= 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  PUHUI_CHECK(bind(listening, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  PUHUI_CHECK(getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  close(listening);
}

std::string FreePort::address() const { return absl::StrCat("127.0.0.1:", port_); }

std::string FreePort::Read(const std::string& path) const {
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  PUHUI_CHECK(connection >= 0);
  const sockaddr_in address = Loopback(port_);
  std::string answer;
  const std::string request =
      absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  if (connect(connection, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      send(connection, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size())) {
    std::array<char, 4'096> piece{};
    for (ssize_t got = 1; got > 0;) {
      got = recv(connection, piece.data(), piece.size(), 0);
      if (got > 0) answer.append(piece.data(), static_cast<std::size_t>(got));
    }
  }
  close(connection);
  return answer;
}

}  // namespace puhui
