// SPDX-License-Identifier: Apache-2.0
#ifndef PUHUI_TESTS_CRASH_IMPATIENT_ENV_H_
#define PUHUI_TESTS_CRASH_IMPATIENT_ENV_H_

#include <rocksdb/env.h>
#include <rocksdb/system_clock.h>

#include <algorithm>
#include <memory>

namespace puhui::testing {

// Another environment whose sleeps are short: after a failed flush RocksDB sleeps for a second, and
// a test that fails each of hundreds of operations once would do little else.
// Threads: safe. Borrows: the other environment.
class ImpatientEnv final : public rocksdb::EnvWrapper {
 public:
  explicit ImpatientEnv(rocksdb::Env* of) : EnvWrapper(of) {
    file_system_ = of->GetFileSystem();
    system_clock_ = std::make_shared<Clock>(of->GetSystemClock());
  }
  const char* Name() const override { return "ImpatientEnv"; }

 private:
  class Clock final : public rocksdb::SystemClockWrapper {
   public:
    explicit Clock(const std::shared_ptr<rocksdb::SystemClock>& of) : SystemClockWrapper(of) {}
    const char* Name() const override { return "ImpatientClock"; }
    void SleepForMicroseconds(int micros) override {
      constexpr int kLongest = 1'000;
      SystemClockWrapper::SleepForMicroseconds(std::min(micros, kLongest));
    }
  };
};

}  // namespace puhui::testing

#endif  // PUHUI_TESTS_CRASH_IMPATIENT_ENV_H_
