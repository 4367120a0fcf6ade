DELIMITER //
CREATE FUNCTION plan_price(wanted VARCHAR(20), member VARCHAR(40)) RETURNS INT
READS SQL DATA
BEGIN
  DECLARE amount INT;
  SELECT price INTO amount FROM plans WHERE plan = wanted;
  IF member_score(member) > 500 THEN
    SET amount = FLOOR(amount * 0.9);
  END IF;
  RETURN COALESCE(amount, 0);
END //
DELIMITER ;
