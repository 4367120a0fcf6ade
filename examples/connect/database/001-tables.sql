CREATE TABLE members (
  member_id VARCHAR(40) PRIMARY KEY,
  display_name VARCHAR(60) NOT NULL,
  email VARCHAR(254),
  status ENUM('invited', 'active', 'deleted') NOT NULL DEFAULT 'invited',
  synced_at DATETIME NOT NULL,
  UNIQUE KEY by_email (email)
);

CREATE TABLE meetups (
  meetup_id VARCHAR(40) PRIMARY KEY,
  group_id VARCHAR(40) NOT NULL,
  organizer_id VARCHAR(40) NOT NULL,
  title VARCHAR(120) NOT NULL,
  about TEXT,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  venue VARCHAR(200),
  latitude DECIMAL(9, 6),
  longitude DECIMAL(9, 6),
  places INT NOT NULL DEFAULT 50,
  status ENUM('planned', 'cancelled', 'over') NOT NULL DEFAULT 'planned',
  cancel_reason VARCHAR(200),
  reminded_at DATETIME,
  KEY by_group (group_id, starts_at)
);

CREATE TABLE attendances (
  meetup_id VARCHAR(40) NOT NULL,
  member_id VARCHAR(40) NOT NULL,
  state ENUM('going', 'waiting', 'declined') NOT NULL,
  answered_at DATETIME(3) NOT NULL,
  PRIMARY KEY (meetup_id, member_id),
  FOREIGN KEY (meetup_id) REFERENCES meetups (meetup_id)
);

CREATE TABLE ratings (
  meetup_id VARCHAR(40) NOT NULL,
  member_id VARCHAR(40) NOT NULL,
  stars TINYINT NOT NULL,
  remark VARCHAR(500),
  rated_at DATETIME NOT NULL,
  PRIMARY KEY (meetup_id, member_id)
);

CREATE TABLE announcements (
  announcement_id VARCHAR(40) PRIMARY KEY,
  group_id VARCHAR(40) NOT NULL,
  author_id VARCHAR(40) NOT NULL,
  title VARCHAR(120) NOT NULL,
  body TEXT NOT NULL,
  posted_at DATETIME NOT NULL,
  KEY by_group (group_id, posted_at)
);

CREATE TABLE group_weeks (
  group_id VARCHAR(40) NOT NULL,
  week CHAR(8) NOT NULL,
  joined INT NOT NULL DEFAULT 0,
  departed INT NOT NULL DEFAULT 0,
  attendances INT NOT NULL DEFAULT 0,
  PRIMARY KEY (group_id, week)
);

CREATE TABLE plans (
  plan VARCHAR(20) PRIMARY KEY,
  price INT NOT NULL,
  currency CHAR(3) NOT NULL DEFAULT 'EUR'
);

CREATE TABLE invoices (
  invoice_number BIGINT AUTO_INCREMENT PRIMARY KEY,
  member_id VARCHAR(40) NOT NULL,
  payment_id VARCHAR(40) NOT NULL,
  amount INT NOT NULL,
  issued_at DATETIME NOT NULL,
  UNIQUE KEY by_payment (payment_id)
);
