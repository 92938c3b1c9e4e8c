import { expect, test } from '@jest/globals';
import { groupsOf, joined, respond } from '../../../src/actions/watch/respond.js';
import type { WatchedChange } from '../../../src/ops/verbs/watch/changes.js';
import { change, entry } from '../../ops/verbs/watch/support.js';

function failing(
  environment: string,
  app: string,
  commit: string,
  minute: number,
  act: 'rollback' | 'none' = 'rollback',
) {
  const at = new Date(Date.UTC(2026, 10, 30, 12, minute));
  const response = act === 'none' ? { act, why: '' } : { act, to: '1.4.0', reason: 'it failed' };
  return change(
    { state: 'failed' },
    { environment, app, entry: { ...entry(commit.repeat(40), '1.5.0'), at }, response },
  );
}

const names = (group: readonly WatchedChange[]) =>
  group.map(({ environment, app }) => `${environment}/${app}`).join(' ');

/** What becomes of groups, by the outcome of each. */
async function done(outcomes: Record<string, 'created' | 'unchanged' | 'skipped'>): Promise<string[]> {
  const tried: string[] = [];
  const all = [
    failing('eu', 'web', 'b', 2),
    failing('us', 'web', 'a', 1),
    failing('eu', 'api', 'b', 2),
    failing('eu', 'job', 'c', 3),
    failing('eu', 'cron', 'd', 0, 'none'),
  ];
  await respond(groupsOf(all), async (group) => {
    const name = names(group);
    tried.push(name);
    return { results: [{ action: outcomes[name] ?? 'unchanged' }] };
  });
  return tried;
}

test('what one commit brought goes together, the oldest first, and nothing more once something is written', async () => {
  expect(await done({ 'us/web': 'created' })).toEqual(['us/web']);
  expect(await done({ 'us/web': 'unchanged', 'eu/web eu/api': 'created' })).toEqual(['us/web', 'eu/web eu/api']);
});

test('what waits for a person, or was closed by one, keeps nobody from the next', async () => {
  expect(await done({ 'us/web': 'skipped' })).toEqual(['us/web', 'eu/web eu/api', 'eu/job']);
});

test('where nothing is planned nothing is done', () => {
  expect(groupsOf([failing('eu', 'web', 'a', 1, 'none')])).toEqual([]);
  expect(joined([])).toBeUndefined();
});
