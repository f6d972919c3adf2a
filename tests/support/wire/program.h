// SPDX-License-Identifier: Apache-2.0
// A program that is run: to its end, or until somebody stops it.
#ifndef PUHUI_TESTS_SUPPORT_WIRE_PROGRAM_H_
#define PUHUI_TESTS_SUPPORT_WIRE_PROGRAM_H_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace puhui {

struct ProgramEnd {
  int exit_code = -1;  // -1: it could not be run, or a signal ended it.
  std::string out;
  std::string err;
  int signal = 0;  // That ended it; 0: none did.
};

// Everything in a file.
std::string ReadWhole(const std::string& path);

// A program, from its start on. Threads: none. Owns: the process.
class RunningProgram {
 public:
  // Runs `command`, its program first; what it says goes to the two files.
  RunningProgram(std::vector<std::string> command, std::string out, std::string err);
  // Kills it.
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  // Until what it has said so far is as wanted; false: it is not within half a minute.
  bool AwaitOut(const std::function<bool(const std::string& out)>& wanted) const;
  // Sends the signal, if it is none but 0, and waits for the end.
  ProgramEnd End(int signal = 0);

 private:
  const std::string out_;
  const std::string err_;
  pid_t pid_ = 0;  // 0: it could not be run, or has ended.
};

// The same to its end.
ProgramEnd RunProgram(std::vector<std::string> command, const std::string& out,
                      const std::string& err);

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_WIRE_PROGRAM_H_
