SELECT pg_sleep(15);
UPDATE customers SET mail = 'customer-' || id || '@example.com';
