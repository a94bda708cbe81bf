BEGIN;

CREATE TABLE customers (
    id         BIGINT PRIMARY KEY,
    name       VARCHAR(120) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE orders (
    id          BIGINT PRIMARY KEY,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    cents       INTEGER NOT NULL CHECK (cents >= 0)
);

CREATE INDEX orders_by_customer ON orders (customer_id);

INSERT INTO customers (id, name) VALUES (1, 'Ada'), (2, 'Grace');
INSERT INTO orders (id, customer_id, cents) VALUES (10, 1, 4250), (11, 2, 990);

SELECT c.name, COUNT(*) AS orders, SUM(o.cents) AS cents
FROM customers AS c
LEFT JOIN orders AS o ON o.customer_id = c.id
GROUP BY c.name
HAVING SUM(o.cents) > 1000
ORDER BY cents DESC;

COMMIT;
