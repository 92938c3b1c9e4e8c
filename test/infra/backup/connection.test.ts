import { describe, expect, test } from '@jest/globals';
import { parseConnection } from '../../../src/infra/backup/connection.js';

const common = { PGCONNECT_TIMEOUT: '30', PGAPPNAME: 'ostack-backup' };

describe('The address of a database', () => {
  test.each<[string, Record<string, string>]>([
    [
      'postgresql://ops:p%40ss%25@db.acme.dev:25060/shop?sslmode=verify-full&sslrootcert=/ca.pem',
      {
        PGHOST: 'db.acme.dev',
        PGPORT: '25060',
        PGUSER: 'ops',
        PGPASSWORD: 'p@ss%',
        PGDATABASE: 'shop',
        PGSSLMODE: 'verify-full',
        PGSSLROOTCERT: '/ca.pem',
      },
    ],
    ['postgres://db.acme.dev/shop', { PGHOST: 'db.acme.dev', PGDATABASE: 'shop', PGSSLMODE: 'require' }],
    ['postgres://u@localhost:5433/shop', { PGHOST: 'localhost', PGPORT: '5433', PGUSER: 'u', PGDATABASE: 'shop' }],
    ['postgres://[::1]/shop', { PGHOST: '::1', PGDATABASE: 'shop' }],
    ['postgres://[2001:db8::1]/shop', { PGHOST: '2001:db8::1', PGDATABASE: 'shop', PGSSLMODE: 'require' }],
    ['postgres:///shop?host=/run/postgresql&user=u', { PGHOST: '/run/postgresql', PGUSER: 'u', PGDATABASE: 'shop' }],
    [
      'postgres://db/my%20shop?connect_timeout=5',
      { PGHOST: 'db', PGDATABASE: 'my shop', PGSSLMODE: 'require', PGCONNECT_TIMEOUT: '5' },
    ],
    ['postgres://db/shop?sslmode=disable', { PGHOST: 'db', PGDATABASE: 'shop', PGSSLMODE: 'disable' }],
  ])('%s is read', (text, variables) => {
    expect(parseConnection(text)).toEqual({ ...common, ...variables });
  });

  test.each([
    ['', 'is none: expected postgresql://'],
    ['mysql://u:secret@db/shop', 'is none: expected postgresql://'],
    ['postgres://u:secret@db', 'has no database'],
    ['postgres:///shop', 'has no host'],
    ['postgres://u:secret@db/shop?sslmod=require', 'has the parameter "sslmod", expected one of host, port'],
    ['postgres://u:sec%ret@db/shop', 'has a % that is no encoding'],
  ])('%j is none, which is said without the password', (text, message) => {
    const show = () => {
      try {
        return JSON.stringify(parseConnection(text));
      } catch (error) {
        return String(error);
      }
    };
    expect(show()).toContain(message);
    expect(show()).not.toMatch(/secret|sec%ret/);
  });
});
