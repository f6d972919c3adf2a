-- SPDX-License-Identifier: Apache-2.0
-- Members have the numbers 1…:members, merchants those that follow.
INSERT INTO accounts SELECT n, 1000000 FROM generate_series(1, :members) AS n;
INSERT INTO accounts SELECT :members + n, 0 FROM generate_series(1, :merchants) AS n;
VACUUM ANALYZE;
