// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/merkle.h"

#include <bit>

namespace puhui::ledger {
namespace {

Sha256& Hasher() {
  thread_local Sha256 hasher;
  return hasher;
}

// The walk of RFC 9162 from a leaf (`node`) and from the last leaf (`last`) to the root, in step.
struct Climb {
  std::uint64_t node = 0;
  std::uint64_t last = 0;

  bool IsRightChild() const { return (node & 1) != 0; }
  bool AtRoot() const { return last == 0; }
  void Up() {
    node >>= 1;
    last >>= 1;
  }
  // Past the levels where the last node has no sibling and stands for its parent.
  void SkipLonely() {
    while (!IsRightChild() && node != 0) Up();
  }
};

}  // namespace

Hash LeafHash(absl::string_view record) {
  return Hasher().Digest(absl::string_view("\x00", 1), record);
}

Hash NodeHash(const Hash& left, const Hash& right) {
  return Hasher().Digest("\x01", AsBytes(left), AsBytes(right));
}

Hash EmptyRoot() { return Hasher().Digest({}); }

bool VerifyInclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                     absl::Span<const Hash> path, const Hash& root) {
  if (index >= size) return false;
  Climb climb{index, size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : path) {
    if (climb.AtRoot()) return false;
    if (climb.IsRightChild() || climb.node == climb.last) {
      hash = NodeHash(sibling, hash);
      climb.SkipLonely();
    } else {
      hash = NodeHash(hash, sibling);
    }
    climb.Up();
  }
  return climb.AtRoot() && hash == root;
}

bool VerifyConsistency(const TreeHead& first, const TreeHead& second, absl::Span<const Hash> path) {
  if (first.size > second.size) return false;
  if (first.size == second.size) return path.empty() && first.root == second.root;
  if (first.size == 0) return path.empty() && first.root == EmptyRoot();
  // A first tree that is one complete subtree is its own starting point, and the path leaves it
  // out.
  const bool implied = std::has_single_bit(first.size);
  if (!implied && path.empty()) return false;
  Climb climb{first.size - 1, second.size - 1};
  while (climb.IsRightChild()) climb.Up();
  Hash first_root = implied ? first.root : path.front();
  Hash second_root = first_root;
  for (const Hash& sibling : implied ? path : path.subspan(1)) {
    if (climb.AtRoot()) return false;
    if (climb.IsRightChild() || climb.node == climb.last) {
      first_root = NodeHash(sibling, first_root);
      second_root = NodeHash(sibling, second_root);
      climb.SkipLonely();
    } else {
      second_root = NodeHash(second_root, sibling);
    }
    climb.Up();
  }
  return climb.AtRoot() && first_root == first.root && second_root == second.root;
}

MerkleFrontier::MerkleFrontier(std::uint64_t size, absl::FunctionRef<Hash(unsigned height)> node)
    : size_(size) {
  for (unsigned height = 0; height < nodes_.size(); ++height) {
    if ((size >> height & 1) != 0) nodes_.at(height) = node(height);
  }
}

void MerkleFrontier::Append(const Hash& leaf) {
  Hash carry = leaf;
  unsigned height = 0;
  for (; (size_ >> height & 1) != 0; ++height) {
    const Hash left = nodes_.at(height);
    nodes_.at(height) =
        carry;  // Merged from here on, but still the last complete one of its height.
    carry = NodeHash(left, carry);
  }
  nodes_.at(height) = carry;
  ++size_;
}

Hash MerkleFrontier::Root() const {
  if (size_ == 0) return EmptyRoot();
  auto height = static_cast<unsigned>(std::countr_zero(size_));
  Hash root = nodes_.at(height);
  while (++height < nodes_.size()) {
    if ((size_ >> height & 1) != 0) root = NodeHash(nodes_.at(height), root);
  }
  return root;
}

}  // namespace puhui::ledger
