import * as v from 'valibot';
import { stringify } from 'yaml';
import { readConfig } from '../../config/read-config.js';
import type { GitSource } from '../hld/parts.js';

/** The name of the file, in the folder of the source. */
export const LOCK_FILE = 'component.lock.yaml';

const commit = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/, 'expected a commit of 40 hex digits'));
const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hex digits'));

/** What a part is asked for by: the rest of an entry is what that was resolved to. */
function keyOf(part: object): string {
  return JSON.stringify({ ...part, commit: undefined, version: undefined, digest: undefined });
}

/** A list with each part once. A merge by hand leaves one twice, and nobody could say which of them is meant. */
function listOf<T extends object>(item: v.GenericSchema<unknown, T>) {
  const once = v.rawCheck<T[]>(({ dataset, addIssue }) => {
    const known = new Set<string>();
    const input: readonly T[] = dataset.typed ? dataset.value : [];
    for (const [key, value] of input.entries()) {
      if (known.has(keyOf(value))) {
        const at: v.IssuePathItem = { type: 'array', origin: 'value', input, key, value };
        addIssue({ message: 'expected each part once', received: ONE_ABOVE, path: [at] });
      }
      known.add(keyOf(value));
    }
  });
  return v.optional(v.pipe(v.array(item), once), []);
}

const ONE_ABOVE = 'one that stands above, too. Delete the one that is not meant';

const schema = v.strictObject({
  git: listOf(v.strictObject({ source: v.string(), branch: v.optional(v.string()), commit })),
  charts: listOf(
    v.strictObject({
      repository: v.string(),
      chart: v.string(),
      asked: v.optional(v.string()),
      for: v.optional(v.string()),
      version: v.string(),
      digest,
    }),
  ),
  files: listOf(v.strictObject({ url: v.string(), digest })),
});

/** What the remote parts of a definition were resolved to. */
export type Lock = v.InferOutput<typeof schema>;
export type LockedChart = Lock['charts'][number];

/** Reads a lock file. @throws ConfigError with file and line of each mistake */
export function readLock(text: string, file: string): Lock {
  return readConfig(schema, text, file);
}

const HEAD =
  '# What the remote parts were resolved to. `materialize` with `update: true` keeps it; edits of yours are lost.\n';

/** The text of a lock file: one form for one lock. */
export function lockText({ git, charts, files }: Lock): string {
  const sorted = { git: inOrder(git), charts: inOrder(charts), files: inOrder(files) };
  return `${HEAD}${stringify(Object.fromEntries(Object.entries(sorted).filter(([, list]) => list.length > 0)), { lineWidth: 0 })}`;
}

function inOrder<T>(list: readonly T[]): T[] {
  const key = (item: T) => JSON.stringify(item);
  return [...list].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/**
 * The lock that takes the place of another one in the same file: what was used, and what the file has for sources of other runs.
 *
 * @param users whose parts were resolved anew: the `for` of charts that are sources themselves, and empty for the source in the folder
 */
export function nextLock(before: Lock, used: Lock, users: ReadonlySet<string>): Lock {
  const { git, files } = users.has('') ? used : before;
  return { git, charts: [...used.charts, ...before.charts.filter((each) => !users.has(each.for ?? ''))], files };
}

/** What one lock has otherwise than another, a line each. */
export function movesBetween(before: Lock, after: Lock): string[] {
  const [old, fresh] = [pinsOf(before), pinsOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap((name) => {
    const [from, to] = [old.get(name), fresh.get(name)];
    const what = from === undefined ? `new, ${to}` : to === undefined ? `gone, was ${from}` : `from ${from} to ${to}`;
    return from === to ? [] : [`${name}: ${what}`];
  });
}

/** The git sources that are new or move; `undefined` where charts or files do, too. What is gone changes nothing. */
export function movedSources(before: Lock, after: Lock): GitSource[] | undefined {
  const isNew = <T>(list: readonly T[]) => {
    const known = new Set(list.map((each) => JSON.stringify(each)));
    return (each: T) => !known.has(JSON.stringify(each));
  };
  const hasMore = after.charts.some(isNew(before.charts)) || after.files.some(isNew(before.files));
  const moved = after.git.filter(isNew(before.git));
  return hasMore ? undefined : moved.map(({ source, branch }) => ({ url: source, branch, commit: undefined }));
}

/** What each part is pinned to, by a name for people. */
function pinsOf({ git, charts, files }: Lock): Map<string, string> {
  return new Map([
    ...git.map(
      (each) => [`${each.source}${each.branch === undefined ? '' : ` (${each.branch})`}`, each.commit] as const,
    ),
    ...charts.map(
      (each) =>
        [
          [`chart ${each.chart}`, each.asked, `of ${each.repository}`, each.for && `for ${each.for}`]
            .filter((word) => word !== undefined)
            .join(' '),
          `${each.version} ${each.digest}`,
        ] as const,
    ),
    ...files.map((each) => [each.url, each.digest] as const),
  ]);
}
