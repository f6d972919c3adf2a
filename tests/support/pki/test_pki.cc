// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pki/test_pki.h"

#include "ledger/base/check.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>

namespace puhui {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* handle) const {
    kFree(handle);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Request = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Name = std::unique_ptr<X509_NAME, Free<X509_NAME_free>>;

Bio Reader(absl::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

template <class Write>
std::string Written(Write write) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PUHUI_CHECK(write(bio.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string KeyPem(EVP_PKEY* key) {
  return Written([key](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string PublicPem(EVP_PKEY* key) {
  return Written([key](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key); });
}

Key ReadKey(absl::string_view pem) {
  Key key(PEM_read_bio_PrivateKey(Reader(pem).get(), nullptr, nullptr, nullptr));
  PUHUI_CHECK(key != nullptr);
  return key;
}

Certificate ReadX509(absl::string_view pem) {
  Certificate certificate(PEM_read_bio_X509(Reader(pem).get(), nullptr, nullptr, nullptr));
  PUHUI_CHECK(certificate != nullptr);
  return certificate;
}

Key NewKey(TestKey kind) {
  switch (kind) {
    case TestKey::kP256:
      return Key(EVP_EC_gen("P-256"));
    case TestKey::kP384:
      return Key(EVP_EC_gen("P-384"));
    case TestKey::kP521:
      return Key(EVP_EC_gen("P-521"));
    case TestKey::kEd25519:
      return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    case TestKey::kRsa1024:
      return Key(EVP_RSA_gen(1'024U));
    case TestKey::kRsa2048:
      return Key(EVP_RSA_gen(2'048U));
  }
  CheckFailed(__FILE__, __LINE__, "no such kind of key");
}

const EVP_MD* DigestFor(const EVP_PKEY* key) {
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

Name CommonName(absl::string_view name) {
  Name result(X509_NAME_new());
  PUHUI_CHECK(
      X509_NAME_add_entry_by_NID(result.get(), NID_commonName, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(std::string(name).c_str()),
                                 -1, -1, 0) == 1);
  return result;
}

std::string AlternativeNames(const CertificateSpec& spec) {
  std::vector<std::string> names;
  for (const std::string& uri : spec.uris) names.push_back(absl::StrCat("URI:", uri));
  for (const std::string& dns : spec.dns_names) names.push_back(absl::StrCat("DNS:", dns));
  return absl::StrJoin(names, ",");
}

void AddExtension(X509* issuer, int nid, const std::string& value, X509* certificate) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  PUHUI_CHECK(extension != nullptr);
  PUHUI_CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

// Signed by `issuer_key` in the name of `issuer`, or by itself when there is no issuer.
TestIdentity Make(absl::string_view name, const CertificateSpec& spec, X509* issuer,
                  EVP_PKEY* issuer_key) {
  const Key key = NewKey(TestKey::kP256);
  const Certificate made(X509_new());
  X509* const out = made.get();
  PUHUI_CHECK(X509_set_version(out, 2) == 1);
  std::uint64_t serial = 0;
  PUHUI_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial)) == 1);
  PUHUI_CHECK(ASN1_INTEGER_set_uint64(X509_get_serialNumber(out), serial >> 1 | 1) == 1);
  const Name subject = CommonName(name);
  PUHUI_CHECK(X509_set_subject_name(out, subject.get()) == 1);
  PUHUI_CHECK(X509_set_issuer_name(
                  out, issuer == nullptr ? subject.get() : X509_get_subject_name(issuer)) == 1);
  PUHUI_CHECK(X509_set_pubkey(out, key.get()) == 1);
  PUHUI_CHECK(ASN1_TIME_set(X509_getm_notBefore(out), absl::ToTimeT(spec.not_before)) != nullptr);
  PUHUI_CHECK(ASN1_TIME_set(X509_getm_notAfter(out), absl::ToTimeT(spec.not_after)) != nullptr);
  X509* const signer = issuer == nullptr ? out : issuer;
  AddExtension(signer, NID_basic_constraints,
               spec.authority ? "critical,CA:TRUE" : "critical,CA:FALSE", out);
  AddExtension(signer, NID_key_usage,
               spec.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature", out);
  AddExtension(signer, NID_subject_key_identifier, "hash", out);
  const std::string names = AlternativeNames(spec);
  if (!names.empty()) AddExtension(signer, NID_subject_alt_name, names, out);
  EVP_PKEY* const signing = issuer_key == nullptr ? key.get() : issuer_key;
  PUHUI_CHECK(X509_sign(out, signing, DigestFor(signing)) > 0);
  return {.certificate = Written([out](BIO* bio) { return PEM_write_bio_X509(bio, out); }),
          .key = KeyPem(key.get())};
}

std::string CsrSignedBy(EVP_PKEY* shown, EVP_PKEY* signing, const CertificateSpec& spec) {
  const Request request(X509_REQ_new());
  PUHUI_CHECK(X509_REQ_set_version(request.get(), 0) == 1);
  PUHUI_CHECK(X509_REQ_set_subject_name(request.get(), CommonName("the boss").get()) == 1);
  PUHUI_CHECK(X509_REQ_set_pubkey(request.get(), shown) == 1);
  const std::string names = AlternativeNames(spec);
  if (!names.empty()) {
    STACK_OF(X509_EXTENSION)* extensions = sk_X509_EXTENSION_new_null();
    X509_EXTENSION* const name =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    PUHUI_CHECK(name != nullptr && sk_X509_EXTENSION_push(extensions, name) > 0);
    PUHUI_CHECK(X509_REQ_add_extensions(request.get(), extensions) == 1);
    sk_X509_EXTENSION_pop_free(extensions, X509_EXTENSION_free);
  }
  PUHUI_CHECK(X509_REQ_sign(request.get(), signing, DigestFor(signing)) > 0);
  return Written([&request](BIO* bio) { return PEM_write_bio_X509_REQ(bio, request.get()); });
}

absl::Time ToTime(const ASN1_TIME* time) {
  std::tm parts{};
  PUHUI_CHECK(ASN1_TIME_to_tm(time, &parts) == 1);
  return absl::FromTimeT(timegm(&parts));
}

void ReadNames(X509* certificate, ReadBack* out) {
  int critical = -1;
  auto* const names = static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr));
  if (names == nullptr) return;
  out->name_is_critical = critical == 1;
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_URI) {
      const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
      out->uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                             static_cast<std::size_t>(ASN1_STRING_length(uri)));
    } else {
      out->other_names.push_back(absl::StrCat("type ", name->type));
    }
  }
  GENERAL_NAMES_free(names);
}

}  // namespace

TestAuthority::TestAuthority(absl::string_view name) {
  CertificateSpec spec;
  spec.authority = true;
  spec.not_before = absl::Now() - absl::Hours(24);
  spec.not_after = absl::Now() + absl::Hours(24);
  identity_ = Make(name, spec, nullptr, nullptr);
}

TestIdentity TestAuthority::Issue(const CertificateSpec& spec) const {
  return Make("somebody", spec, ReadX509(identity_.certificate).get(),
              ReadKey(identity_.key).get());
}

TestIdentity TestAuthority::IssueClient(absl::string_view uri) const {
  CertificateSpec spec;
  spec.uris.emplace_back(uri);
  return Issue(spec);
}

TestIdentity TestAuthority::IssueServer() const {
  CertificateSpec spec;
  spec.dns_names.emplace_back("localhost");
  return Issue(spec);
}

TestIdentity SelfSigned(const CertificateSpec& spec) {
  return Make("nobody", spec, nullptr, nullptr);
}

std::string MakeKey(TestKey kind) {
  const Key key = NewKey(kind);
  PUHUI_CHECK(key != nullptr);
  return KeyPem(key.get());
}

std::string MakeCsr(absl::string_view key, const CertificateSpec& spec) {
  const Key shown = ReadKey(key);
  return CsrSignedBy(shown.get(), shown.get(), spec);
}

std::string MakeForgedCsr(absl::string_view key) {
  return CsrSignedBy(ReadKey(key).get(), NewKey(TestKey::kP256).get(), {});
}

ReadBack ReadCertificate(absl::string_view pem) {
  const Certificate certificate = ReadX509(pem);
  ReadBack out;
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  if (X509_NAME_entry_count(subject) > 0) {
    char* const line = X509_NAME_oneline(subject, nullptr, 0);
    out.subject = line;
    OPENSSL_free(line);
  }
  ReadNames(certificate.get(), &out);
  auto* const usage = static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate.get(), NID_ext_key_usage, nullptr, nullptr));
  if (usage != nullptr) {
    std::vector<std::string> names;
    for (int i = 0; i < sk_ASN1_OBJECT_num(usage); ++i) {
      names.emplace_back(OBJ_nid2sn(OBJ_obj2nid(sk_ASN1_OBJECT_value(usage, i))));
    }
    out.extended_key_usage = absl::StrJoin(names, ",");
    EXTENDED_KEY_USAGE_free(usage);
  }
  BIGNUM* const serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr);
  char* const hex = BN_bn2hex(serial);
  out.serial_hex = hex;
  OPENSSL_free(hex);
  BN_free(serial);
  out.public_key = PublicPem(X509_get0_pubkey(certificate.get()));
  out.not_before = ToTime(X509_get0_notBefore(certificate.get()));
  out.not_after = ToTime(X509_get0_notAfter(certificate.get()));
  out.authority = X509_check_ca(certificate.get()) != 0;
  return out;
}

std::string PublicKeyOf(absl::string_view private_key_pem) {
  return PublicPem(ReadKey(private_key_pem).get());
}

bool VerifiesAsClient(absl::string_view certificate, absl::string_view authority) {
  const Certificate leaf = ReadX509(certificate);
  X509_STORE* const store = X509_STORE_new();
  PUHUI_CHECK(X509_STORE_add_cert(store, ReadX509(authority).get()) == 1);
  X509_STORE_CTX* const context = X509_STORE_CTX_new();
  PUHUI_CHECK(X509_STORE_CTX_init(context, store, leaf.get(), nullptr) == 1);
  PUHUI_CHECK(X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT) == 1);
  const absl::Time at = ToTime(X509_get0_notBefore(leaf.get())) + absl::Seconds(1);
  X509_STORE_CTX_set_time(context, 0, absl::ToTimeT(at));
  const bool verified = X509_verify_cert(context) == 1;
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  return verified;
}

}  // namespace puhui
