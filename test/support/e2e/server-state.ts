/** SQL that tells all roles of a server, one a line, with what the stack says of them. */
export const ROLES = `SELECT format('%s login=%s inherits=%s limit=%s flags=%s settings=%s groups=%s', rolname, rolcanlogin, rolinherit, rolconnlimit,
    concat(rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls),
    (SELECT string_agg(one, ',' ORDER BY one) FROM unnest(rolconfig) AS one),
    (SELECT string_agg(DISTINCT pg_get_userbyid(roleid)::text, ',') FROM pg_auth_members WHERE member = pg_roles.oid))
  FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)' ORDER BY rolname`;

/** SQL that tells who owns each database and may do what with it. */
export const DATABASES = `SELECT format('%s owner=%s %s', datname, pg_get_userbyid(datdba), (SELECT string_agg(format('%s:%s', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM aclexplode(datacl)))
  FROM pg_database WHERE datname !~ '^(postgres|template)' ORDER BY datname`;

/** SQL that tells the same of the schema public of one database, its tables, those to come, and its extensions. */
export const INSIDE = `SELECT 'schema ' || string_agg(format('%s:%s', CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END, privilege_type), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'public'
  UNION ALL SELECT 'table ' || relname || ' ' || coalesce((SELECT string_agg(format('%s:%s', pg_get_userbyid(grantee), privilege_type), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM aclexplode(relacl) WHERE grantee <> relowner), '') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  UNION ALL SELECT format('to come %s %s %s:%s', pg_get_userbyid(defaclrole), defaclobjtype, pg_get_userbyid(grantee), privilege_type) FROM pg_default_acl, aclexplode(defaclacl) WHERE grantee <> defaclrole
  UNION ALL SELECT 'extension ' || extname FROM pg_extension WHERE extname <> 'plpgsql'
  ORDER BY 1`;
