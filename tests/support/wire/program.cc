// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wire/program.h"

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

namespace puhui {

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

RunningProgram::RunningProgram(std::vector<std::string> command, std::string out, std::string err)
    : out_(std::move(out)), err_(std::move(err)) {
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), kFlags, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), kFlags, 0600);
  // Signals end it, also when whoever runs the tests ignores them, as a shell's jobs do.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int error =
      posix_spawn(&pid_, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) pid_ = 0;
}

RunningProgram::~RunningProgram() {
  if (pid_ != 0) End(SIGKILL);
}

bool RunningProgram::AwaitOut(const std::function<bool(const std::string& out)>& wanted) const {
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (!wanted(ReadWhole(out_))) {
    if (absl::Now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

ProgramEnd RunningProgram::End(int signal) {
  ProgramEnd end;
  int status = 0;
  if (pid_ != 0 && signal != 0) kill(pid_, signal);
  if (pid_ != 0 && waitpid(pid_, &status, 0) == pid_) {
    if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  }
  pid_ = 0;
  end.out = ReadWhole(out_);
  end.err = ReadWhole(err_);
  return end;
}

ProgramEnd RunProgram(std::vector<std::string> command, const std::string& out,
                      const std::string& err) {
  return RunningProgram(std::move(command), out, err).End();
}

}  // namespace puhui
