DO $$ DECLARE missing text; BEGIN
  SELECT string_agg(name, ', ') INTO missing FROM unnest(string_to_array('citext,pgcrypto', ',')) AS name WHERE name NOT IN (SELECT name FROM pg_available_extensions);
  IF missing IS NOT NULL THEN RAISE EXCEPTION 'apprun:postgres.extensions: the server has no %; allowed: extensions of pg_available_extensions; remove them or install them on the server', missing; END IF;
END $$;
DO $$ DECLARE aside text; BEGIN SELECT string_agg(name, ', ') INTO aside FROM (VALUES ('apprun'), ('kratos'), ('temporal'), ('temporal_visibility'), ('reports'), ('cleanup')) AS wanted (name) WHERE name NOT IN (SELECT datname FROM pg_database) AND name || '__before' IN (SELECT datname FROM pg_database); IF aside IS NOT NULL THEN RAISE EXCEPTION 'database %: a restore that was interrupted has set it aside; allowed: one that is in its place; put it back with: npm run restore -- --undo', aside; END IF; END $$;
SELECT 'CREATE ROLE "apprun"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'apprun') \gexec
SELECT 'ALTER ROLE "apprun" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'apprun' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "apprun" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 65;
\password "apprun"
COMMENT ON ROLE "apprun" IS 'apprun stack apprun/prod';
ALTER ROLE "apprun" RESET ALL;
ALTER ROLE "apprun" SET statement_timeout = '60000';
ALTER ROLE "apprun" SET idle_in_transaction_session_timeout = '60000';
GRANT "apprun" TO CURRENT_USER;
SELECT 'CREATE DATABASE "apprun" OWNER "apprun"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'apprun') \gexec
ALTER DATABASE "apprun" OWNER TO "apprun";
REVOKE ALL ON DATABASE "apprun" FROM PUBLIC;
GRANT ALL ON DATABASE "apprun" TO "apprun";
SELECT 'CREATE ROLE "kratos"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kratos') \gexec
SELECT 'ALTER ROLE "kratos" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'kratos' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "kratos" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 16;
\password "kratos"
COMMENT ON ROLE "kratos" IS 'apprun stack apprun/prod';
ALTER ROLE "kratos" RESET ALL;
ALTER ROLE "kratos" SET statement_timeout = '900000';
ALTER ROLE "kratos" SET idle_in_transaction_session_timeout = '300000';
GRANT "kratos" TO CURRENT_USER;
SELECT 'CREATE DATABASE "kratos" OWNER "kratos"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'kratos') \gexec
ALTER DATABASE "kratos" OWNER TO "kratos";
REVOKE ALL ON DATABASE "kratos" FROM PUBLIC;
GRANT ALL ON DATABASE "kratos" TO "kratos";
SELECT 'CREATE ROLE "temporal"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'temporal') \gexec
SELECT 'ALTER ROLE "temporal" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'temporal' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "temporal" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 60;
\password "temporal"
COMMENT ON ROLE "temporal" IS 'apprun stack apprun/prod';
ALTER ROLE "temporal" RESET ALL;
ALTER ROLE "temporal" SET statement_timeout = '900000';
ALTER ROLE "temporal" SET idle_in_transaction_session_timeout = '300000';
GRANT "temporal" TO CURRENT_USER;
SELECT 'CREATE DATABASE "temporal" OWNER "temporal"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'temporal') \gexec
ALTER DATABASE "temporal" OWNER TO "temporal";
REVOKE ALL ON DATABASE "temporal" FROM PUBLIC;
GRANT ALL ON DATABASE "temporal" TO "temporal";
GRANT "temporal" TO CURRENT_USER;
SELECT 'CREATE DATABASE "temporal_visibility" OWNER "temporal"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'temporal_visibility') \gexec
ALTER DATABASE "temporal_visibility" OWNER TO "temporal";
REVOKE ALL ON DATABASE "temporal_visibility" FROM PUBLIC;
GRANT ALL ON DATABASE "temporal_visibility" TO "temporal";
SELECT 'CREATE ROLE "reports"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'reports') \gexec
SELECT 'ALTER ROLE "reports" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'reports' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "reports" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
\password "reports"
COMMENT ON ROLE "reports" IS 'apprun stack apprun/prod';
ALTER ROLE "reports" RESET ALL;
ALTER ROLE "reports" SET statement_timeout = '60000';
ALTER ROLE "reports" SET idle_in_transaction_session_timeout = '60000';
GRANT "reports" TO CURRENT_USER;
SELECT 'CREATE DATABASE "reports" OWNER "reports"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'reports') \gexec
ALTER DATABASE "reports" OWNER TO "reports";
REVOKE ALL ON DATABASE "reports" FROM PUBLIC;
GRANT ALL ON DATABASE "reports" TO "reports";
SELECT 'CREATE ROLE "cleanup"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cleanup') \gexec
SELECT 'ALTER ROLE "cleanup" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'cleanup' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "cleanup" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
\password "cleanup"
COMMENT ON ROLE "cleanup" IS 'apprun stack apprun/prod';
ALTER ROLE "cleanup" RESET ALL;
ALTER ROLE "cleanup" SET statement_timeout = '60000';
ALTER ROLE "cleanup" SET idle_in_transaction_session_timeout = '60000';
GRANT "cleanup" TO CURRENT_USER;
SELECT 'CREATE DATABASE "cleanup" OWNER "cleanup"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cleanup') \gexec
ALTER DATABASE "cleanup" OWNER TO "cleanup";
REVOKE ALL ON DATABASE "cleanup" FROM PUBLIC;
GRANT ALL ON DATABASE "cleanup" TO "cleanup";
SELECT 'CREATE ROLE "backup"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'backup') \gexec
SELECT 'ALTER ROLE "backup" NOSUPERUSER REPLICATION BYPASSRLS' FROM pg_roles WHERE rolname = 'backup' AND (rolsuper OR rolreplication IS DISTINCT FROM true OR rolbypassrls IS DISTINCT FROM true) \gexec
ALTER ROLE "backup" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
\password "backup"
COMMENT ON ROLE "backup" IS 'apprun stack apprun/prod';
ALTER ROLE "backup" RESET ALL;
ALTER ROLE "backup" SET lo_compat_privileges = 'on';
SELECT 'CREATE ROLE "monitoring"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'monitoring') \gexec
SELECT 'ALTER ROLE "monitoring" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'monitoring' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "monitoring" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 10;
\password "monitoring"
COMMENT ON ROLE "monitoring" IS 'apprun stack apprun/prod';
ALTER ROLE "monitoring" RESET ALL;
ALTER ROLE "monitoring" SET statement_timeout = '30000';
ALTER ROLE "monitoring" SET idle_in_transaction_session_timeout = '60000';
SELECT 'CREATE ROLE "replicator"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator') \gexec
SELECT 'ALTER ROLE "replicator" NOSUPERUSER REPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'replicator' AND (rolsuper OR rolreplication IS DISTINCT FROM true OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "replicator" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
\password "replicator"
COMMENT ON ROLE "replicator" IS 'apprun stack apprun/prod';
ALTER ROLE "replicator" RESET ALL;
SELECT 'CREATE ROLE "grafana"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grafana') \gexec
SELECT 'ALTER ROLE "grafana" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'grafana' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "grafana" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 5;
\password "grafana"
COMMENT ON ROLE "grafana" IS 'apprun stack apprun/prod';
ALTER ROLE "grafana" RESET ALL;
ALTER ROLE "grafana" SET statement_timeout = '30000';
ALTER ROLE "grafana" SET idle_in_transaction_session_timeout = '60000';
ALTER ROLE "grafana" SET default_transaction_read_only = 'on';
SELECT 'CREATE ROLE "anon"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'anon') \gexec
SELECT 'ALTER ROLE "anon" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'anon' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "anon" WITH NOLOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20;
ALTER ROLE "anon" PASSWORD NULL;
COMMENT ON ROLE "anon" IS 'apprun stack apprun/prod';
ALTER ROLE "anon" RESET ALL;
ALTER ROLE "anon" SET statement_timeout = '3000';
ALTER ROLE "anon" SET idle_in_transaction_session_timeout = '60000';
SELECT 'CREATE ROLE "authenticated"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'authenticated') \gexec
SELECT 'ALTER ROLE "authenticated" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'authenticated' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "authenticated" WITH NOLOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20;
ALTER ROLE "authenticated" PASSWORD NULL;
COMMENT ON ROLE "authenticated" IS 'apprun stack apprun/prod';
ALTER ROLE "authenticated" RESET ALL;
ALTER ROLE "authenticated" SET statement_timeout = '8000';
ALTER ROLE "authenticated" SET idle_in_transaction_session_timeout = '60000';
SELECT 'CREATE ROLE "authenticator"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'authenticator') \gexec
SELECT 'ALTER ROLE "authenticator" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'authenticator' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "authenticator" WITH LOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 53;
\password "authenticator"
COMMENT ON ROLE "authenticator" IS 'apprun stack apprun/prod';
ALTER ROLE "authenticator" RESET ALL;
ALTER ROLE "authenticator" SET statement_timeout = '60000';
ALTER ROLE "authenticator" SET idle_in_transaction_session_timeout = '60000';
SELECT 'CREATE ROLE "worker"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'worker') \gexec
SELECT 'ALTER ROLE "worker" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'worker' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \gexec
ALTER ROLE "worker" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20;
\password "worker"
COMMENT ON ROLE "worker" IS 'apprun stack apprun/prod';
ALTER ROLE "worker" RESET ALL;
ALTER ROLE "worker" SET statement_timeout = '60000';
ALTER ROLE "worker" SET idle_in_transaction_session_timeout = '60000';
ALTER ROLE "worker" SET role = 'apprun';
GRANT "pg_read_all_data" TO "backup";
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO "backup";
GRANT CONNECT ON DATABASE "apprun" TO "backup";
GRANT CONNECT ON DATABASE "kratos" TO "backup";
GRANT CONNECT ON DATABASE "temporal" TO "backup";
GRANT CONNECT ON DATABASE "temporal_visibility" TO "backup";
GRANT CONNECT ON DATABASE "reports" TO "backup";
GRANT CONNECT ON DATABASE "cleanup" TO "backup";
GRANT "pg_monitor" TO "monitoring";
GRANT CONNECT ON DATABASE "apprun" TO "grafana";
GRANT CONNECT ON DATABASE "apprun" TO "anon";
GRANT CONNECT ON DATABASE "apprun" TO "authenticated";
GRANT "anon" TO "authenticator";
GRANT "authenticated" TO "authenticator";
GRANT CONNECT ON DATABASE "apprun" TO "authenticator";
GRANT "apprun" TO "worker";
GRANT CONNECT ON DATABASE "apprun" TO "worker";
\connect "apprun"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO "apprun";
CREATE EXTENSION IF NOT EXISTS "pgcrypto" SCHEMA public;
CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA public;
GRANT USAGE ON SCHEMA public TO "grafana";
GRANT SELECT ON ALL TABLES IN SCHEMA public TO "grafana";
ALTER DEFAULT PRIVILEGES FOR ROLE "apprun" IN SCHEMA public GRANT SELECT ON TABLES TO "grafana";
GRANT USAGE ON SCHEMA public TO "anon";
GRANT USAGE ON SCHEMA public TO "authenticated";
GRANT USAGE ON SCHEMA public TO "authenticator";
GRANT USAGE ON SCHEMA public TO "worker";
\connect "kratos"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO "kratos";
\connect "temporal"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO "temporal";
\connect "temporal_visibility"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO "temporal";
\connect "reports"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO "reports";
CREATE EXTENSION IF NOT EXISTS "pgcrypto" SCHEMA public;
\connect "cleanup"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO "cleanup";
SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname) FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = 'apprun stack apprun/prod' AND rolname NOT IN ('apprun', 'kratos', 'temporal', 'reports', 'cleanup', 'backup', 'monitoring', 'replicator', 'grafana', 'anon', 'authenticated', 'authenticator', 'worker') \gexec
DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN (SELECT rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = 'apprun stack apprun/prod' AND rolname NOT IN ('apprun', 'kratos', 'temporal', 'reports', 'cleanup', 'backup', 'monitoring', 'replicator', 'grafana', 'anon', 'authenticated', 'authenticator', 'worker')) AND pg_has_role(usesysid, 'MEMBER'); END $$;
