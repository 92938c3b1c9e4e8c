/**
 * `npm run lint:security`: what zizmor in its pedantic mode says of every workflow, action and starter, without a network.
 * Exits with 1 when there is a finding that `zizmor.yml` does not except, or an exception without a reason or a finding.
 *
 * Where zizmor is not installed it says how to get it, and fails only in CI.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { isScalar, isSeq, parseDocument } from 'yaml';
import { hasCode } from './dist/errors.js';
import { runTool } from './dist/tool.js';

const root = join(import.meta.dirname, '..');
const CONFIG = 'zizmor.yml';
const OPTIONS = ['--offline', '--persona', 'pedantic', '--quiet'];

const findingsSchema = v.array(
  v.object({
    ident: v.string(),
    locations: v.array(
      v.object({ symbolic: v.object({ key: v.object({ Local: v.object({ verbatim_path: v.string() }) }) }) }),
    ),
  }),
);

export interface Exception {
  rule: string;
  /** The name of a file. */
  file: string;
  reason: string;
}

/** The exceptions of a `zizmor.yml`, each with the comment behind it. */
export function exceptionsOf(text: string): Exception[] {
  const document = parseDocument(text);
  const rules = v.parse(v.object({ rules: v.record(v.string(), v.unknown()) }), document.toJS()).rules;
  return Object.keys(rules).flatMap((rule) => {
    const ignored = document.getIn(['rules', rule, 'ignore'], true);
    return isSeq(ignored)
      ? ignored.items.filter(isScalar).map(({ value, comment }) => ({
          ...{ rule, file: String(value), reason: (comment ?? '').trim() },
        }))
      : [];
  });
}

/**
 * What is wrong with exceptions.
 *
 * @param found `<rule> <file name>` of what is found without any exception
 */
export function problemsOf(exceptions: readonly Exception[], found: ReadonlySet<string>): string[] {
  return exceptions.flatMap(({ rule, file, reason }) => [
    ...(reason === ''
      ? [`${CONFIG}: ${rule} excepts ${file} and does not say why. Write it behind the name: "# …".`]
      : []),
    ...(found.has(`${rule} ${file}`)
      ? []
      : [`${CONFIG}: ${rule} excepts ${file}, where it finds nothing. Take it out.`]),
  ]);
}

async function files(): Promise<string[]> {
  const found = await Promise.all(
    ['.github/workflows', 'workflows', 'actions'].map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((path) => `${folder}/${path}`),
    ),
  );
  return found.flat().filter((path) => (path.startsWith('actions/') ? /\/action\.ya?ml$/ : /\.ya?ml$/).test(path));
}

/** @returns `<rule> <file name>` of everything that zizmor finds */
async function findAll(paths: readonly string[]): Promise<Set<string>> {
  const args = [...OPTIONS, '--no-config', '--no-exit-codes', '--format', 'json', ...paths];
  const { stdout } = await promisify(execFile)('zizmor', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const findings = v.parse(findingsSchema, JSON.parse(stdout));
  return new Set(
    findings.flatMap(({ ident, locations }) =>
      locations.map(({ symbolic }) => `${ident} ${symbolic.key.Local.verbatim_path.replace(/^.*\//, '')}`),
    ),
  );
}

async function main(): Promise<void> {
  const paths = await files();
  const exceptions = exceptionsOf(await readFile(join(root, CONFIG), 'utf8'));
  const problems = problemsOf(exceptions, await findAll(paths));
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
  await runTool('zizmor', [...OPTIONS, '--config', CONFIG, ...paths], root);
  console.log(`${paths.length} workflows, actions and starters; ${exceptions.length} exceptions, all with a reason`);
}

if (process.argv[1] === import.meta.filename) {
  try {
    await main();
  } catch (error) {
    const isMissing = hasCode(error, 'ENOENT');
    const how =
      'zizmor is not installed, so nothing was checked: pip install --require-hashes --requirement .ci/zizmor.txt';
    console.error(isMissing ? how : error instanceof Error ? error.message : error);
    process.exitCode = isMissing && process.env.CI === undefined ? 0 : 1;
  }
}
