// SPDX-License-Identifier: Apache-2.0
// Certificates for tests, made in the process: nothing is checked in that could expire or leak.
#ifndef PUHUI_TESTS_SUPPORT_PKI_TEST_PKI_H_
#define PUHUI_TESTS_SUPPORT_PKI_TEST_PKI_H_

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include <string>
#include <vector>

namespace puhui {

// A certificate and its key, both PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

// What a certificate says. The defaults are a client's, valid for an hour either side of now: TLS
// has only the real clock.
struct CertificateSpec {
  std::vector<std::string> uris;
  std::vector<std::string> dns_names;
  absl::Time not_before = absl::Now() - absl::Hours(1);
  absl::Time not_after = absl::Now() + absl::Hours(1);
  bool authority = false;
};

// A CA of its own, with a fresh key.
// Threads: safe.
class TestAuthority {
 public:
  explicit TestAuthority(absl::string_view name);

  const TestIdentity& identity() const { return identity_; }
  const std::string& certificate() const { return identity_.certificate; }
  TestIdentity Issue(const CertificateSpec& spec) const;
  // One SPIFFE URI.
  TestIdentity IssueClient(absl::string_view uri) const;
  // For localhost.
  TestIdentity IssueServer() const;

 private:
  TestIdentity identity_;
};

TestIdentity SelfSigned(const CertificateSpec& spec);

enum class TestKey { kP256, kP384, kP521, kEd25519, kRsa1024, kRsa2048 };

// A private key in PEM.
std::string MakeKey(TestKey kind);
// A PKCS #10 request for `key`, asking to be called by the names of `spec`, in PEM.
std::string MakeCsr(absl::string_view key, const CertificateSpec& spec);
// The same, but its signature is not of this key.
std::string MakeForgedCsr(absl::string_view key);

// What a certificate says, for assertions.
struct ReadBack {
  std::string subject;  // One line; empty when there is none.
  std::vector<std::string> uris;
  std::vector<std::string> other_names;
  std::string extended_key_usage;  // Short names, separated by commas.
  std::string serial_hex;
  std::string public_key;  // PEM.
  absl::Time not_before;
  absl::Time not_after;
  bool authority = false;
  bool name_is_critical = false;
};
ReadBack ReadCertificate(absl::string_view pem);
std::string PublicKeyOf(absl::string_view private_key_pem);
// True when `certificate` is signed by `authority` and fit for `client` authentication at its own
// not_before + 1 s.
bool VerifiesAsClient(absl::string_view certificate, absl::string_view authority);

}  // namespace puhui

#endif  // PUHUI_TESTS_SUPPORT_PKI_TEST_PKI_H_
