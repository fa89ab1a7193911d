-- Paths of ELF files that are not for the package's target, each with what it is: a JSON object.
ALTER TABLE packages ADD COLUMN IF NOT EXISTS foreign_binaries TEXT NOT NULL DEFAULT '{}';
