// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_INTEGRATION_FREE_PORT_H_
#define PUHUI_TESTS_INTEGRATION_FREE_PORT_H_

#include <string>

namespace puhui {

// A port of this machine that nobody had when it was looked for, and plain HTTP with whoever has it
// then.
// Threads: safe.
class FreePort {
 public:
  FreePort();
  std::string address() const;  // With the loopback's.
  // The answer to a GET of `path`, head and body; empty when nobody answers.
  std::string Read(const std::string& path) const;

 private:
  int port_ = 0;
};

}  // namespace puhui

#endif  // PUHUI_TESTS_INTEGRATION_FREE_PORT_H_
