-- SPDX-License-Identifier: Apache-2.0
-- One purchase by a random member at a random merchant.
\set member random(1, :members)
\set merchant random(:members + 1, :members + :merchants)
SELECT purchase(gen_random_uuid(), :member, :merchant, 100);
