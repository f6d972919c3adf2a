// SPDX-License-Identifier: Apache-2.0
// Which points those are that leave an account. Points are alike; for who asks where they came
// from, what came into an account first goes out first. So what an account holds came in last, and
// nobody has to look farther back than that.
#ifndef PUHUI_AUDIT_CORE_OLDEST_FIRST_H_
#define PUHUI_AUDIT_CORE_OLDEST_FIRST_H_

#include <cstdint>

namespace puhui::audit {

// Of points that went out: with what they had come in.
class CameWith {
 public:
  // `held`: by the account before `out` points went out of it.
  CameWith(std::int64_t held, std::int64_t out) : above_(held), out_(out < held ? out : held) {}

  // How many of them had come in with the latest `points` that were not told of yet.
  std::int64_t Before(std::int64_t points);
  // Nothing that came in earlier was there any more.
  bool done() const { return above_ <= 0 || out_ <= 0; }

 private:
  std::int64_t above_;  // What the account held of what is not told of yet.
  std::int64_t out_;    // The oldest of it.
};

// Of points that came in: with what they went out.
class WentWith {
 public:
  // `held`: by the account before `in` points came into it.
  WentWith(std::int64_t held, std::int64_t in) : first_(held < 0 ? 0 : held), in_(in) {}

  // How many of them went out with the next `points`.
  std::int64_t Next(std::int64_t points);
  // All of them went out.
  bool done() const { return in_ <= 0; }

 private:
  std::int64_t first_;  // How many go out before them.
  std::int64_t in_;     // How many are left.
};

}  // namespace puhui::audit

#endif  // PUHUI_AUDIT_CORE_OLDEST_FIRST_H_
