// SPDX-License-Identifier: Apache-2.0
// Built into every test under ThreadSanitizer. The packaged RocksDB is not instrumented: its locks
// are seen, its atomic reference counts are not, so memory that it hands over properly can look
// raced for. Not called_from_lib: that hides the locks too and makes it worse.
extern "C" const char* __tsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "race:librocksdb.so\n";
}
