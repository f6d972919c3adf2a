// SPDX-License-Identifier: Apache-2.0
#include "ledger/core/flow.h"

#include <algorithm>
#include <limits>

namespace puhui::ledger {

std::size_t Flow::AddEdge(std::size_t from, std::size_t to, std::int64_t capacity) {
  const std::size_t edge = edges_.size();
  edges_.push_back({to, capacity});
  edges_.push_back({from, 0});
  out_[from].push_back(edge);
  out_[to].push_back(edge ^ 1);
  return edge;
}

std::int64_t Flow::Push(std::size_t from, std::size_t to, std::int64_t most) {
  std::int64_t pushed = 0;
  while (pushed < most) {
    const std::vector<std::size_t> path = FindPath(from, to);
    if (path.empty()) break;
    std::int64_t step = most - pushed;
    for (const std::size_t edge : path) step = std::min(step, edges_[edge].room);
    for (const std::size_t edge : path) {
      edges_[edge].room -= step;
      edges_[edge ^ 1].room += step;
    }
    pushed += step;
  }
  return pushed;
}

std::vector<std::size_t> Flow::FindPath(std::size_t from, std::size_t to) const {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> reached_by(out_.size(), kNone);
  std::vector<std::size_t> queue{from};
  for (std::size_t at = 0; at < queue.size() && reached_by[to] == kNone; ++at) {
    for (const std::size_t edge : out_[queue[at]]) {
      const std::size_t next = edges_[edge].to;
      if (edges_[edge].room == 0 || next == from || reached_by[next] != kNone) continue;
      reached_by[next] = edge;
      queue.push_back(next);
    }
  }
  std::vector<std::size_t> path;
  if (reached_by[to] == kNone) return path;
  for (std::size_t node = to; node != from; node = edges_[path.back() ^ 1].to) {
    path.push_back(reached_by[node]);
  }
  return path;
}

}  // namespace puhui::ledger
