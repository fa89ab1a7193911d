-- What lay over a build's tree, first wins, and the commits of these trees. One id may be of several trees of a job: an overlay can
-- be another branch of the fork.
CREATE TABLE IF NOT EXISTS overlay_commits (
  job VARCHAR(64) NOT NULL,
  overlay VARCHAR(64) NOT NULL,
  id VARCHAR(40) NOT NULL,
  parent VARCHAR(40),
  author VARCHAR NOT NULL,
  email VARCHAR NOT NULL,
  committed_at BIGINT NOT NULL,
  message TEXT NOT NULL,
  changed_paths TEXT NOT NULL,
  PRIMARY KEY (job, overlay, id)
);

CREATE TABLE IF NOT EXISTS build_overlays (
  build BIGINT NOT NULL,
  position INTEGER NOT NULL,
  overlay VARCHAR(64) NOT NULL,
  commit_id VARCHAR(40) NOT NULL,
  PRIMARY KEY (build, position),
  FOREIGN KEY (build) REFERENCES builds (number) ON DELETE CASCADE
);
