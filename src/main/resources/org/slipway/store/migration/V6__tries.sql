-- Attempts that failed and were not the last: a JSON list of "4 FETCH FETCH message", that is how many attempts there would be
-- if all failed so, the class, the phase and a sentence. retry_at is when the next one is due, while it waits.
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS tries TEXT NOT NULL DEFAULT '[]';
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS retry_at BIGINT;
