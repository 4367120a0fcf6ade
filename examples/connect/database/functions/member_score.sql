DELIMITER //
CREATE FUNCTION member_score(wanted VARCHAR(40)) RETURNS INT
READS SQL DATA
BEGIN
  DECLARE visits INT;
  DECLARE given INT;
  SELECT COUNT(*) INTO visits FROM attendances WHERE member_id = wanted AND state = 'going';
  SELECT COUNT(*) INTO given FROM ratings WHERE member_id = wanted;
  RETURN visits * 10 + given * 3;
END //
DELIMITER ;
