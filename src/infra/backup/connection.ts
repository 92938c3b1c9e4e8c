/** The variables that PostgreSQL's programs read a connection from, by the parameter of an address. */
const VARIABLES: Record<string, string> = {
  host: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  channel_binding: 'PGCHANNELBINDING',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  gssencmode: 'PGGSSENCMODE',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
};
const EXAMPLE = 'postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=require';

/** A connection to one database, as the environment of PostgreSQL's programs: no other program sees the password there. */
export type Connection = Record<string, string> & { PGDATABASE: string };

/**
 * Reads the address of a database. To another machine the connection is encrypted, unless the address says otherwise.
 *
 * @param text `postgresql://…`
 * @throws Error saying what is wrong, with nothing of the address but names of parameters
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parseConnection(text: string): Connection {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new Error(`The address of the database is none: expected ${EXAMPLE}.`);
  }
  const given = new Map<string, string>(
    [
      ['host', url.hostname.replace(/^\[|\]$/g, '')],
      ['port', url.port],
      ['user', url.username],
      ['password', url.password],
      ['dbname', url.pathname.slice(1)],
    ].map(([name = '', value = '']) => [name, decoded(value)]),
  );
  for (const [name, value] of url.searchParams) {
    if (VARIABLES[name] === undefined) {
      throw new Error(
        `The address of the database has the parameter ${JSON.stringify(name)}, expected one of ${Object.keys(VARIABLES).join(', ')}.`,
      );
    }
    given.set(name, value);
  }
  const [host = '', database = ''] = [given.get('host'), given.get('dbname')];
  if (host === '' || database === '') {
    throw new Error(`The address of the database has no ${host === '' ? 'host' : 'database'}: expected ${EXAMPLE}.`);
  }
  if (!given.has('sslmode') && !isHere(host)) {
    given.set('sslmode', 'require');
  }
  const variables = [...given]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [VARIABLES[name] ?? '', value]);
  return {
    PGCONNECT_TIMEOUT: '30',
    PGAPPNAME: 'ostack-backup',
    ...Object.fromEntries(variables),
    PGDATABASE: database,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error(
      `The address of the database has a % that is no encoding: in a password it is written %25. Expected ${EXAMPLE}.`,
    );
  }
}

function isHere(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
