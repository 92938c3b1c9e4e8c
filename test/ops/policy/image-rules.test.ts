import { describe, expect, test } from '@jest/globals';
import { ruleFor } from '../../../src/ops/policy/image-rules.js';
import { environmentPolicy, hasRules, readPolicy } from '../../../src/ops/policy/policy.js';

const RELEASE = 'from: acme/apps, workflow: .github/workflows/release.yml';
const ISSUE = `environments: { staging: {}, production: { images: [{ match: "ghcr.io/acme/tools", deny: true }] } }
images:
- { match: "ghcr.io/acme/*", ${RELEASE} }
- { match: "docker.io/library/*", pinned: true }
- { match: "quay.io/*", pinned: false }
- { match: "*", deny: true }
`;

function ruleIn(environment: string, repository: string, text = ISSUE): string {
  const { images = [] } = environmentPolicy(readPolicy(text), environment);
  return ruleFor(images, repository)?.match ?? 'none';
}

describe('which rule is for an image', () => {
  test.each([
    ['one of ours', 'ghcr.io/acme/web', 'ghcr.io/acme/*'],
    ['one of ours in capitals of the registry', 'GHCR.io/acme/web', 'ghcr.io/acme/*'],
    ['one of somebody whose name begins alike', 'ghcr.io/acme-evil/web', '*'],
    ['a registry whose name begins alike', 'ghcr.io.evil.com/acme/web', '*'],
    ['one of Docker Hub by its short name', 'nginx', 'docker.io/library/*'],
    ['one of a user of Docker Hub', 'evil/nginx', '*'],
    ['one of Docker Hub by an older name', 'index.docker.io/library/nginx', 'docker.io/library/*'],
    ['one of Docker Hub by the name of its machines', 'registry-1.docker.io/library/nginx', 'docker.io/library/*'],
    ['one of Docker Hub by the address of its pages', 'registry.hub.docker.com/evil/nginx', '*'],
    ['one of ours with the port that goes without saying', 'ghcr.io:443/acme/web', 'ghcr.io/acme/*'],
    ['one at another port', 'ghcr.io:8443/acme/web', '*'],
    ['another one', 'quay.io/argoproj/argocd', 'quay.io/*'],
  ])('%s: %s', (_, repository, match) => {
    expect(ruleIn('staging', repository)).toBe(match);
  });

  test('that of an environment goes before those of all', () => {
    expect([ruleIn('staging', 'ghcr.io/acme/tools'), ruleIn('production', 'ghcr.io/acme/tools')]).toEqual([
      'ghcr.io/acme/*',
      'ghcr.io/acme/tools',
    ]);
  });

  test('none where no rule fits, and all environments have rules then', () => {
    const text = 'environments: { staging: {} }\nimages: [{ match: "ghcr.io/acme/*", pinned: true }]\n';
    expect(ruleIn('staging', 'nginx', text)).toBe('none');
    expect([hasRules(readPolicy(text), 'staging'), hasRules(readPolicy(text), 'unnamed')]).toEqual([true, true]);
  });

  test('an environment may have rules alone', () => {
    const policy = readPolicy(
      'environments: { staging: {}, production: { images: [{ match: "*", pinned: true }] } }\n',
    );
    expect([hasRules(policy, 'staging'), hasRules(policy, 'production')]).toEqual([false, true]);
  });
});

test('what has to be built somewhere says where, and its defaults', () => {
  const { images = [] } = readPolicy(`images: [{ match: "ghcr.io/acme/*", ${RELEASE}, branches: "release/*" }]\n`);
  expect(images).toEqual([
    {
      match: 'ghcr.io/acme/*',
      ...{ deny: false, pinned: true },
      builtBy: {
        ...{ repository: 'acme/apps', workflow: '.github/workflows/release.yml' },
        ...{ branches: ['release/*'], calls: ['ostack/actions'] },
      },
    },
  ]);
});

describe('a rule is refused', () => {
  test.each([
    ['that says nothing', 'match: "*"', 'images.0: expected what an image needs to come in'],
    [
      'that denies and asks',
      'match: "*", deny: true, pinned: true',
      'images.0.deny: what is kept out needs nothing else',
    ],
    [
      'from somewhere without a workflow',
      'match: "*", from: acme/apps',
      'images.0.from: expected "workflow" beside it',
    ],
    [
      'with a workflow of nowhere',
      'match: "*", pinned: true, workflow: .github/workflows/a.yml',
      'images.0.workflow: expected "from" beside it',
    ],
    [
      'with branches of nowhere',
      'match: "*", pinned: true, branches: main',
      'images.0.branches: expected "from" beside it',
    ],
    [
      'with a workflow that is none',
      'match: "*", from: acme/apps, workflow: release.yml',
      'images.0.workflow: expected a path such as',
    ],
    [
      'from what is no repository',
      `match: "*", from: apps, workflow: .github/workflows/a.yml`,
      'images.0.from: expected a repository as owner/name',
    ],
    [
      'that is built and needs no digest',
      `match: "*", ${RELEASE}, pinned: false`,
      'images.0.pinned: what has to be built somewhere needs a digest',
    ],
    ['that calls what is none', `match: "*", ${RELEASE}, calls: [actions]`, 'images.0.calls.0: expected owner/name'],
    ['of a short name', 'match: nginx, pinned: true', "images.0.match: expected an image's name with its registry"],
    [
      'of a name without registry',
      'match: acme/web, pinned: true',
      'images.0.match: it would fit nothing: names are compared as docker.io/acme/web.',
    ],
    [
      'of names without registry',
      'match: "acme/*", pinned: true',
      'images.0.match: it would fit nothing: names are compared as docker.io/…',
    ],
    [
      'of an older name of Docker Hub',
      'match: "index.docker.io/library/*", pinned: true',
      'names are compared as docker.io/…',
    ],
    [
      'with a tag',
      'match: "ghcr.io/acme/web@sha256:*", pinned: true',
      "expected an image's name with its registry, without tag",
    ],
    ['of any registry that begins alike', 'match: "ghcr.io*/acme", pinned: true', 'would fit registries of others'],
    ['with an unknown key', 'match: "*", pined: true', 'unknown key "pined"'],
  ])('%s', (_, rule, message) => {
    expect(() => readPolicy(`images: [{ ${rule} }]\n`)).toThrow(message);
    expect(() => readPolicy(`environments: { staging: { images: [{ ${rule} }] } }\n`)).toThrow('ostack.yaml:1:');
  });
});
