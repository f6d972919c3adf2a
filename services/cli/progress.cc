// SPDX-License-Identifier: Apache-2.0
#include "services/cli/progress.h"

#include "services/cli/money.h"
#include "services/cli/table.h"

#include "absl/strings/str_cat.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace puhui::services {
namespace {

constexpr std::size_t kBarWidth = 30;

}  // namespace

// A terminal sees the first state at once; a log only what is still running after kLogEvery.
Progress::Progress(Screen screen, std::string what, std::string unit)
    : screen_(std::move(screen)),
      what_(std::move(what)),
      unit_(std::move(unit)),
      last_print_(screen_.is_terminal ? absl::InfinitePast() : screen_.now()) {}

Progress::~Progress() {
  if (!screen_.is_terminal) return;
  if (pending_) Print();
  if (width_on_screen_ > 0) *screen_.out << '\n' << std::flush;
}

void Progress::Show(std::uint64_t done, std::uint64_t total, const std::string& remark) {
  done_ = done;
  total_ = total;
  remark_ = remark.empty() ? "" : absl::StrCat(", ", remark);
  pending_ = true;
  const absl::Time now = screen_.now();
  if (now - last_print_ < (screen_.is_terminal ? kRedrawEvery : kLogEvery)) return;
  last_print_ = now;
  Print();
}

void Progress::Print() {
  const std::string line = Line();
  if (screen_.is_terminal) {
    const std::size_t width = DisplayWidth(line);
    const std::string rest(width < width_on_screen_ ? width_on_screen_ - width : 0, ' ');
    *screen_.out << '\r' << line << rest << std::flush;
    width_on_screen_ = width;
  } else {
    *screen_.out << line << '\n' << std::flush;
  }
  pending_ = false;
}

std::string Progress::Line() const {
  if (total_ == 0) return absl::StrCat(what_, " ", FormatCount(done_), " ", unit_, remark_);
  const double share =
      std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_)) * 100.0;
  return absl::StrCat(what_, screen_.is_terminal ? Bar() : "", " ", static_cast<int>(share), "% ",
                      FormatCount(done_), "/", FormatCount(total_), " ", unit_, remark_);
}

std::string Progress::Bar() const {
  const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(kBarWidth));
  return absl::StrCat(" [", std::string(filled, '#'), std::string(kBarWidth - filled, '.'), "]");
}

}  // namespace puhui::services
