import * as v from 'valibot';
import type { PsqlSession } from './psql-session.js';

const rowSchema = v.tuple([v.string(), v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))]);
/** What a database holds: rows of each table, and the roles that its rights name. */
export const contentSchema = v.object({ tables: v.array(rowSchema), roles: v.array(v.string()) });

export type Content = v.InferOutput<typeof contentSchema>;

/** Rows of each ordinary table (a partition is one) that is nobody's extension and not temporary, as JSON lines. */
const COUNT = `SELECT format('SELECT json_build_array(%L, %L, count(*)) FROM ONLY %I.%I', n.nspname, c.relname, n.nspname, c.relname)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname \\gexec`;
const ROLES = "SELECT to_json(rolname) FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname;";

/** Counts, in the transaction of the session. */
export async function countContent(session: PsqlSession): Promise<Content> {
  const tables = (await session.ask(COUNT)).map((line) => v.parse(rowSchema, JSON.parse(line)));
  const roles = (await session.ask(ROLES)).map((line) => v.parse(v.string(), JSON.parse(line)));
  return { tables, roles };
}

/** Rows of all tables. */
export function rowsOf({ tables }: Content): number {
  return tables.reduce((sum, [, , rows]) => sum + rows, 0);
}

/** What a restored database has otherwise than the one that was dumped: a sentence for each table. */
export function differences(dumped: Content, restored: Content): string[] {
  const nameOf = ([schema, table]: Content['tables'][number]) => `${schema}.${table}`;
  const there = new Map(restored.tables.map((row) => [nameOf(row), row[2]]));
  const expected = new Map(dumped.tables.map((row) => [nameOf(row), row[2]]));
  const fewer = [...expected].flatMap(([name, rows]) => {
    const found = there.get(name);
    return found === rows ? [] : [`${name}: ${found === undefined ? 'no table' : found}, expected ${rows} rows`];
  });
  const more = [...there.keys()].filter((name) => !expected.has(name)).map((name) => `${name}: expected no table`);
  return [...fewer, ...more];
}
