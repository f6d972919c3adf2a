-- SPDX-License-Identifier: Apache-2.0
-- The ledger that M2 measures against: the double entry of a purchase, done well in PostgreSQL. One statement moves the
-- points, so there is one round trip and one commit; what must be unique is indexed, and nothing else.

CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  balance bigint NOT NULL CHECK (balance >= 0)
);

CREATE TABLE transfers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request_id uuid NOT NULL UNIQUE,
  debit bigint NOT NULL,
  credit bigint NOT NULL,
  points bigint NOT NULL CHECK (points > 0),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE entries (
  transfer_id bigint NOT NULL,
  account_id bigint NOT NULL,
  points bigint NOT NULL,
  PRIMARY KEY (transfer_id, account_id)
);

-- Returns the transfer; the same request id gives the first one again. The member's row is always locked before the
-- merchant's, and a merchant never pays, so no two purchases wait for each other.
CREATE FUNCTION purchase(asked uuid, member bigint, merchant bigint, amount bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  transfer bigint;
BEGIN
  INSERT INTO transfers (request_id, debit, credit, points) VALUES (asked, member, merchant, amount)
  ON CONFLICT (request_id) DO NOTHING RETURNING id INTO transfer;
  IF transfer IS NULL THEN
    RETURN (SELECT id FROM transfers WHERE request_id = asked);
  END IF;
  UPDATE accounts SET balance = balance - amount WHERE id = member AND balance >= amount;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'INSUFFICIENT_POINTS';
  END IF;
  UPDATE accounts SET balance = balance + amount WHERE id = merchant;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'MERCHANT_NOT_FOUND';
  END IF;
  INSERT INTO entries (transfer_id, account_id, points)
  VALUES (transfer, member, -amount), (transfer, merchant, amount);
  RETURN transfer;
END
$$;
