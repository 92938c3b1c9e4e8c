import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { GraphqlError } from '../../../src/github/graphql-error.js';
import type { MutationResults } from '../../../src/github/mutations.js';
import { CLOSED_BY_US } from '../../../src/ops/pull-requests/next-step.js';
import type { Work } from '../../../src/ops/pull-requests/work.js';
import {
  movedMeanwhile,
  moveRef,
  mutationsFor,
  NO_OID,
  readWritten,
} from '../../../src/ops/pull-requests/work-mutations.js';
import { plain } from '../../../src/report/markdown.js';
import { BASE, HEAD, OTHER, ours, pull, REPO, theirs, work } from './support.js';

const PLACE = { repo: REPO, bases: new Set([BASE]), repository: 'acme/ops' };
const CHANGE = { files: new Map([['a.yaml', 'a: 2\n']]) };

/** Each mutation of a work as `name of what from where`. */
function told(given: Partial<Work>): string[] {
  return mutationsFor('u0', work(given), PLACE).map(({ name, input }) => {
    const { branch, expectedHeadOid, refUpdates, oid } = v.parse(inputSchema, input);
    const [update] = refUpdates ?? [];
    const parts = [branch?.branchName, expectedHeadOid, update?.name, update?.beforeOid ?? '', update?.afterOid, oid];
    return [name, ...parts].filter((part) => part !== undefined && part !== '').join(' ');
  });
}

const inputSchema = v.object({
  branch: v.optional(v.object({ branchName: v.string() })),
  expectedHeadOid: v.optional(v.string()),
  oid: v.optional(v.string()),
  refUpdates: v.optional(
    v.array(v.object({ name: v.string(), beforeOid: v.optional(v.string()), afterOid: v.string() })),
  ),
});

const BRANCH = 'ostack/staging/my-app';
const SCRATCH = 'ostack-scratch/staging/my-app';

describe('every write names the commit that was seen', () => {
  test.each<[what: string, given: Partial<Work>, mutations: string[]]>([
    [
      'a new branch begins at the base',
      {},
      [`createRef ${BASE}`, `createCommitOnBranch ${BRANCH} ${BASE}`, 'createPullRequest'],
    ],
    [
      'a leftover branch moves from where it was',
      { step: { do: 'open', leftover: OTHER }, branchOid: OTHER },
      [
        `updateRefs refs/heads/${BRANCH} ${OTHER} ${BASE}`,
        `createCommitOnBranch ${BRANCH} ${BASE}`,
        'createPullRequest',
      ],
    ],
    [
      'a commit on top is on what was there',
      { step: { do: 'append' }, branchOid: HEAD, onTop: CHANGE, open: pull() },
      [`createCommitOnBranch ${BRANCH} ${HEAD}`, 'updatePullRequest'],
    ],
    [
      'what is built anew is built beside the branch',
      { step: { do: 'rebuild' }, branchOid: HEAD, open: pull() },
      [`updateRefs refs/heads/${SCRATCH} ${BASE}`, `createCommitOnBranch ${SCRATCH} ${BASE}`],
    ],
    ['a text that is up to date stays', { step: { do: 'keep', conflict: false }, open: pull(), textStays: true }, []],
    ['another text is written', { step: { do: 'keep', conflict: false }, open: pull() }, ['updatePullRequest']],
    [
      'a branch goes with its pull request, from where it was',
      { step: { do: 'close', reason: 'x' }, branchOid: HEAD, open: pull({ headOid: HEAD }) },
      ['updatePullRequest', 'addComment', `updateRefs refs/heads/${BRANCH} ${HEAD} ${NO_OID}`],
    ],
    [
      "a branch with a person's commits stays without its pull request",
      { step: { do: 'close', reason: 'x' }, branchOid: HEAD, open: pull({ commits: [ours(), theirs] }) },
      ['updatePullRequest', 'addComment'],
    ],
    [
      'a branch with a commit that its pull request does not show yet stays without it',
      { step: { do: 'close', reason: 'x' }, branchOid: HEAD, open: pull({ headOid: OTHER }) },
      ['updatePullRequest', 'addComment'],
    ],
    ['nothing is nothing', { step: { do: 'nothing', action: 'unchanged', reason: '' } }, []],
  ])('%s', (_what, given, mutations) => {
    expect(told(given)).toEqual(mutations);
  });

  test('a move without a commit that was seen has no lease, and every other one has', () => {
    const updates = [undefined, OTHER].map((before) => moveRef('x', REPO, 'b', before, HEAD).input.refUpdates);
    expect(updates).toEqual([
      [{ name: 'refs/heads/b', afterOid: HEAD, force: true }],
      [{ name: 'refs/heads/b', beforeOid: OTHER, afterOid: HEAD, force: true }],
    ]);
  });

  test('what we close says in its text that we did, below what people wrote', () => {
    const open = pull({ body: 'Mind the cache.' });
    const [closing] = mutationsFor('u0', work({ step: { do: 'close', reason: 'x' }, open }), PLACE);
    expect(closing?.input).toEqual({
      pullRequestId: 'PR_7',
      state: 'CLOSED',
      body: `Mind the cache.\n\n${CLOSED_BY_US}`,
    });
  });

  test('why something is closed mentions nobody, and links nowhere', () => {
    const reason = 'there is a hold already: shop is held by ada (ask @acme/all, [here](https://evil.test) \u202e)';
    const closing = mutationsFor('u0', work({ step: { do: 'close', reason }, open: pull({}) }), PLACE);
    expect(closing[1]?.input.body).toBe(`Closed: ${plain(reason)}.`);
  });
});

function results(payloads: Record<string, unknown>, failed: Record<string, GraphqlError> = {}): MutationResults {
  return {
    errors: Object.values(failed),
    error: (alias) => failed[alias],
    payload: (alias, schema) => (payloads[alias] === undefined ? undefined : v.parse(schema, payloads[alias])),
  };
}

const written = (head: string, base: string | undefined) => ({
  pullRequest: {
    ...{ id: 'PR_7', number: 7, url: '', headRef: { target: { oid: head } } },
    baseRef: base === undefined ? null : { target: { oid: base } },
  },
});

describe('between the look and the writing', () => {
  test.each<[what: string, head: string, base: string | undefined, reason: string]>([
    ['nothing moved', HEAD, BASE, ''],
    ['the base moved', HEAD, OTHER, 'main moved while it was written'],
    ['the branch moved', OTHER, BASE, 'its branch moved while the text was written'],
    ['both moved', OTHER, OTHER, 'its branch moved while the text was written'],
    ['nobody says where the base is', HEAD, undefined, ''],
  ])('%s', (_what, head, base, reason) => {
    expect(movedMeanwhile(results({ u0_pr: written(head, base) }), 'u0_pr', HEAD, PLACE)).toBe(reason);
  });

  test('a text that was not written tells nothing', () => {
    expect(movedMeanwhile(results({}), 'u0_pr', HEAD, PLACE)).toBe('');
  });
});

describe('what became of the writing', () => {
  const stale = { message: 'Expected branch to point to "a" but it did not.', type: 'STALE_DATA', path: [] };
  const gone = { message: 'No ref', type: 'NOT_FOUND', path: [] };
  const refused = { message: 'Resource not accessible by integration', type: 'FORBIDDEN', path: [] };
  const append = { step: { do: 'append' }, branchOid: HEAD, onTop: CHANGE, open: pull() } as const;

  test.each<[what: string, alias: string, error: GraphqlError, state: string]>([
    ['a branch that moved is looked at again', 'u0_commit', stale, 'stale'],
    ['a branch that was deleted is looked at again', 'u0_commit', gone, 'stale'],
    ['a pull request that is gone is a failure', 'u0_pr', gone, 'failed'],
    ['a refusal is a failure', 'u0_commit', refused, 'failed'],
  ])('%s', (_what, alias, error, state) => {
    expect(readWritten('u0', work(append), results({}, { [alias]: error }), PLACE)?.state).toBe(state);
  });

  test('a pull request whose base moved is done, and says so', () => {
    const made = { u0_commit: { commit: { oid: OTHER } }, u0_pr: written(OTHER, HEAD) };
    expect(readWritten('u0', work(append), results(made), PLACE)).toMatchObject({
      ...{ state: 'done', headOid: OTHER, created: false, changed: true },
      moved: 'main moved while it was written',
    });
  });
});
