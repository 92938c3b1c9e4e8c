import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readRecords } from '../../../../../src/ops/preview-records/read-records.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import { at, committed, type Files, listed, OPS, plan, previewOf, sha } from '../support.js';

const REPOSITORIES = ['acme/apps', 'acme/site'] as const;
type Repository = (typeof REPOSITORIES)[number];

/** What happens to a pull request, and whether the run that it starts happens now, late or never. */
const eventArbitrary = fc.record({
  repository: fc.constantFrom(...REPOSITORIES),
  number: fc.integer({ min: 1, max: 4 }),
  kind: fc.constantFrom('push', 'close', 'sweep'),
  run: fc.constantFrom('now', 'late', 'never'),
});
type PullEvent = { repository: Repository; number: number; kind: string; run: string };

const workspaceOf = (repository: Repository) => (repository === 'acme/site' ? 'site' : undefined);

class World {
  files: Files = { ...OPS };
  minute = 0;
  readonly open = new Map<string, string>();
  readonly late: {
    repository: Repository;
    number: number;
    head: string | undefined;
    list: ReturnType<typeof listed>;
  }[] = [];
  commits = 0;

  list(repository: Repository) {
    const own = [...this.open].filter(([key]) => key.startsWith(`${repository}#`));
    return listed(
      own.map(([key, head]): [number, string] => [Number(key.split('#')[1]), head]),
      at(this.minute),
      repository,
    );
  }

  async happen({ repository, number, kind, run }: PullEvent): Promise<void> {
    this.minute += 1;
    const key = `${repository}#${number}`;
    if (kind === 'push') {
      this.open.set(key, sha(this.minute % 10));
    } else if (kind === 'close') {
      this.open.delete(key);
    }
    const head = kind === 'push' ? this.open.get(key) : undefined;
    const task = { repository, number, head, list: this.list(repository) };
    if (run === 'late') {
      this.late.push(task);
    } else if (run === 'now') {
      await this.run(task);
    }
  }

  async run({ repository, number, head, list }: World['late'][number]): Promise<void> {
    const workspace = workspaceOf(repository);
    const request = {
      now: at(this.minute),
      pullRequests: [list],
      requested: head === undefined ? undefined : previewOf(number, head, { repository, workspace }),
    };
    const { change } = await plan(this.files, request);
    for (const path of [...change.files.keys(), ...(change.deletions ?? [])]) {
      expect(path).toMatch(
        /^previews\/((site-)?pr-\d\/|records\/(site-)?pr-\d\.yaml$|clusters\/staging\/((site-)?pr-\d|ostack-previews)\.yaml$)/,
      );
    }
    this.files = committed(this.files, change);
    this.commits += 1;
    const again = await plan(this.files, request);
    expect([...again.change.files.keys(), ...(again.change.deletions ?? [])]).toEqual([]);
    await this.check();
  }

  /** What is rendered is what the records say, and never more than the limit. */
  async check(): Promise<void> {
    const { records, broken } = await readRecords(objectTree(this.files));
    expect(broken).toEqual([]);
    const active = records.filter(({ state }) => state === 'active').map(({ name }) => name);
    const names = (pattern: RegExp) =>
      [...new Set(Object.keys(this.files).flatMap((path) => pattern.exec(path)?.[1] ?? []))].sort();
    expect(names(/^previews\/((?:pr|run|.+-pr)-[^/]+)\//)).toEqual(active);
    expect(names(/^previews\/clusters\/staging\/(.+-\d+)\.yaml$/)).toEqual(active);
    expect(active.length).toBeLessThanOrEqual(2);
    if (records.length > active.length) {
      expect(active).toHaveLength(2);
    }
    expect(Object.entries(OPS).every(([path, text]) => this.files[path] === text)).toBe(true);
  }
}

test('whatever happens in whatever order, runs lost or late, the last ones make the previews exactly right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(eventArbitrary, { maxLength: 14 }), async (events) => {
      const world = new World();
      for (const event of events) {
        await world.happen(event);
      }
      for (const task of world.late) {
        await world.run(task);
      }
      // Every open pull request's last run happens in the end, and then there is nothing else.
      world.minute += 1;
      for (const [key, head] of world.open) {
        const repository = REPOSITORIES.find((each) => key.startsWith(`${each}#`)) ?? 'acme/apps';
        await world.run({ repository, number: Number(key.split('#')[1]), head, list: world.list(repository) });
      }
      for (const repository of REPOSITORIES) {
        await world.run({ repository, number: 0, head: undefined, list: world.list(repository) });
      }
      const { records } = await readRecords(objectTree(world.files));
      const got = records.map(({ repository, pullRequest, head }) => `${repository}#${pullRequest?.number} ${head}`);
      expect(got.sort()).toEqual([...world.open].map(([key, head]) => `${key} ${head}`).sort());
    }),
    { numRuns: 25 },
  );
});
