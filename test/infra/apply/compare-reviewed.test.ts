import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { unzipSync, zipSync } from 'fflate';
import { type ComparedReview, compareReviewed } from '../../../src/infra/apply/compare-reviewed.js';
import { decideApply, type Reviewed } from '../../../src/infra/apply/decide-apply.js';
import type { ReviewedPlan } from '../../../src/infra/apply/reviewed-plans.js';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { type KeptPlan, keepPlan, type PlanKept } from '../../../src/infra/history/keep-plan.js';
import { structureOf } from '../../../src/infra/history/plan-structure.js';
import { readPlan } from '../../../src/infra/plan/read-plan.js';
import { redactorOf } from '../../../src/infra/redact/redactor.js';
import { sensitiveValues } from '../../../src/infra/redact/sensitive-values.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { FakeSpace } from '../space/fake-space.js';
import { infraFiles } from '../support/infra-files.js';

const { identity, recipient } = newIdentity();
const SECRET = 'hunter22';

/** What of a plan is another one. */
interface Other {
  input?: string;
  variables?: object;
  serial?: number;
  configuration?: string;
  lock?: string;
  /** What `show -json` prints, where that is no plan. */
  printed?: string;
}

function jsonOf({ input = '1', variables = {} }: Other): object {
  const change = { actions: ['create'], before: null, after: { input }, after_unknown: {}, after_sensitive: {} };
  return {
    ...{ format_version: '1.2', variables, output_changes: {} },
    resource_changes: [{ address: 'x.a', type: 'x', mode: 'managed', change }],
  };
}

/** A plan file, with what the tool prints of it. */
function fileOf(of: Other): Uint8Array {
  const text = (content: string) => Buffer.from(content);
  return zipSync({
    ...{ tfplan: text('j\u0001x'), tfstate: text(JSON.stringify({ serial: of.serial ?? 3, lineage: 'l' })) },
    'tfconfig/modules.json': text(JSON.stringify([{ Key: '', Dir: '.' }])),
    'tfconfig/m-/main.tf': text(of.configuration ?? 'a'),
    '.terraform.lock.hcl': text(of.lock ?? 'lock'),
    printed: text(of.printed ?? JSON.stringify(jsonOf(of))),
  });
}

const roots = findRoots(
  infraFiles({ 'app/main.tf': '', 'net/main.tf': '' }),
  readInfraConfig('roots: { app: {}, net: {} }'),
);
const root = roots.roots.find(({ name }) => name === 'app');

interface Given {
  /** The plan that was reviewed, and the one of the merged commit. */
  reviewed?: Other;
  fresh?: Other;
  /** How it was kept. */
  kept?: Partial<KeptPlan>;
  /** What the pull request's check run says of it. */
  proof?: Partial<ReviewedPlan['proof']>;
  /** What somebody did in the space since. */
  tamper?: (space: FakeSpace, prefix: string, other: PlanKept) => void;
}

/** How a reviewed plan compares, as a job that applies finds it. */
async function compared({ reviewed = {}, fresh = {}, kept = {}, proof = {}, tamper }: Given): Promise<ComparedReview> {
  await using space = await FakeSpace.start();
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-compare-'));
  try {
    const keep = (more: Partial<KeptPlan>) =>
      keepPlan(space.space, 'conditions', recipient, {
        ...{ root: 'app', commit: 'c'.repeat(40), at: new Date(0), tool: 'OpenTofu 1.12.6', pull: 7 },
        ...{ plan: fileOf(reviewed), json: JSON.stringify(jsonOf(reviewed)), text: 't', ...more },
      });
    const [own, other] = [await keep(kept), await keep({ at: new Date(60_000), plan: fileOf({ input: 'evil' }) })];
    tamper?.(space, own.prefix, other);
    const file = join(scratch, 'plan');
    await writeFile(file, fileOf(fresh));
    const json = jsonOf(fresh);
    const redactor = redactorOf(sensitiveValues(json));
    const made = {
      ...{ state: 'planned' as const, summary: readPlan(json, redactor), text: '', warnings: [], exitCode: 2 },
      ...{ file, json, redactor, lostState: undefined },
    };
    const told = { inputs: 'i', tool: 'OpenTofu 1.12.6', since: new Date(0).toISOString() };
    const run = async (args: readonly string[]) => {
      const entries = unzipSync(await readFile(args.at(-1) ?? ''));
      return { exitCode: 0, stdout: Buffer.from(entries.printed ?? []).toString(), stderr: '', detail: '' };
    };
    if (root === undefined) {
      throw new Error('There is no root app.');
    }
    return await compareReviewed(
      root,
      { plan: made, proof: { ...told, ...structure(json) } },
      {
        pull: {
          number: 7,
          head: 'a'.repeat(40),
          merge: 'c'.repeat(40),
          author: 'ada',
          branch: 'b',
          mergedAt: undefined,
        },
        proof: { ...told, ...structure(jsonOf(reviewed)), kept: own, ...proof },
      },
      {
        tool: { name: 'tofu', version: '1.12.6', run },
        ...{ environment: { env: {}, secrets: [] }, checkout: scratch, roots, args: [], scratch },
      },
      { history: { space: space.space, guard: 'conditions', recipients: recipient }, identity },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function structure(json: object) {
  const { sha256, deeds } = structureOf(json);
  return { structure: sha256, deeds: [...deeds] };
}

/** What is done with a reviewed plan that compares so. */
function doneOf({ beyond, isWhole, moved, isThere }: ComparedReview): string {
  const reviewed: Reviewed = {
    ...{ pull: 7, structure: '', beyond, isWhole, moved, isThere, lacking: undefined },
  };
  const decision = decideApply({
    ...{ fresh: { isChange: true, structure: '' }, unapplied: [], open: undefined, overtakenBy: undefined },
    ...{ held: undefined, word: undefined, reviewed },
  });
  return decision.do === 'apply' ? `apply ${decision.which}` : decision.do;
}

const swap = (part: string) => (space: FakeSpace, prefix: string, other: PlanKept) => {
  space.objects.set(`${prefix}/${part}`, space.objects.get(`${other.prefix}/${part}`) ?? Buffer.alloc(0));
};

describe('A plan in the space', () => {
  test('is what was reviewed, and may be applied itself', async () => {
    const found = await compared({});
    expect([found.moved, found.beyond, found.isWhole, doneOf(found)]).toEqual([[], [], true, 'apply reviewed']);
  });

  test.each<[string, Given, string]>([
    ['of another root', { kept: { root: 'net' } }, 'is the plan of net in #7, expected that of app in #7'],
    ['of another pull request', { kept: { pull: 8 } }, 'is the plan of app in #8, expected that of app in #7'],
    ['of no pull request', { kept: { pull: undefined } }, 'is the plan of app in #?, expected that of app in #7'],
    ['whose file was swapped', { tamper: swap('plan.age') }, 'is not what its record says'],
    ['whose file is gone', { tamper: (space, prefix) => space.objects.delete(`${prefix}/plan.age`) }, 'is not what'],
    ['whose record was swapped', { tamper: swap('record.json') }, 'is not the one that git has the hash of'],
    [
      'that was swapped as a whole',
      { tamper: (...of) => void ['plan.age', 'record.json'].map((part) => swap(part)(...of)) },
      'is not the one that git has the hash of',
    ],
    [
      'whose hash is another one in the check run',
      { proof: { kept: { prefix: 'plans/app/19700101T000000Z-cccccccccccc', recordSha256: 'f'.repeat(64) } } },
      'is not the one that git has the hash of',
    ],
    [
      'that is named and not there',
      { proof: { kept: { prefix: 'plans/app/19700102T000000Z-cccccccccccc', recordSha256: 'f'.repeat(64) } } },
      'The space has no plans/app/19700102T000000Z-cccccccccccc/record.json',
    ],
  ])('%s is refused', async (_what, given, problem) => {
    await expect(compared(given)).rejects.toThrow(problem);
  });

  test.each<[string, Given, string[]]>([
    ['with other variables', { reviewed: { variables: { a: { value: '1' } } } }, ['variables']],
    ['with another lock file', { reviewed: { lock: 'other' } }, ['the lock file']],
    ['with another configuration', { reviewed: { configuration: 'b' } }, ['the configuration (main.tf)']],
    ['of another state', { reviewed: { serial: 2 } }, ['the state (serial 2, now 3)']],
    [
      'of another version of the tool',
      { proof: { tool: 'OpenTofu 1.12.5' } },
      ['the tool (OpenTofu 1.12.5, now OpenTofu 1.12.6)'],
    ],
    ['with other files that it follows', { proof: { inputs: 'other' } }, ['files that it is made of']],
  ])('%s is never applied itself, but the new one that does the same', async (_what, given, moved) => {
    const found = await compared(given);
    expect([found.moved, doneOf(found)]).toEqual([moved, 'apply fresh']);
  });

  test('that does something else is not what is applied, and no plan is before a person says so', async () => {
    const found = await compared({ fresh: { input: '2' } });
    expect([found.beyond, doneOf(found)]).toEqual([['x.a otherwise: input after'], 'ask']);
  });

  test('that cannot be read is compared by its hashes, and nothing of it is quoted', async () => {
    const found = await compared({ reviewed: { printed: `{"variables":{"pw":${SECRET}}}` } });
    expect([found.isThere, found.isWhole, doneOf(found)]).toEqual([false, true, 'apply fresh']);
    const odd = compared({ reviewed: { printed: JSON.stringify({ format_version: SECRET, variables: { SECRET } }) } });
    await expect(odd).rejects.toThrow('The plan cannot be read at "format_version"');
    await expect(odd).rejects.not.toThrow(SECRET);
  });
});
