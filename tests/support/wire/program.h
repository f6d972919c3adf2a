// SPDX-License-Identifier: Apache-2.0
// A program that is run to its end.
#ifndef PUHUI_TESTS_SUPPORT_WIRE_PROGRAM_H_
#define PUHUI_TESTS_SUPPORT_WIRE_PROGRAM_H_

#include <string>
#include <vector>

namespace puhui {

struct ProgramEnd {
  int exit_code = -1;  // -1: it could not be run, or a signal ended it.
  std::string out;
  std::string err;
};

// Everything in a file.
std::string ReadWhole(const std::string& path);

// Runs `command`, its program first; what it says goes to the two files.
ProgramEnd RunProgram(std::vector<std::string> command, const std::string& out,
                      const std::string& err);

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_PROGRAM_H_
