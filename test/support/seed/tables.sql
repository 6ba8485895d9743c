CREATE TABLE customers (id int PRIMARY KEY, mail text NOT NULL);
INSERT INTO customers VALUES (1, 'ada@real.example'), (2, 'alan@real.example');
