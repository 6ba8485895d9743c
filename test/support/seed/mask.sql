UPDATE customers SET mail = 'customer-' || id || '@example.com';
