import { base, entry, type LayeredRepository, old, overlay, workload } from './layered-repositories.js';

/** Of these, something has a newer version than the release. */
export const NEWER: readonly LayeredRepository[] = [
  {
    name: 'a variable of the environment is newer than what its container runs',
    files: {
      ...old,
      ...overlay(`${entry('1.1.0')}patches:\n- path: env.yaml\n`),
      'overlays/staging/web/env.yaml': workload('name: web, env: [{name: JOB, value: "ghcr.io/acme/web:3.1.0"}]'),
    },
    outcome: 'set',
    before: '1.1.0',
    left: 'ghcr.io/acme/web:3.1.0',
  },
  {
    name: 'a variable is newer, and the version is there already',
    files: {
      ...old,
      ...overlay(`${entry('1.1.0')}configMapGenerator:\n- {name: v, envs: [v.env]}\n`),
      'overlays/staging/web/v.env': 'JOB_IMAGE=ghcr.io/acme/web:3.1.0\n',
    },
    outcome: 'set',
    before: '1.1.0',
    left: 'JOB_IMAGE=ghcr.io/acme/web:3.1.0',
  },
  {
    name: 'an entry that sets nothing is newer than what runs',
    files: {
      ...base('name: web, image: "ghcr.io/acme/web:1.1.0"'),
      ...overlay('images:\n- name: web\n  newName: ghcr.io/acme/web\n  newTag: 3.1.0\n'),
    },
    outcome: 'set',
    before: '1.1.0',
  },
  {
    name: 'a variable is newer than one of two containers, and older than the other',
    files: {
      ...base('name: web, image: "ghcr.io/acme/web:1.1.0"', 'name: sidecar, image: "ghcr.io/acme/web:3.0.0"'),
      ...overlay('configMapGenerator:\n- {name: v, envs: [v.env]}\n'),
      'overlays/staging/web/v.env': 'JOB_IMAGE=ghcr.io/acme/web:2.1.0\n',
    },
    outcome: 'newer',
    before: '1.1.0',
  },
  {
    name: 'the container is newer than a variable',
    files: {
      ...old,
      ...overlay(`${entry('3.1.0')}patches:\n- path: env.yaml\n`),
      'overlays/staging/web/env.yaml': workload('name: web, env: [{name: JOB, value: "ghcr.io/acme/web:1.1.0"}]'),
    },
    outcome: 'newer',
    before: '3.1.0',
  },
  {
    name: 'a variable is newer, and what runs is not read',
    files: {
      ...overlay(
        `${entry('1.1.0')}configMapGenerator:\n- {name: v, envs: [v.env]}\n`,
        '- https://github.com/acme/web//deploy?ref=v1\n',
      ),
      'overlays/staging/web/v.env': 'JOB_IMAGE=ghcr.io/acme/web:3.1.0\n',
    },
    outcome: 'newer',
    before: '1.1.0',
  },
  {
    name: 'the container that is seen is newer, beside something that is not read',
    files: {
      ...base('name: web, image: "ghcr.io/acme/web:3.0.0"'),
      ...overlay(
        'configMapGenerator:\n- {name: v, envs: [v.env]}\n',
        '- ../../../bases/web\n- https://github.com/acme/db//deploy?ref=v1\n',
      ),
      'overlays/staging/web/v.env': 'JOB_IMAGE=ghcr.io/acme/web:1.1.0\n',
    },
    outcome: 'newer',
    before: '3.0.0',
  },
];
