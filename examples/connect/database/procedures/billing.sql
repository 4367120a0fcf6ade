DELIMITER //
CREATE PROCEDURE create_invoice(IN member VARCHAR(40), IN payment VARCHAR(40), IN total INT)
BEGIN
  INSERT IGNORE INTO invoices (member_id, payment_id, amount, issued_at)
  VALUES (member, payment, total, UTC_TIMESTAMP());
  SELECT invoice_number FROM invoices WHERE payment_id = payment;
END //
DELIMITER ;
