// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_LEDGER_CORE_FLOW_H_
#define PUHUI_LEDGER_CORE_FLOW_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace puhui::ledger {

// Points that flow through a network, by the shortest paths that are left (Edmonds and Karp).
// Threads: none.
class Flow {
 public:
  explicit Flow(std::size_t nodes) : out_(nodes) {}

  // An edge that takes `capacity` points; its number.
  std::size_t AddEdge(std::size_t from, std::size_t to, std::int64_t capacity);
  // Sends as much as there is room for, at most `most`. What flows already may go another way, but
  // none of it is lost. Returns how much.
  std::int64_t Push(std::size_t from, std::size_t to, std::int64_t most);
  // What flows through an edge.
  std::int64_t Through(std::size_t edge) const { return edges_[edge ^ 1].room; }
  // How much more it takes.
  std::int64_t Room(std::size_t edge) const { return edges_[edge].room; }
  // From now on its flow stays as it is, and is no longer known here.
  void Close(std::size_t edge) { edges_[edge].room = edges_[edge ^ 1].room = 0; }

 private:
  struct Edge {  // Its way back is the edge whose number differs in the last bit.
    std::size_t to;
    std::int64_t room;
  };
  // The edges of a shortest path, last first; empty when there is none.
  std::vector<std::size_t> FindPath(std::size_t from, std::size_t to) const;

  std::vector<Edge> edges_;
  std::vector<std::vector<std::size_t>> out_;  // Of each node, the edges that begin there.
};

}  // namespace puhui::ledger

#endif  // PUHUI_LEDGER_CORE_FLOW_H_
