import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';
import { openScene, PATIENCE_MS, type Scene } from '../../scenarios/support.js';
import { documented, foldersFor, tokensOf } from './tokens-of.js';

const Grants = v.record(v.string(), v.picklist(['read', 'write']));
const Workflow = v.object({
  jobs: v.record(v.string(), v.object({ uses: v.optional(v.string()), permissions: v.optional(Grants) })),
});

/** Starters that call a reusable workflow, each with what it grants and what the jobs that it calls ask for. */
const starters = ['apps', 'definitions', 'infra', 'ops'].flatMap((role) =>
  readdirSync(`workflows/${role}`)
    .filter((name) => name.endsWith('.yml'))
    .flatMap((name) => {
      const starter = `workflows/${role}/${name}`;
      return Object.values(jobsOf(starter)).flatMap(({ uses, permissions = {} }) => {
        const called = uses?.match(/\.github\/workflows\/[\w-]+\.yml/)?.[0];
        return called === undefined ? [] : [{ starter, granted: permissions, asked: union(jobsOf(called)) }];
      });
    }),
);

function jobsOf(file: string): v.InferOutput<typeof Workflow>['jobs'] {
  return v.parse(Workflow, parse(readFileSync(file, 'utf8'))).jobs;
}

function union(jobs: v.InferOutput<typeof Workflow>['jobs']): v.InferOutput<typeof Grants> {
  const all: v.InferOutput<typeof Grants> = {};
  for (const [name, level] of Object.values(jobs).flatMap(({ permissions = {} }) => Object.entries(permissions))) {
    all[name] = all[name] === 'write' ? 'write' : level;
  }
  return all;
}

test.each(starters)('$starter grants exactly what its jobs ask for', ({ granted, asked }) => {
  expect(granted).toEqual(asked);
});

/** What an action can do more with, and a workflow of ours does not give it. */
const EXTRAS: Record<string, readonly string[]> = {
  // Removes GitHub's own page of an environment that is gone.
  'cleanup-preview-env': ['administration'],
  // Only where the registry is GitHub's, for images of forks go into files; and only of releases.
  'build-push-image': ['packages', 'actions'],
};

const files = readdirSync('.github/workflows').filter((file) =>
  readFileSync(`.github/workflows/${file}`, 'utf8').includes('workflow_call:'),
);
/** What only says what would be done, or which roots there are. */
const REHEARSALS = ['release.yml/test/tag-release', 'drift.yml/roots/plan-infra', 'infra-apply.yml/roots/apply-infra'];
const places = files.flatMap(foldersFor).filter((place) => !REHEARSALS.includes(place));

test.each(places)('%s has the permissions that the reference of the action names', (place) => {
  const action = place.split('/')[2] ?? '';
  for (const [input, { permissions }] of tokensOf(place)) {
    const wanted = Object.entries(documented(action, input)).filter(([name]) => !EXTRAS[action]?.includes(name));
    const lacks = wanted.filter(([name, level]) => permissions[name] !== level && permissions[name] !== 'write');
    expect({ input, lacks }).toEqual({ input, lacks: [] });
    expect({ input, named: wanted.length > 0 }).toEqual({ input, named: true });
  }
});

/** Workflows that one event in an apps repository starts. */
const started = ['release', 'pull-request'].flatMap((name) => {
  const file = `workflows/apps/${name}.yml`;
  const granted = starters.find(({ starter }) => starter === file)?.granted ?? {};
  return Object.keys(granted).map((permission) => ({ name, permission, level: granted[permission] ?? 'read' }));
});

describe('a grant that is taken away', () => {
  let scene: Scene;
  const wholes = new Map<string, string>();
  beforeAll(async () => {
    scene = await openScene();
    for (const path of ['.github/workflows/release.yml', '.github/workflows/pull-request.yml']) {
      wholes.set(path, (await scene.apps.read('main', path)) ?? '');
    }
  }, PATIENCE_MS);
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
  });

  test.each(started)(
    '$permission of $name ends the run before its first job, with what is missing',
    async (each) => {
      const { name, permission, level } = each;
      const path = `.github/workflows/${name}.yml`;
      const whole = wholes.get(path) ?? '';
      const less = whole.replace(new RegExp(`^ +${permission}: ${level}.*\\n`, 'm'), '');
      expect(less).not.toBe(whole);
      scene.log.length = 0;
      const before = scene.runner.problems.length;
      const opsBefore = await scene.ops.refs();
      if (name === 'release') {
        await scene.apps.commit('main', { [path]: less }, 'ci: less');
      } else {
        await scene.apps.commit(`less-${permission}`, { [path]: less }, 'ci: less');
        await openPullRequest(scene, `less-${permission}`);
      }
      await scene.runner.idle();
      const said = [...scene.runner.problems.slice(before).map(({ message }) => message), ...scene.log].join('\n');
      expect(said).toMatch(new RegExp(`is requesting '.*${permission}: (read|write)`));
      expect(said).toContain(`but is only allowed '${permission}: none'`);
      expect(await scene.ops.refs()).toEqual(opsBefore);
    },
    PATIENCE_MS,
  );
});

async function openPullRequest(scene: Scene, head: string): Promise<void> {
  const response = await fetch(`${scene.stage.apiUrl}/repos/acme/apps/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${scene.stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'ci: less', head, base: 'main' }),
  });
  expect(response.status).toBe(201);
}
