// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_SERVER_VERSION_H_
#define PUHUI_SERVICES_SERVER_VERSION_H_

namespace puhui::services {

inline constexpr char kVersion[] = "0.1.0";

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_SERVER_VERSION_H_
