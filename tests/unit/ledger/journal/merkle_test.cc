// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal/merkle.h"

#include "tests/support/status_matchers.h"
#include "tests/support/stored_log.h"
#include "tests/unit/ledger/journal/naive_tree.h"

#include <gtest/gtest.h>

namespace puhui::ledger {
namespace {

// The roots that Certificate Transparency publishes for those leaves.
constexpr absl::string_view kRootsHex[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

TEST(MerkleFrontierTest, MatchesTheRootsOfCertificateTransparency) {
  MerkleFrontier frontier;
  EXPECT_EQ(ToHex(EmptyRoot()), kRootsHex[0]);
  EXPECT_EQ(ToHex(frontier.Root()), kRootsHex[0]);
  for (std::size_t i = 0; i < 8; ++i) {
    ASSERT_OK_AND_ASSIGN(const std::string record, FromHex(kReferenceLeaves[i]));
    frontier.Append(LeafHash(record));
    EXPECT_EQ(frontier.size(), i + 1);
    EXPECT_EQ(ToHex(frontier.Root()), kRootsHex[i + 1]);
  }
}

TEST(MerkleFrontierTest, KnowsTheRootAtEverySize) {
  NaiveTree naive(1'100);
  MerkleFrontier frontier;
  for (std::size_t size = 0; size < 1'100; ++size) {
    ASSERT_EQ(frontier.Root(), naive.Root(0, size)) << size;
    frontier.Append(naive.leaf(size));
  }
}

TEST(MerkleFrontierTest, GoesOnFromItsNodes) {
  NaiveTree naive(600);
  for (const std::size_t size : {0u, 1u, 7u, 255u, 256u, 257u, 511u}) {
    MerkleFrontier frontier;
    for (std::size_t i = 0; i < size; ++i) frontier.Append(naive.leaf(i));
    MerkleFrontier copy(size, [&](unsigned height) { return frontier.node(height); });
    for (std::size_t i = size; i < 600; ++i) copy.Append(naive.leaf(i));
    EXPECT_EQ(copy.Root(), naive.Root(0, 600)) << size;
  }
}

TEST(VerifyInclusionTest, AcceptsThePathOfEveryLeafAtEverySize) {
  NaiveTree naive(130);
  for (std::size_t size = 1; size <= 130; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      ASSERT_TRUE(VerifyInclusion(naive.leaf(index), index, size, naive.Path(index, 0, size),
                                  naive.Root(0, size)))
          << index << " of " << size;
    }
  }
}

TEST(VerifyInclusionTest, RefusesAnythingElse) {
  NaiveTree naive(64);
  for (std::size_t size = 2; size <= 33; ++size) {
    const Hash root = naive.Root(0, size);
    for (std::size_t index = 0; index < size; ++index) {
      const Hash leaf = naive.leaf(index);
      const std::vector<Hash> path = naive.Path(index, 0, size);
      EXPECT_FALSE(VerifyInclusion(naive.leaf(index + 1), index, size, path, root));
      EXPECT_FALSE(VerifyInclusion(leaf, (index + 1) % size, size, path, root));
      EXPECT_FALSE(VerifyInclusion(leaf, size, size, path, root));
      EXPECT_FALSE(VerifyInclusion(leaf, index, size, path, naive.Root(0, size + 1)));
      std::vector<Hash> other = path;
      other.push_back(root);
      EXPECT_FALSE(VerifyInclusion(leaf, index, size, other, root));
      other = path;
      other.pop_back();
      EXPECT_FALSE(VerifyInclusion(leaf, index, size, other, root));
      for (std::size_t step = 0; step < path.size(); ++step) {
        other = path;
        other[step][31] ^= 1;
        EXPECT_FALSE(VerifyInclusion(leaf, index, size, other, root));
      }
    }
  }
  EXPECT_FALSE(VerifyInclusion(naive.leaf(0), 0, 0, {}, EmptyRoot()));
}

TEST(VerifyConsistencyTest, AcceptsEveryPairOfSizes) {
  NaiveTree naive(70);
  for (std::size_t second = 1; second <= 70; ++second) {
    for (std::size_t first = 1; first <= second; ++first) {
      ASSERT_TRUE(VerifyConsistency({first, naive.Root(0, first)}, {second, naive.Root(0, second)},
                                    naive.Subproof(first, 0, second, true)))
          << first << " to " << second;
    }
    EXPECT_TRUE(VerifyConsistency({0, EmptyRoot()}, {second, naive.Root(0, second)}, {}));
  }
}

TEST(VerifyConsistencyTest, RefusesAnythingElse) {
  NaiveTree naive(70);
  for (std::size_t second = 2; second <= 33; ++second) {
    const TreeHead head{second, naive.Root(0, second)};
    for (std::size_t first = 1; first < second; ++first) {
      const TreeHead old{first, naive.Root(0, first)};
      const std::vector<Hash> path = naive.Subproof(first, 0, second, true);
      EXPECT_FALSE(VerifyConsistency(head, old, path));
      EXPECT_FALSE(VerifyConsistency({first, head.root}, head, path));
      EXPECT_FALSE(VerifyConsistency(old, {second, old.root}, path));
      EXPECT_FALSE(VerifyConsistency(old, head, {}));
      std::vector<Hash> other = path;
      other.push_back(head.root);
      EXPECT_FALSE(VerifyConsistency(old, head, other));
      for (std::size_t step = 0; step < path.size(); ++step) {
        other = path;
        other[step][0] ^= 1;
        EXPECT_FALSE(VerifyConsistency(old, head, other));
      }
    }
    EXPECT_FALSE(VerifyConsistency(head, {second, naive.Root(0, second - 1)}, {}));
    EXPECT_FALSE(VerifyConsistency({0, head.root}, head, {}));
  }
}

}  // namespace
}  // namespace puhui::ledger
