/**
 * The files through which a step gives outputs, variables, paths, state and its summary.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, RunError } from './errors.js';

const kinds = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const;

/** GitHub's limit of a step's summary, in bytes. */
const summaryLimit = 1024 * 1024;

export interface StepFiles {
  /** `GITHUB_OUTPUT`, `GITHUB_ENV` and so on: the step's variables that name the files. */
  env: Record<string, string>;
  /** Reads what the step wrote and removes the files. */
  collect(): Promise<StepEffects>;
}

export interface StepEffects {
  outputs: Record<string, string>;
  env: Record<string, string>;
  path: string[];
  state: Record<string, string>;
  summary: string;
  /** Errors in GitHub's wording; any of them fails the step. */
  errors: string[];
}

/** Makes fresh, empty files for one step. */
export async function openStepFiles(folder: string): Promise<StepFiles> {
  await mkdir(folder, { recursive: true });
  const id = randomUUID();
  const env: Record<string, string> = {};
  for (const kind of kinds) {
    const path = join(folder, `${kind.toLowerCase()}_${id}`);
    await writeFile(path, '');
    env[kind] = path;
  }
  const readKind = async (kind: (typeof kinds)[number]) => await readFile(env[kind] ?? '', 'utf8').catch(() => '');
  return {
    env,
    async collect() {
      const effects: StepEffects = { outputs: {}, env: {}, path: [], state: {}, summary: '', errors: [] };
      for (const [key, kind] of [
        ['outputs', 'GITHUB_OUTPUT'],
        ['env', 'GITHUB_ENV'],
        ['state', 'GITHUB_STATE'],
      ] as const) {
        try {
          effects[key] = parsePairs(await readKind(kind));
        } catch (error) {
          effects.errors.push(`Unable to process file command '${kind.slice(7).toLowerCase()}' successfully.`);
          effects.errors.push(messageOf(error));
        }
      }
      for (const name of Object.keys(effects.env).filter((key) => /^(GITHUB_|RUNNER_|NODE_OPTIONS$)/i.test(key))) {
        delete effects.env[name];
        effects.errors.push(`Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
      }
      effects.path = (await readKind('GITHUB_PATH')).split(/\r?\n/).filter((line) => line !== '');
      effects.summary = await readKind('GITHUB_STEP_SUMMARY');
      const bytes = Buffer.byteLength(effects.summary);
      if (bytes > summaryLimit) {
        effects.summary = '';
        effects.errors.push(
          `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(bytes / 1024)}k.`,
        );
      }
      await Promise.all(Object.values(env).map((path) => rm(path, { force: true })));
      return effects;
    },
  };
}

/**
 * Reads `name=value` lines and `name<<DELIMITER` blocks.
 *
 * @throws RunError with GitHub's message for any other line
 */
export function parsePairs(text: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') {
      continue;
    }
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals > 0 && (heredoc < 0 || equals < heredoc)) {
      pairs[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc > 0 && line.length > heredoc + 2) {
      const delimiter = line.slice(heredoc + 2);
      const end = lines.indexOf(delimiter, index + 1);
      if (end === -1) {
        throw new RunError(`Invalid value. Matching delimiter not found '${delimiter}'`);
      }
      pairs[line.slice(0, heredoc)] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else {
      throw new RunError(`Invalid format '${line}'`);
    }
  }
  return pairs;
}
