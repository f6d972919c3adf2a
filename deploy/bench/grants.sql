-- SPDX-License-Identifier: Apache-2.0
-- A plan as grants: the same double entry as a purchase, for all rows at once and in one transaction.
BEGIN;
WITH granted AS (
  INSERT INTO transfers (request_id, debit, credit, points)
  SELECT request_id, 0, member, points FROM plan ORDER BY line
  RETURNING id, credit, points
), lines AS (
  INSERT INTO entries (transfer_id, account_id, points)
  SELECT id, 0, -points FROM granted UNION ALL SELECT id, credit, points FROM granted
), members AS (
  UPDATE accounts SET balance = balance + granted.points FROM granted WHERE accounts.id = granted.credit
)
UPDATE accounts SET balance = balance - (SELECT sum(points) FROM plan) WHERE id = 0;
COMMIT;
