// SPDX-License-Identifier: Apache-2.0
// Built into every caller of a real puhuid under AddressSanitizer, and not into puhuid. gRPC 1.51
// keeps the TLS state of a connection that is still being made when its last channel goes.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
  return "leak:libcrypto.so\n";
}
