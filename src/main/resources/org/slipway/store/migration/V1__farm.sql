-- Commits, builds, their packages, and what the package store holds. Read by H2 (MODE=PostgreSQL) and PostgreSQL alike.
-- Instants are milliseconds since 1970 in UTC, durations milliseconds. H2 commits each statement of a migration by itself,
-- so every one must stand being run again after a kill.

CREATE TABLE IF NOT EXISTS counters (
  name VARCHAR(32) NOT NULL PRIMARY KEY,
  current_number BIGINT NOT NULL
);

INSERT INTO counters (name, current_number)
SELECT 'build', 0 WHERE NOT EXISTS (SELECT 1 FROM counters WHERE name = 'build');

CREATE TABLE IF NOT EXISTS commits (
  job VARCHAR(64) NOT NULL,
  id VARCHAR(40) NOT NULL,
  position BIGINT NOT NULL,
  parent VARCHAR(40),
  author VARCHAR NOT NULL,
  email VARCHAR NOT NULL,
  committed_at BIGINT NOT NULL,
  message TEXT NOT NULL,
  changed_paths TEXT NOT NULL,
  PRIMARY KEY (job, id)
);

CREATE INDEX IF NOT EXISTS commits_by_position ON commits (job, position);

-- counts is written once, when the build ends.
CREATE TABLE IF NOT EXISTS builds (
  number BIGINT NOT NULL PRIMARY KEY,
  job VARCHAR(64) NOT NULL,
  commit_id VARCHAR(40) NOT NULL,
  state VARCHAR(16) NOT NULL,
  created_at BIGINT NOT NULL,
  started_at BIGINT,
  finished_at BIGINT,
  problem VARCHAR,
  snapshot VARCHAR(16),
  findings TEXT NOT NULL,
  counts VARCHAR(120),
  FOREIGN KEY (job, commit_id) REFERENCES commits (job, id)
);

CREATE INDEX IF NOT EXISTS builds_by_job ON builds (job, number);
CREATE INDEX IF NOT EXISTS builds_by_state ON builds (state, number);

-- What a build key gave. One key may give several archives where its builds are not reproducible; the newest counts.
CREATE TABLE IF NOT EXISTS packages (
  key_digest VARCHAR(64) NOT NULL,
  sum VARCHAR(64) NOT NULL,
  spec VARCHAR NOT NULL,
  key_parts TEXT NOT NULL,
  name VARCHAR NOT NULL,
  origin VARCHAR NOT NULL,
  abi VARCHAR NOT NULL,
  payload VARCHAR(64) NOT NULL,
  size_bytes BIGINT NOT NULL,
  flat_size_bytes BIGINT NOT NULL,
  shlibs_provided TEXT NOT NULL,
  took_millis BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (key_digest, sum)
);

-- waits_for is specs between blanks, phases is "FETCH 120 EXTRACT 40": read for every row of every page, so no JSON.
CREATE TABLE IF NOT EXISTS build_packages (
  build BIGINT NOT NULL,
  spec VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  state VARCHAR(16) NOT NULL,
  reason VARCHAR NOT NULL,
  comment VARCHAR NOT NULL,
  maintainer VARCHAR NOT NULL,
  waits_for VARCHAR NOT NULL,
  expected_millis BIGINT NOT NULL,
  critical_millis BIGINT NOT NULL,
  attempt INTEGER NOT NULL,
  slot INTEGER,
  phase VARCHAR(32),
  phase_started_at BIGINT,
  started_at BIGINT,
  finished_at BIGINT,
  phases VARCHAR NOT NULL,
  key_digest VARCHAR(64),
  sum VARCHAR(64),
  failure VARCHAR(32),
  message VARCHAR,
  PRIMARY KEY (build, spec),
  FOREIGN KEY (build) REFERENCES builds (number) ON DELETE CASCADE
);

CREATE INDEX IF NOT EXISTS build_packages_by_spec ON build_packages (spec, build);
