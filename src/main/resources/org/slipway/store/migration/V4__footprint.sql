-- What a build used, and the line of its log that tells why it failed. NULL where nobody could tell.
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS cpu_millis BIGINT;
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS peak_memory_bytes BIGINT;
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS disk_bytes BIGINT;
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS log_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS quote_line BIGINT;
ALTER TABLE build_packages ADD COLUMN IF NOT EXISTS quote VARCHAR;

-- The same of a package, for plans to come.
ALTER TABLE packages ADD COLUMN IF NOT EXISTS cpu_millis BIGINT;
ALTER TABLE packages ADD COLUMN IF NOT EXISTS peak_memory_bytes BIGINT;

-- Older names. phases is "FETCH 120 EXTRACT 40", from here on also "FETCH 120,80,1048576": milliseconds, those of CPU, peak bytes.
UPDATE build_packages SET failure = 'DEPENDENCY' WHERE failure = 'DEPENDS';
UPDATE build_packages SET phase = 'PKG_DEPENDS' WHERE phase = 'DEPENDS';
UPDATE build_packages SET phases = TRIM(REPLACE(' ' || phases, ' DEPENDS ', ' PKG_DEPENDS ')) WHERE phases LIKE '%DEPENDS %';
