DELIMITER //
CREATE PROCEDURE sync_member(IN wanted VARCHAR(40), IN name VARCHAR(60), IN address VARCHAR(254), IN state VARCHAR(10))
BEGIN
  INSERT INTO members (member_id, display_name, email, status, synced_at)
  VALUES (wanted, name, address, state, UTC_TIMESTAMP())
  ON DUPLICATE KEY UPDATE
    display_name = VALUES(display_name), email = VALUES(email), status = VALUES(status), synced_at = VALUES(synced_at);
END //
DELIMITER ;
