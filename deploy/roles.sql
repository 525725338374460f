-- Least privilege on Postgres. Run once as the owner of the database, after `nianbao status` has made the schema,
-- and again after every upgrade of nianbao (it says so in the changelog where a migration adds tables):
--     psql -v ON_ERROR_STOP=1 -f deploy/roles.sql nianbao
--     ALTER ROLE nianbao_crawler LOGIN PASSWORD '…'; ALTER ROLE nianbao_reader LOGIN PASSWORD '…';
-- The owner alone changes the schema; a crawler keeps captures and readings and removes no capture; a reader
-- sees everything and changes nothing.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'nianbao_crawler') THEN
        CREATE ROLE nianbao_crawler NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'nianbao_reader') THEN
        CREATE ROLE nianbao_reader NOLOGIN;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO nianbao_crawler, nianbao_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO nianbao_crawler, nianbao_reader;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO nianbao_crawler;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO nianbao_crawler;

-- What was fetched and what was read of it is never removed, nor its history rewritten.
REVOKE UPDATE, DELETE ON capture_rows, payloads, dictionaries, addresses, requests, heads FROM nianbao_crawler;
REVOKE DELETE ON runs, readings, reading_cells, reading_places, reading_checks, reading_sections,
    reading_leftovers, reading_findings, reading_grids FROM nianbao_crawler;
REVOKE UPDATE ON reading_cells, reading_places, reading_checks, reading_sections, reading_leftovers,
    reading_findings, reading_grids FROM nianbao_crawler;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM nianbao_crawler;
