// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wire/server_process.h"

#include "ledger/base/status_macros.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

namespace puhui {
namespace {

constexpr std::chrono::milliseconds kLookEvery{1};

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Start(const Wish& wish,
                                                                    absl::Duration patience) {
  PUHUI_ASSIGN_OR_RETURN(auto server, SpawnWithoutPort(wish));
  PUHUI_RETURN_IF_ERROR(server->AwaitPort(wish, patience));
  return server;
}

absl::StatusOr<bool> ServerProcess::StartAndKill(const Wish& wish, absl::Duration after) {
  PUHUI_ASSIGN_OR_RETURN(const auto server, SpawnWithoutPort(wish));
  const absl::Status listens = server->AwaitPort(wish, after);
  if (absl::IsUnavailable(listens)) return listens;
  return listens.ok();
}

absl::StatusOr<ProcessEnd> ServerProcess::RunToEnd(const Wish& wish, absl::Duration patience) {
  PUHUI_ASSIGN_OR_RETURN(const auto server, Spawn(wish));
  const absl::Time deadline = absl::Now() + patience;
  while (!server->Ended()) {
    if (absl::Now() > deadline) return absl::DeadlineExceededError("the server does not end");
    std::this_thread::sleep_for(kLookEvery);
  }
  ProcessEnd end;
  if (WIFEXITED(server->wait_status_)) end.exit_code = WEXITSTATUS(server->wait_status_);
  std::ifstream log(wish.log_file);
  end.said.assign(std::istreambuf_iterator<char>(log), {});
  return end;
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::SpawnWithoutPort(const Wish& wish) {
  std::error_code ignored;
  std::filesystem::remove(wish.port_file, ignored);
  return Spawn(wish);
}

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::Spawn(const Wish& wish) {
  std::string program = wish.program;
  std::string flag = "--config";
  std::string config = wish.config;
  char* const arguments[] = {program.data(), flag.data(), config.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, fd, wish.log_file.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  }
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, program.c_str(), &actions, /*attrp=*/nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return absl::UnavailableError(absl::StrCat("cannot run ", wish.program));
  return std::unique_ptr<ServerProcess>(new ServerProcess(pid));
}

ServerProcess::~ServerProcess() {
  Kill();
  Reap();
}

absl::Status ServerProcess::AwaitPort(const Wish& wish, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  // The file is moved into place, so it is there with all its text or not at all.
  while (!(std::ifstream(wish.port_file) >> port_)) {
    if (Ended()) {
      return absl::UnavailableError(absl::StrCat("the server ended; see ", wish.log_file));
    }
    if (absl::Now() > deadline) return absl::DeadlineExceededError("the server does not listen");
    std::this_thread::sleep_for(kLookEvery);
  }
  return absl::OkStatus();
}

void ServerProcess::Kill() {
  if (!reaped_) kill(pid_, SIGKILL);
}

absl::Status ServerProcess::Stop() {
  kill(pid_, SIGTERM);
  const int status = Reap();
  if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the server ended with wait status ", status));
}

bool ServerProcess::Ended() {
  if (!reaped_) reaped_ = waitpid(pid_, &wait_status_, WNOHANG) == pid_;
  return reaped_;
}

int ServerProcess::Reap() {
  if (!std::exchange(reaped_, true)) waitpid(pid_, &wait_status_, 0);
  return wait_status_;
}

}  // namespace puhui
