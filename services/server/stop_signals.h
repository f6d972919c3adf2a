// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_STOP_SIGNALS_H_
#define PUHUI_SERVICES_SERVER_STOP_SIGNALS_H_

#include <csignal>

namespace puhui::services {

// What ends the process, SIGINT and SIGTERM, for sigwait alone; a broken pipe does not. Requires:
// no other thread has been made, for each has what its maker blocks.
sigset_t BlockStopSignals();

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_STOP_SIGNALS_H_
