#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Shows that layering.py finds what it is there to find, on small trees made for it."""

import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import layering  # noqa: E402  (found through the line above)

TABLE = """
[libraries]
absl: absl/
rocksdb: rocksdb/
openssl: openssl/
[rooms]
ledger/base: absl posix
ledger/core: absl ledger/base
ledger/storage: absl rocksdb ledger/base ledger/core
services/rpc: absl ledger/base
services/server: *
[files]
services/rpc/credentials: openssl
[never]
services/server: rocksdb
[pure]
ledger/core
"""
LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


def header(path, body=""):
    guard = "PUHUI_" + path.upper().replace("/", "_").replace(".", "_") + "_"
    return f"{LICENCE}#ifndef {guard}\n#define {guard}\n{body}\n#endif  // {guard}\n"


class LayeringTest(unittest.TestCase):
    def findings(self, files, table=TABLE):
        with tempfile.TemporaryDirectory() as root:
            for path, text in {**files, "cmake/layering.txt": table}.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(text)
            return list(layering.findings(root))

    def assert_clean(self, path, text):
        self.assertEqual(self.findings({path: text}), [])

    def assert_found(self, path, text, what):
        found = self.findings({path: text})
        self.assertEqual(len(found), 1, found)
        self.assertIn(what, found[0])

    def test_accepts_arrows_of_the_table(self):
        self.assert_clean("ledger/storage/a.cc", LICENCE + '#include "rocksdb/db.h"\n#include "ledger/core/lots.h"\n'
                          "#include <string>\n")
        self.assert_clean("ledger/base/a.cc", LICENCE + "#include <sys/stat.h>\n#include <unistd.h>\n")

    def test_refuses_an_arrow_upwards(self):
        self.assert_found("ledger/base/a.cc", LICENCE + '#include "ledger/core/lots.h"\n',
                          "ledger/base/a.cc:2: ledger/base may not include ledger/core/lots.h")

    def test_refuses_a_second_door_to_rocksdb(self):
        self.assert_found("ledger/core/a.cc", LICENCE + "#include <rocksdb/db.h>\n", "(rocksdb)")
        self.assert_found("services/server/a.cc", LICENCE + "#include <rocksdb/db.h>\n", "(rocksdb)")

    def test_a_file_grant_is_for_that_file(self):
        self.assert_clean("services/rpc/credentials.cc", LICENCE + "#include <openssl/x509.h>\n")
        self.assert_found("services/rpc/pipeline.cc", LICENCE + "#include <openssl/x509.h>\n", "(openssl)")

    def test_refuses_what_nobody_knows(self):
        self.assert_found("ledger/base/a.cc", LICENCE + '#include "boost/any.hpp"\n', "no room and no library")
        self.assert_found("ledger/extra/a.cc", LICENCE, "not a room")

    def test_core_is_pure(self):
        self.assert_found("ledger/core/a.cc", LICENCE + "#include <chrono>\n", "pure")
        self.assert_found("ledger/core/a.cc", LICENCE + "#include <unistd.h>\n", "(posix)")
        self.assert_found("ledger/core/a.cc", LICENCE + "auto t = absl::Now();\n", "time is an argument")

    def test_guards_follow_the_path(self):
        self.assert_clean("ledger/base/check.h", header("ledger/base/check.h"))
        self.assert_found("ledger/base/check.h", header("ledger/base/chek.h"), "PUHUI_LEDGER_BASE_CHECK_H_")

    def test_licence_is_the_first_line(self):
        self.assert_found("ledger/base/a.cc", "int a;\n", "licence")
        self.assert_found("deploy/a.sh", "#!/bin/sh\n\n# SPDX-License-Identifier: Apache-2.0\n", "licence")
        self.assert_clean("deploy/a.sh", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n")

    def test_sizes_are_bounded_unless_waived(self):
        self.assert_clean("ledger/base/a.cc", LICENCE + "\n" * 399)
        self.assert_found("ledger/base/a.cc", LICENCE + "\n" * 400, "at most 400")
        self.assert_found("ledger/base/a.h", header("ledger/base/a.h", "\n" * 200), "at most 200")
        self.assert_clean("ledger/base/a.cc", LICENCE + "// NOLINT(size): one table\n" + "\n" * 400)
        self.assert_found("ledger/base/a.cc", LICENCE + "// NOLINT(size)\n" + "\n" * 400, "at most 400")

    def test_words(self):
        self.assert_found("ledger/base/a.cc", LICENCE + "std::string_view a;\n", "absl::string_view")
        self.assert_clean("ledger/base/a.cc", LICENCE + "// unlike absl::Mutex and std::string_view\n")
        self.assert_found("ledger/base/a.cc", LICENCE + 'f("spiffe://a", absl::Mutex());\n', "absl::Mutex")
        self.assert_found("ledger/base/a.cc", LICENCE + "// TODO: later\n", "TODO")
        self.assert_found("ledger/base/a.cc", LICENCE + "std::mt19937 a;\n", "mt19937")
        self.assert_clean("tests/unit/a.cc", LICENCE + "std::mt19937 a;\n")
        self.assert_found("services/rpc/a.cc", LICENCE + 'return absl::FailedPreconditionError("");\n', "by a Refusal")
        self.assert_clean("ledger/base/a.cc", LICENCE + 'return absl::OutOfRangeError("");\n')

    def test_names_say_what_is_inside(self):
        self.assert_found("ledger/base/string_utils.cc", LICENCE, "utils")
        self.assert_clean("ledger/base/commonwealth.cc", LICENCE)

    def test_the_table_itself_is_checked(self):
        for table in ("[rooms]\na: b\n", "[rooms]\na: c\nc: a\n", "[pure]\na\n", "a: b\n"):
            with self.assertRaises(ValueError):
                layering.Table(table)


if __name__ == "__main__":
    unittest.main()
