DELIMITER //
CREATE PROCEDURE close_week(IN label CHAR(8))
BEGIN
  INSERT INTO group_weeks (group_id, week, attendances)
  SELECT m.group_id, label, COUNT(*)
  FROM meetups m JOIN attendances a ON a.meetup_id = m.meetup_id
  WHERE a.state = 'going' AND week_label(DATE(m.starts_at)) = label
  GROUP BY m.group_id
  ON DUPLICATE KEY UPDATE attendances = VALUES(attendances);
  UPDATE meetups SET status = 'over' WHERE status = 'planned' AND ends_at < UTC_TIMESTAMP();
END //
DELIMITER ;
