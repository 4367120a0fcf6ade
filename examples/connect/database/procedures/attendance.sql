DELIMITER //
CREATE PROCEDURE answer_invitation(IN wanted VARCHAR(40), IN member VARCHAR(40), IN answer VARCHAR(10))
BEGIN
  DECLARE free INT;
  START TRANSACTION;
  SELECT m.places - COUNT(a.member_id) INTO free
  FROM meetups m
  LEFT JOIN attendances a ON a.meetup_id = m.meetup_id AND a.state = 'going' AND a.member_id <> member
  WHERE m.meetup_id = wanted
  GROUP BY m.meetup_id, m.places
  FOR UPDATE;
  INSERT INTO attendances (meetup_id, member_id, state, answered_at)
  VALUES (wanted, member, IF(answer = 'going' AND free < 1, 'waiting', answer), UTC_TIMESTAMP(3))
  ON DUPLICATE KEY UPDATE state = VALUES(state), answered_at = VALUES(answered_at);
  COMMIT;
  SELECT state FROM attendances WHERE meetup_id = wanted AND member_id = member;
END //

CREATE PROCEDURE release_places(IN member VARCHAR(40))
BEGIN
  CREATE TEMPORARY TABLE released AS
    SELECT a.meetup_id FROM attendances a
    JOIN meetups m ON m.meetup_id = a.meetup_id
    WHERE a.member_id = member AND a.state = 'going' AND m.starts_at > UTC_TIMESTAMP();
  DELETE FROM attendances WHERE member_id = member;
  CREATE TEMPORARY TABLE moved AS
    SELECT a.meetup_id, MIN(a.member_id) AS member_id FROM attendances a
    JOIN released r ON r.meetup_id = a.meetup_id
    WHERE a.state = 'waiting'
    GROUP BY a.meetup_id;
  UPDATE attendances a JOIN moved n ON n.meetup_id = a.meetup_id AND n.member_id = a.member_id
  SET a.state = 'going';
  SELECT meetup_id, member_id FROM moved;
END //

CREATE PROCEDURE rate_meetup(IN wanted VARCHAR(40), IN member VARCHAR(40), IN given TINYINT, IN words VARCHAR(500))
BEGIN
  IF EXISTS (SELECT 1 FROM attendances WHERE meetup_id = wanted AND member_id = member AND state = 'going') THEN
    REPLACE INTO ratings (meetup_id, member_id, stars, remark, rated_at)
    VALUES (wanted, member, given, words, UTC_TIMESTAMP());
  END IF;
  SELECT AVG(stars) AS average, COUNT(*) AS ratings FROM ratings WHERE meetup_id = wanted;
END //
DELIMITER ;
