// SPDX-License-Identifier: Apache-2.0
#include "services/cli/machine_memory.h"

#include "absl/strings/numbers.h"
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace puhui::services {

std::uint64_t MachineMemoryBytes(const std::string& limit_file) {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  const std::uint64_t machine =
      pages > 0 && page_bytes > 0
          ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes)
          : 0;
  std::ifstream file(limit_file);
  std::string text;
  std::uint64_t limit = 0;
  if (std::getline(file, text) && absl::SimpleAtoi(text, &limit)) return std::min(machine, limit);
  return machine;
}

}  // namespace puhui::services
