-- SPDX-License-Identifier: Apache-2.0
-- True when every point that members lost is with a merchant and every transfer has its two entries.
SELECT (SELECT count(*) > 0 FROM transfers)
   AND (SELECT count(*) FROM entries) = 2 * (SELECT count(*) FROM transfers)
   AND (SELECT coalesce(sum(points), 0) FROM entries) = 0
   AND (SELECT sum(balance) FROM accounts) = 1000000 * :members::bigint;
