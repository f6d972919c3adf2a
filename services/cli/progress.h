// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_SERVICES_CLI_PROGRESS_H_
#define PUHUI_SERVICES_CLI_PROGRESS_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>

namespace puhui::services {

// How far long work is: a bar that is redrawn on a terminal, a line every few seconds in a log.
// Short work prints nothing in a log.
// Threads: one at a time. Borrows: the stream.
class Progress {
 public:
  static constexpr absl::Duration kRedrawEvery = absl::Milliseconds(100);
  static constexpr absl::Duration kLogEvery = absl::Seconds(5);

  struct Screen {
    std::ostream* out = nullptr;
    bool is_terminal = false;
    std::function<absl::Time()> now;
  };

  // `what` leads the line, for example "issuing"; `unit` follows the numbers, for example "rows".
  Progress(Screen screen, std::string what, std::string unit);
  // Leaves the last state of the bar on a line of its own.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0 means that it is not known. `remark` stands at the end of the line.
  void Show(std::uint64_t done, std::uint64_t total, const std::string& remark = "");

 private:
  std::string Line() const;
  std::string Bar() const;
  void Print();

  const Screen screen_;
  const std::string what_;
  const std::string unit_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  std::string remark_;
  absl::Time last_print_;
  std::size_t width_on_screen_ = 0;
  bool pending_ = false;
};

}  // namespace puhui::services

#endif  // PUHUI_SERVICES_CLI_PROGRESS_H_
