import { describe, expect, test } from '@jest/globals';
import { environmentPolicy, readPolicy } from '../../../src/ops/policy/policy.js';

const HOUR = 3_600_000;

describe('the policy of an ops repository', () => {
  test('is read with its defaults, environments in the order versions move through them', () => {
    const policy = readPolicy(`# yaml-language-server: $schema=x
environments:
  production: { after: [staging, load], soak: 1d12h, freeze: [{ cron: "0 16 * * FRI", for: 64h, timezone: Europe/Berlin }], approvers: [acme/leads], approvals: 1 }
  load: { after: staging }
  staging: { cd: true }
  sandbox:
overlay: clusters/{environment}/{app}
previews: { host: staging, ttl: 30m, url: "https://{app}.{name}.preview.acme.dev", reconciler: flux }
`);
    expect(policy).toEqual({
      carriers: [],
      free: [],
      paths: [],
      environments: [
        { name: 'staging', after: [], soakMs: 0, cd: true, freeze: [], approvers: [], approvals: 1 },
        { name: 'load', after: ['staging'], soakMs: 0, cd: false, freeze: [], approvers: [], approvals: 1 },
        {
          name: 'production',
          after: ['staging', 'load'],
          soakMs: 36 * HOUR,
          cd: false,
          freeze: [{ cron: '0 16 * * FRI', forMs: 64 * HOUR, timezone: 'Europe/Berlin' }],
          approvers: ['acme/leads'],
          approvals: 1,
        },
        { name: 'sandbox', after: [], soakMs: 0, cd: false, freeze: [], approvers: [], approvals: 1 },
      ],
      overlays: ['clusters/{environment}/{app}'],
      apps: new Map(),
      workspace: undefined,
      guests: [],
      previews: {
        branch: 'ostack/previews',
        host: 'staging',
        kinds: new Map(),
        limit: 20,
        podSecurity: 'restricted',
        ttlMs: HOUR / 2,
        keepMs: 7 * 24 * HOUR,
        sleepAfterMs: undefined,
        url: 'https://{app}.{name}.preview.acme.dev',
        reconciler: 'flux',
        forks: false,
        others: true,
        apps: undefined,
        quota: { cpu: '4', memory: '8Gi', storage: '20Gi', pods: '50' },
        network: { ingress: expect.arrayContaining(['ingress-nginx', 'traefik']), egress: [] },
      },
    });
  });

  test('bounds previews as it says, or not at all', () => {
    const previews = (text: string) => readPolicy(`previews: { host: staging, ${text} }\n`).previews;
    expect(previews('quota: false, network: false, forks: labelled, others: false')).toMatchObject({
      quota: undefined,
      network: undefined,
      forks: 'labelled',
      others: false,
    });
    expect(
      previews(
        'pod-security: baseline, kinds: { Tenant.acme.dev: cluster }, quota: { cpu: 2 }, network: { ingress: [edge], egress: [10.0.0.0/8] }, apps: [shop]',
      ),
    ).toMatchObject({
      podSecurity: 'baseline',
      kinds: new Map([['Tenant.acme.dev', 'cluster']]),
      quota: { cpu: '2', memory: '8Gi', storage: '20Gi', pods: '50' },
      network: { ingress: ['edge'], egress: ['10.0.0.0/8'] },
      apps: ['shop'],
    });
  });

  test('is empty where there is no file or nothing in it', () => {
    expect(readPolicy(undefined)).toEqual({
      environments: [],
      overlays: [],
      apps: new Map(),
      carriers: [],
      free: [],
      paths: [],
      previews: undefined,
      guests: [],
    });
    expect(readPolicy('# later\n')).toEqual(readPolicy(undefined));
  });

  test('lets an environment it does not name merge nothing by itself', () => {
    expect(environmentPolicy(readPolicy(undefined), 'staging').cd).toBe(false);
  });

  test.each([
    [
      'environments:\n  staging: { cdd: true }\n',
      'ostack.yaml:2:14: environments.staging',
      'unknown key "cdd". Did you mean "cd"?',
    ],
    ['environment: {}\n', 'ostack.yaml:1:1', 'unknown key "environment". Did you mean "environments"?'],
    ['environments:\n  staging: { cd: "yes" }\n', 'ostack.yaml:2', 'expected true or false, found "yes"'],
    [
      'environments:\n  a: { soak: 2 hours }\n',
      'ostack.yaml:2',
      'expected a duration such as 30m, 2h or 3d, found "2 hours"',
    ],
    ['environments:\n  a: { ready: {} }\n', 'ostack.yaml:2', 'creators'],
    [
      'environments:\n  a: { ready: { creators: [] } }\n',
      'ostack.yaml:2',
      'expected who posts the statuses: a login, or that of an App as name[bot]',
    ],
    [
      'environments:\n  a: { ready: { creators: [acme/ops] } }\n',
      'ostack.yaml:2',
      'expected a login, or that of an App as name[bot], found "acme/ops"',
    ],
    [
      'environments:\n  a: { ready: { creators: [ci], from: statuses } }\n',
      'ostack.yaml:2',
      'expected the contexts that have to report: nothing else tells them.',
    ],
    [
      'environments:\n  a: { ready: { creators: [ci], contexts: ["*"] } }\n',
      'ostack.yaml:2',
      '"*" fits every status. Name what has to report.',
    ],
    [
      'environments:\n  a: { ready: { creators: [ci], probe: {} } }\n',
      'ostack.yaml:2',
      'expected "url" beside it, the address of an app there',
    ],
    [
      'environments:\n  a: { ready: { creators: [ci], url: "https://a.dev", probe: { version: "a b" } } }\n',
      'ostack.yaml:2',
      'expected the name of a response header such as x-version',
    ],
    [
      'environments:\n  a: { verify: { workflow: smoke.yml } }\n',
      'ostack.yaml:2',
      'expected "ready" beside it: without it nothing tells when a version is live',
    ],
    ['environments:\n  a: { on-failure: rollback }\n', 'ostack.yaml:2', 'expected "ready" beside it'],
    [
      'environments:\n  a: { ready: { creators: [ci] }, verify: { workflow: ../smoke.yml } }\n',
      'ostack.yaml:2',
      'expected a file in .github/workflows, such as smoke.yml, found "../smoke.yml"',
    ],
    ['environments:\n  a: {}\n  b: { after: aa }\n', 'ostack.yaml:3', 'there is no environment "aa".'],
    [
      'environments:\n  a: { after: c }\n  b: { after: a }\n  c: { after: b }\n',
      'ostack.yaml:',
      'a cycle: a after c after b after a. Remove one "after".',
    ],
    ['environments:\n  a: { after: a }\n', 'ostack.yaml:2', 'a cycle: a after a.'],
    [
      'environments:\n  a/b: {}\n',
      'ostack.yaml:2',
      `expected an environment's name of letters, digits, ".", "_" and "-", found "a/b"`,
    ],
    ['environments:\n  a: {}\npreviews: { host: b }\n', 'ostack.yaml:3', 'there is no environment "b".'],
    ['previews: { host: b, limit: -1 }\n', 'ostack.yaml:1', 'expected 0 or more'],
    ['previews: { host: b, forks: true }\n', 'ostack.yaml:1', 'expected false or labelled'],
    ['previews: { host: b, quota: { cpu: much } }\n', 'ostack.yaml:1', 'expected an amount such as 500m, 4 or 8Gi'],
    ['previews: { host: b, url: "https://{ap}.acme.dev" }\n', 'ostack.yaml:1', 'unknown placeholder "{ap}".'],
    ['previews: { host: b, url: "https://{app}.acme.dev" }\n', 'ostack.yaml:1', 'expected {name} in its host'],
    [
      'previews: { host: b, url: "https://acme.dev/{name}" }\n',
      'ostack.yaml:1',
      'expected an address with {app} and {name} in its host',
    ],
    [
      'overlay: ../{environment}\n',
      'ostack.yaml:1',
      'expected a folder or file inside the repository, without "." and "..", found "../{environment}"',
    ],
    ['overlay: overlays/{env}/{app}\n', 'ostack.yaml:1', 'unknown placeholder "{env}".'],
    ['overlay: a/{environment}\noverlays: ["b/{environment}"]\n', 'ostack.yaml:1', 'the short form of "overlays"'],
    ['overlays:\n  - a/{environment}\n  - b/{app}\n', 'ostack.yaml:3', 'expected {environment} once'],
    ['overlays: []\n', 'ostack.yaml:1', 'expected one pattern or more'],
    ['overlays: ["a/{environment}/v-*/{app}"]\n', 'ostack.yaml:1', 'expected "*" for a whole name'],
    ['overlays: ["a/{app}/x*/{environment}"]\n', 'ostack.yaml:1', 'expected "*" for a whole name'],
    [
      'overlays:\n  - a/{environment}\n  - a/{environment}/{app}\n',
      'ostack.yaml:3',
      '"a/{environment}/{app}" is inside of "a/{environment}"',
    ],
    ['overlay: a/{environment}\noverlay_: b\n', 'ostack.yaml:2', 'Did you mean "overlay"?'],
    ['apps:\n  web: { image: [a] }\n', 'ostack.yaml:2', 'Did you mean "images"?'],
    ['apps:\n  web: { overlay: "../x/{environment}" }\n', 'ostack.yaml:2', 'inside the repository'],
    ['apps:\n  web: { images: ["ghcr.io/acme/web:1.0"] }\n', 'ostack.yaml:2', 'without tag and digest'],
    ['apps:\n  web: { images: [a/b] }\n  api: { images: [a/b] }\n', 'ostack.yaml:3', 'a/b is an image of web already'],
    [
      'apps:\n  web: { overlay: "x/{environment}" }\n  api: { overlay: "x/{environment}" }\n',
      'ostack.yaml:3',
      'it is the overlay of web too',
    ],
    ['overlay: overlays/{app}\n', 'ostack.yaml:1', 'expected {environment} once, as in overlays/{environment}/{app}'],
    [
      'environments:\n  a:\n    freeze: [{ cron: "0 16 * *", for: 1h }]\n',
      'ostack.yaml:3',
      'expected five fields "minute hour day month weekday", found "0 16 * *"',
    ],
    [
      'environments:\n  a:\n    freeze: [{ cron: "0 16 * * FRI", for: 1h, timezone: Berlin }]\n',
      'ostack.yaml:3',
      'expected a time zone such as Europe/Berlin or UTC, found "Berlin"',
    ],
    ['environments: [staging]\n', 'ostack.yaml:1', 'expected a mapping of keys to values, found a list'],
  ])('%j is refused', (text, place, message) => {
    expect(() => readPolicy(text)).toThrow(message);
    expect(() => readPolicy(text)).toThrow(place);
  });
});

describe('files of nobody', () => {
  test('are freed and assigned by patterns', () => {
    const policy = readPolicy(
      'environments: { staging: {}, production: {} }\nfree: [tools/**]\npaths: { crds/**: [staging, production], seeds/**: staging }\n',
    );
    expect(policy.free).toEqual(['tools/**']);
    expect(policy.paths).toEqual([
      { pattern: 'crds/**', environments: ['staging', 'production'] },
      { pattern: 'seeds/**', environments: ['staging'] },
    ]);
  });

  test.each([
    ['a pattern of everything', 'free: ["**"]\n', 'ostack.yaml:1:8: free.0: "**" would be every file'],
    ['a pattern that leads out', 'free: [../x/**]\n', 'expected a pattern of paths in the repository'],
    [
      'an environment that is none',
      'environments: { staging: {} }\npaths: { crds/**: stagin }\n',
      'there is no environment "stagin". Did you mean "staging"?',
    ],
  ])('%s is refused', (_, text, message) => {
    expect(() => readPolicy(text)).toThrow(message);
  });
});

describe('a freeze', () => {
  test('is one time, too', () => {
    const text = 'environments: { a: { freeze: [{ from: "2026-12-24T18:00:00+01:00", to: "2026-12-27T00:00Z" }] } }\n';
    expect(environmentPolicy(readPolicy(text), 'a').freeze).toEqual([
      { from: new Date('2026-12-24T17:00:00Z'), to: new Date('2026-12-27T00:00:00Z') },
    ]);
  });

  test('may say its time to the millisecond', () => {
    const text = 'environments: { a: { freeze: [{ from: "2026-12-24T18:00:00.250Z", to: "2026-12-27T00:00Z" }] } }\n';
    expect(readPolicy(text).environments[0]?.freeze).toEqual([
      { from: new Date('2026-12-24T18:00:00.250Z'), to: new Date('2026-12-27T00:00:00Z') },
    ]);
  });

  test.each([
    ['{ cron: "0 16 * * FRI" }', 'expected cron and for, or else from and to.'],
    ['{ from: "2026-12-24T18:00:00Z" }', 'expected cron and for, or else from and to.'],
    ['{ cron: "0 16 * * FRI", for: 1h, to: "2026-12-24T18:00:00Z" }', 'expected cron and for, or else from and to.'],
    ['{ from: "2026-12-24T18:00:00Z", to: "2026-12-24T18:00:00Z" }', 'expected a time after "from"'],
    ['{ from: "2026-12-24T18:00:00", to: "2026-12-25T18:00:00Z" }', 'expected a time with its offset'],
  ])('%s is refused', (freeze, message) => {
    expect(() => readPolicy(`environments: { a: { freeze: [${freeze}] } }\n`)).toThrow(message);
  });
});

test('approvals without anybody who may give them are no policy', () => {
  expect(() => readPolicy('environments: { a: { approvals: 2 } }\n')).toThrow(
    'expected who may give them: add "approvers"',
  );
});
