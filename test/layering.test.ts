import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sourceFiles } from './support/sources.js';

const root = join(import.meta.dirname, '..');

const DOMAIN = 'A domain file never imports an action or the local stage.';
const ACTION = 'An action never imports the local stage.';
const ROOM = 'A room of src/ops imports only those before it';
const VERB = 'A verb imports the kernel and no other verb';
const PREVIEWS = 'Folders of previews import only those before them';

/** Where an import stands, what it says, and which rule it crosses, if any. */
const imports: [path: string, source: string, crossed: string | undefined][] = [
  ['src/ops/tree/plan.ts', "import { readInputs } from '../../actions/tag-release/inputs.js';", DOMAIN],
  ['src/ops/a.ts', "export * from '../actions/tag-release/inputs.js';", DOMAIN],
  ['src/ops/b.ts', "export const stage = await import('../local/stage.js');", DOMAIN],
  ['src/github/client.ts', "import type { Stage } from '../local/stage.js';", DOMAIN],
  ['src/cli/main.ts', "export { startStage } from '../local/stage.js';", DOMAIN],
  ['src/cli/gate/a.ts', "export { readInputs } from '../../actions/tag-release/inputs.js';", DOMAIN],
  ['src/runtime/entry.ts', "export { startStage } from '../local/stage.js';", DOMAIN],
  ['src/actions/promote/a.ts', "export { startStage } from '../../local/stage.js';", ACTION],
  ['src/actions/promote/b.ts', "export const stage = await import('../../local/stage.js');", ACTION],
  ['src/main.ts', "export { startStage } from './local/stage.js';", ACTION],

  ['src/github/context.ts', "export { getOctokit } from '@actions/github';", undefined],
  ['src/ops/c.ts', "export { plain } from '../report/markdown.js';", undefined],
  ['src/actions/promote/main.ts', "export { runEntry } from '../../runtime/entry.js';", undefined],
  ['src/local/runner/load.ts', "export { readInputs } from '../../actions/tag-release/inputs.js';", undefined],

  ['src/ops/yaml/a.ts', "export { deployedIn } from '../carriers/deployed.js';", ROOM],
  ['src/ops/policy/a.ts', "import type { Layout } from '../overlays/layout.js';", ROOM],
  ['src/ops/overlays/a.ts', "export { locateOverlays } from '../layouts/locate-overlays.js';", ROOM],
  ['src/ops/ledger/a.ts', "export { openRepository } from '../repository/open-repository.js';", ROOM],
  ['src/ops/pull-requests/a.ts', "export { promote } from '../verbs/promote/promote.js';", ROOM],
  ['src/ops/restore/deep/a.ts', "export { promote } from '../../verbs/promote/promote.js';", ROOM],
  ['src/ops/carriers/a.ts', "export const rules = await import('../policy/rules.js');", ROOM],
  ['src/ops/reconcilers/flux/a.ts', "export { readPolicy } from '../../policy/policy.js';", ROOM],
  ['src/ops/preview-records/a.ts', "export { RECONCILERS } from '../reconcilers/all.js';", ROOM],
  ['src/ops/live/a.ts', "export { judge } from '../judgement/judge.js';", ROOM],
  ['src/ops/repository/a.ts', "export { healthReader } from '../live/environment-health.js';", ROOM],
  ['src/ops/render/a.ts', "export { judge } from '../judgement/judge.js';", ROOM],
  ['src/ops/judgement/a.ts', "export { propose } from '../pull-requests/propose.js';", ROOM],
  ['src/ops/judgement/c.ts', "export { evidenceOf } from '../evidence/proof-reader.js';", ROOM],
  ['src/ops/evidence/a.ts', "export { propose } from '../pull-requests/propose.js';", ROOM],
  ['src/ops/restore/b.ts', "export { judgePulls } from '../judged-pulls/judge-pulls.js';", ROOM],
  ['src/ops/judged-pulls/a.ts', "export { runGate } from '../verbs/gate/gate.js';", ROOM],
  ['src/ops/verbs/promote/a.ts', "export { bump } from '../bump/bump.js';", VERB],
  ['src/ops/verbs/rollback/a.ts', "export { enforceHolds } from '../enforce-holds/enforce-holds.js';", VERB],
  ['src/ops/verbs/promote/d.ts', "export { bump } from '../../verbs/bump/bump.js';", VERB],
  ['src/ops/verbs/previews/run/d.ts', "export { bump } from '../../../verbs/bump/bump.js';", VERB],
  ['src/ops/verbs/rollback/deep/a.ts', "export { bump } from '../../bump/bump.js';", VERB],
  ['src/ops/verbs/previews/plan/a.ts', "export { bump } from '../../bump/bump.js';", VERB],
  ['src/ops/verbs/previews/plan/b.ts', "export { runPreviews } from '../run/run-previews.js';", PREVIEWS],
  ['src/ops/verbs/previews/branch/a.ts', "export { previewDetails } from '../feedback/details.js';", PREVIEWS],
  ['src/ops/verbs/previews/manifests/a.ts', "export { planReconcile } from '../plan/plan.js';", PREVIEWS],
  ['src/ops/verbs/check/b.ts', "export { readInputs } from '../../../actions/tag-release/inputs.js';", DOMAIN],

  ['src/ops/carriers/b.ts', "export { editYaml } from '../yaml/edit.js';", undefined],
  ['src/ops/policy/b.ts', "export { RECONCILERS } from '../reconcilers/all.js';", undefined],
  ['src/ops/judgement/d.ts', "export { healthReader } from '../live/environment-health.js';", undefined],
  ['src/ops/releases/a.ts', "export { readPolicy } from '../policy/policy.js';", undefined],
  ['src/ops/judged-pulls/b.ts', "export { chooseGoal } from '../restore/goal.js';", undefined],
  ['src/ops/evidence/b.ts', "export type { Proof } from '../judgement/proof.js';", undefined],
  ['src/ops/judgement/b.ts', "export { closureOf } from '../render/closure.js';", undefined],
  ['src/ops/verbs/promote/b.ts', "export { readPolicy } from '../../policy/policy.js';", undefined],
  ['src/ops/verbs/promote/c.ts', "export { enforceHolds } from '../enforce-holds/enforce-holds.js';", undefined],
  ['src/ops/verbs/bump/c.ts', "export { enforceHolds } from '../enforce-holds/enforce-holds.js';", undefined],
  ['src/ops/verbs/bump/d.ts', "export { planBump } from './plan.js';", undefined],
  ['src/ops/verbs/previews/run/a.ts', "export { planReconcile } from '../plan/plan.js';", undefined],
  ['src/ops/verbs/previews/wait/a.ts', "export { renderComment } from '../feedback/comment.js';", undefined],
  ['src/ops/verbs/previews/deep/a.ts', "export { planPreviews } from '../plan.js';", undefined],
  ['test/ops/plan.test.ts', "export { startStage } from '../../src/local/stage.js';", undefined],
];

/** Biome's findings on a project with our configuration and one file per import, one line each. */
let findings: string[];
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'ostack-layering-'));
  await cp(join(root, 'biome.json'), join(project, 'biome.json'));
  for (const [path, source] of imports) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), `${source}\n`);
  }
  findings = await lint(project);
});

afterAll(() => rm(project, { recursive: true, force: true }));

function lint(folder: string): Promise<string[]> {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=github', '--max-diagnostics=none', '.'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => resolve(stdout.split('\n')));
  });
}

describe('The layering of the sources', () => {
  test.each(imports)('%s saying %s', (path, _source, crossed) => {
    const found = findings.filter((line) => line.includes(`/${path},`));
    if (crossed === undefined) {
      expect(found).toEqual([]);
    } else {
      expect(found).toEqual([expect.stringContaining(crossed)]);
    }
  });
});

describe('The rooms of src/ops', () => {
  test('each has a rule in biome.json, and no file lies beside them', async () => {
    const entries = await readdir(join(root, 'src', 'ops'), { withFileTypes: true });
    const rules = await readFile(join(root, 'biome.json'), 'utf8');
    const rooms = [...rules.matchAll(/"src\/ops\/([a-z-]+)\/\*\*"/g)].map(([, name]) => name);
    expect(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)).toEqual([]);
    expect(rooms).toEqual(expect.arrayContaining(entries.map(({ name }) => name)));
  });
});

/** The files that each file imports, types too, by path in `src`. */
async function importsByFile(): Promise<Map<string, string[]>> {
  // Repositories, pull requests and commits of the stage lead to each other as GitHub's do, and a step of the runner has steps.
  const files = await sourceFiles(/^local\/(github\/(world|graphql\/views)\/|runner\/composite\.ts)/);
  return new Map(
    files.map(({ file, text }) => {
      const targets = [...text.matchAll(/ from '(\.[^']+)\.js'|import\('(\.[^']+)\.js'\)/g)];
      return [file, targets.map(([, from = '', loaded = from]) => `${join(dirname(file), loaded)}.ts`)];
    }),
  );
}

/** A way from a file back to itself; empty where there is none. */
function circleFrom(file: string, imports: ReadonlyMap<string, readonly string[]>, done: Set<string>): string[] {
  const walk = (path: string[], at: string): string[] => {
    if (path.includes(at)) {
      return [...path.slice(path.indexOf(at)), at];
    }
    if (done.has(at)) {
      return [];
    }
    for (const next of imports.get(at) ?? []) {
      const circle = walk([...path, at], next);
      if (circle.length > 0) {
        return circle;
      }
    }
    done.add(at);
    return [];
  };
  return walk([], file);
}

test('no files import each other in a circle', async () => {
  const imports = await importsByFile();
  const done = new Set<string>();
  expect([...imports.keys()].map((file) => circleFrom(file, imports, done)).filter(({ length }) => length > 0)).toEqual(
    [],
  );
  const twisted = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', []],
    ['d', ['b']],
  ]);
  expect(circleFrom('a', twisted, new Set())).toEqual(['b', 'd', 'b']);
});
