-- SPDX-License-Identifier: Apache-2.0
-- The campaign's account is number 0; members have the numbers 1…:people.
INSERT INTO accounts VALUES (0, :people * 10000::bigint);
INSERT INTO accounts SELECT n, 0 FROM generate_series(1, :people) AS n;
CREATE TABLE plan (line bigint PRIMARY KEY, member bigint NOT NULL, points bigint NOT NULL, request_id uuid NOT NULL);
INSERT INTO plan SELECT n, n, 10000, gen_random_uuid() FROM generate_series(1, :people) AS n;
VACUUM ANALYZE;
