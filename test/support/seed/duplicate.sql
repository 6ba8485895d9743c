INSERT INTO customers SELECT -id, mail FROM customers WHERE id = 1;
