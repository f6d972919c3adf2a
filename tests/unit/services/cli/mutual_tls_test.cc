// SPDX-License-Identifier: Apache-2.0
// The profile against a real server on the loopback: who may talk to whom.
#include "ledger/crypto/random.h"
#include "services/cli/client.h"
#include "services/cli/profile.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/services/cli/fake_services.h"

#include "absl/strings/str_cat.h"
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace puhui::services {
namespace {

// A certificate for "puhui" that is its own authority, and its key.
struct SelfSigned {
  std::string certificate;
  std::string key;
};

template <class Write>
std::string ToPem(Write write) {
  BIO* const bio = BIO_new(BIO_s_mem());
  EXPECT_EQ(write(bio), 1);
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio, &bytes);
  std::string pem(bytes, static_cast<std::size_t>(size));
  BIO_free_all(bio);
  return pem;
}

void AddExtension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  EXPECT_EQ(X509_add_ext(certificate, extension, -1), 1);
  X509_EXTENSION_free(extension);
}

SelfSigned MakeSelfSigned() {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("puhui"), -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  AddExtension(certificate, NID_subject_alt_name, "DNS:puhui");
  AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  EXPECT_GT(X509_sign(certificate, key, EVP_sha256()), 0);
  SelfSigned made{
      .certificate = ToPem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); }),
      .key = ToPem([&](BIO* bio) {
        return PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
      })};
  X509_free(certificate);
  EVP_PKEY_free(key);
  return made;
}

class MutualTlsTest : public ::testing::Test {
 protected:
  MutualTlsTest() : ours_(MakeSelfSigned()), strangers_(MakeSelfSigned()) {
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = ours_.certificate;
    tls.pem_key_cert_pairs = {{ours_.key, ours_.certificate}};
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port_);
    builder.RegisterService(&admin_);
    server_ = builder.BuildAndStart();
    Keep("ours", ours_);
    Keep("strangers", strangers_);
    std::ofstream(folder_.Join("profile.yaml"))
        << "server: 127.0.0.1:" << port_ << "\nserver_name: puhui\nca: ours.pem\n"
        << "cert: ours.pem\nkey: ours.key\n"
        << "identities: {stranger: {cert: strangers.pem, key: strangers.key}}\n";
  }

  void Keep(const std::string& name, const SelfSigned& pair) {
    std::ofstream(folder_.Join(name + ".pem")) << pair.certificate;
    std::ofstream(folder_.Join(name + ".key")) << pair.key;
  }

  grpc::Status GetStatus(const Profile& profile, const std::string& as) {
    const auto channel = OpenChannel(profile, as);
    EXPECT_OK(channel);
    std::ostringstream err;
    Environment environment;
    environment.err = &err;
    environment.random = &random_;
    environment.now = [this] { return clock_.Now(); };
    environment.sleep = [this](absl::Duration pause) { clock_.Advance(pause); };
    Client client(*channel, environment, Client::Timeouts());
    v1::GetStatusResponse response;
    return client.Unary(&v1::AdminService::Stub::GetStatus, v1::GetStatusRequest(), &response);
  }

  const SelfSigned ours_;
  const SelfSigned strangers_;
  Script script_;
  FakeAdmin admin_{script_};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  TempDir folder_;
  FakeClock clock_;
  ledger::OpenSslRandom random_;
};

TEST_F(MutualTlsTest, CallsAServerThatBothSidesTrust) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, ReadProfile(folder_.Join("profile.yaml")));
  EXPECT_TRUE(GetStatus(profile, "").ok());
  EXPECT_EQ(script_.calls, 1);
}

TEST_F(MutualTlsTest, IsTurnedAwayWithAnIdentityTheServerDoesNotKnow) {
  ASSERT_OK_AND_ASSIGN(const Profile profile, ReadProfile(folder_.Join("profile.yaml")));
  EXPECT_EQ(GetStatus(profile, "stranger").error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(script_.calls, 0);
}

TEST_F(MutualTlsTest, NeverTalksToAServerOfAnotherAuthorityOrName) {
  ASSERT_OK_AND_ASSIGN(Profile profile, ReadProfile(folder_.Join("profile.yaml")));
  profile.ca = folder_.Join("strangers.pem");
  EXPECT_EQ(GetStatus(profile, "").error_code(), grpc::StatusCode::UNAVAILABLE);
  ASSERT_OK_AND_ASSIGN(profile, ReadProfile(folder_.Join("profile.yaml")));
  profile.server_name = "elsewhere";
  EXPECT_EQ(GetStatus(profile, "").error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(script_.calls, 0);
}

}  // namespace
}  // namespace puhui::services
