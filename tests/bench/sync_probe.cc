// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/sync_probe.h"

#include "absl/strings/str_cat.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace puhui::bench {

absl::StatusOr<std::vector<std::uint32_t>> ProbeSync(const std::string& directory,
                                                     std::size_t bytes, std::size_t times) {
  std::string path = absl::StrCat(directory, "/sync-XXXXXX");
  const int fd = mkstemp(path.data());
  if (fd < 0) return absl::UnavailableError(absl::StrCat("cannot make a file in ", directory));
  // The name goes first, so that nothing is left behind whatever happens.
  unlink(path.c_str());
  const std::string filling(bytes, 'x');
  std::vector<std::uint32_t> taken;
  taken.reserve(times);
  bool good = true;
  while (good && taken.size() < times) {
    const auto begin = std::chrono::steady_clock::now();
    good = write(fd, filling.data(), filling.size()) == static_cast<ssize_t>(filling.size()) &&
           fdatasync(fd) == 0;
    taken.push_back(
        static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                       std::chrono::steady_clock::now() - begin)
                                       .count()));
  }
  close(fd);
  if (!good) return absl::UnavailableError(absl::StrCat("cannot write in ", directory));
  std::sort(taken.begin(), taken.end());
  return taken;
}

}  // namespace puhui::bench
