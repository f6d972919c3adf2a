// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_MACHINE_MEMORY_H_
#define PUHUI_SERVICES_CLI_MACHINE_MEMORY_H_

#include <cstdint>
#include <string>

namespace puhui::services {

// The bytes that this process could have if it were alone: those of the machine, or of its control
// group when that has fewer. `limit_file` is the group's, as of cgroup v2: a number or "max"; one
// that is not there limits nothing.
std::uint64_t MachineMemoryBytes(const std::string& limit_file = "/sys/fs/cgroup/memory.max");

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_MACHINE_MEMORY_H_
