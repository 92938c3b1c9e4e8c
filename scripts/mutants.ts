/**
 * `npm run mutants [-- --short] [-- <words of names>]`: breaks one rule of the sources at a time and sees whether a test of
 * the source notices. Ends with 1 where one lives, where the place of a rule is gone, where the tests fail as they are, or
 * where not all were tried in time.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eachBefore } from './mutants/each-before.js';
import { type Mutation, mutated, sampleOf } from './mutants/mutation.js';
import { runTests, type TestRun } from './mutants/run-tests.js';
import { MUTATIONS } from './mutants/table.js';
import { WorkFolder } from './mutants/work-folder.js';

/** Tests mostly compute, so more of them than processors win nothing. */
const AT_ONCE = 2;

const USAGE = 'Usage: npm run mutants [-- --short] [-- <words of names>]';

const isShort = process.argv.includes('--short');

/** Milliseconds that all tests as they are, and those of one mutation, may take: what makes one endless is noticed, too. */
const ALL_MS = isShort ? 300_000 : 1_200_000;
const ONE_MS = 60_000;

/** How many times longer than as they are the tests of a mutation may take, where the machine is slow: what takes longer never ends. */
const TIMES_LONGER = 5;

/** Milliseconds after which no further mutation is tried: a job of CI that is stopped tells nothing. */
const WHOLE_MS = isShort ? 600_000 : 5_400_000;

const root = join(import.meta.dirname, '..');
const start = performance.now();
const seconds = (since: number) => ((performance.now() - since) / 1000).toFixed(1);

function chosen(args: readonly string[]): Mutation[] {
  const words = args.filter((arg) => !arg.startsWith('--')).map((word) => word.toLowerCase());
  const all = args.includes('--short') ? sampleOf(MUTATIONS) : MUTATIONS;
  return all.filter(({ name, file }) => words.every((word) => `${name} ${file}`.toLowerCase().includes(word)));
}

/** Tests that take long may only be tests on a machine that has much to do: they are run as they are, and once more. */
async function runBroken(place: WorkFolder, mutation: Mutation): Promise<TestRun> {
  const run = (ms: number) => place.during(mutation, () => runTests(place.folder, mutation.tests, ms));
  const first = await run(ONE_MS);
  if (first.isLate !== true) {
    return first;
  }
  const began = performance.now();
  const whole = await runTests(place.folder, mutation.tests, ALL_MS);
  const limit = Math.ceil(TIMES_LONGER * (performance.now() - began));
  return whole.state !== 'passed' ? { ...whole, state: 'broken' } : limit <= ONE_MS ? first : run(limit);
}

/** @returns whether a test noticed */
async function tryOne(place: WorkFolder, mutation: Mutation): Promise<boolean> {
  const began = performance.now();
  const { state, output } = await runBroken(place, mutation);
  const words = { passed: 'ALIVE ', failed: 'killed', broken: 'BROKEN' };
  console.log(`${words[state]} ${mutation.name} (${seconds(began)} s)`);
  if (state === 'passed') {
    console.log(
      `       ${mutation.file}: ${mutation.text}\n    -> ${mutation.replacement}\n       ${mutation.tests.join(', ')}`,
    );
  } else if (state === 'broken') {
    console.log(output.replace(/^/gm, '       '));
  }
  return state === 'failed';
}

/** @returns how many are not killed */
async function tryAll(folder: string, mutations: readonly Mutation[]): Promise<number> {
  const places = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => WorkFolder.make(root, join(folder, String(index)))),
  );
  const tests = [...new Set(mutations.flatMap((mutation) => mutation.tests))];
  const whole = await Promise.all(
    places.map(async (place, index) => {
      const share = tests.filter((_, at) => at % AT_ONCE === index);
      return share.length === 0 ? undefined : runTests(place.folder, share, ALL_MS);
    }),
  );
  const failed = whole.find((run) => run !== undefined && run.state !== 'passed');
  if (failed !== undefined) {
    console.log(`The tests fail as they are, so they tell nothing of mutations:\n${failed.output}`);
    return mutations.length;
  }
  console.log(`${tests.length} test files pass as they are (${seconds(start)} s).`);
  let living = 0;
  const isOver = () => performance.now() - start >= WHOLE_MS;
  const left = await eachBefore(isOver, places, mutations, async (place, mutation) => {
    const isNoticed = await tryOne(place, mutation);
    living += isNoticed ? 0 : 1;
  });
  if (left.length > 0) {
    console.log(`${left.length} of ${mutations.length} were not tried within ${WHOLE_MS / 60_000} minutes.`);
  }
  return living + left.length;
}

const unknown = process.argv.slice(2).find((arg) => arg.startsWith('-') && arg !== '--short');
if (unknown !== undefined) {
  console.log(USAGE);
  process.exit(unknown === '--help' ? 0 : 2);
}
const mutations = chosen(process.argv.slice(2));
if (mutations.length === 0) {
  throw new Error('No mutation has these words in its name or file.');
}
for (const mutation of mutations) {
  // Where a place is gone, nothing of it is worth the minutes.
  mutated(await readFile(join(root, mutation.file), 'utf8'), mutation);
}
const folder = await mkdtemp(join(tmpdir(), 'ostack-mutants-'));
try {
  const living = await tryAll(folder, mutations);
  console.log(`\n${mutations.length - living} of ${mutations.length} killed in ${seconds(start)} seconds.`);
  process.exitCode = living === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
