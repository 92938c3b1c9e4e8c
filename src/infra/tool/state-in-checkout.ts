import { readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import * as v from 'valibot';
import type { ToolRun } from './tool.js';

const initialisedSchema = v.object({
  backend: v.object({ type: v.string(), config: v.nullish(v.object({ path: v.nullish(v.string()) })) }),
});

/** Where the state is without a backend. @see https://opentofu.org/docs/language/settings/backends/local/ */
const NAME = 'terraform.tfstate';

/**
 * The file that a root's state would be written to, where that is one of the checkout: it is gone after the run, and with it what
 * says what an apply has made.
 *
 * @param at where `init` has run
 * @param checkout the folder of the repository
 * @returns its path in the repository; `undefined` where the state is elsewhere
 */
export async function stateInCheckout(
  { cwd, env }: Pick<ToolRun, 'cwd' | 'env'>,
  checkout: string,
): Promise<string | undefined> {
  const made = join(resolve(cwd, env.TF_DATA_DIR ?? '.terraform'), NAME);
  const text = await readFile(made, 'utf8').catch(() => '');
  // Without a backend block the tool writes no such file, or one without a backend.
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), initialisedSchema), text);
  const { type, config } = parsed.success ? parsed.output.backend : { type: 'local', config: undefined };
  const path = relative(checkout, resolve(cwd, config?.path ?? NAME));
  return type !== 'local' || path === '..' || path.startsWith(`..${sep}`) ? undefined : path.split(sep).join('/');
}

/** What is wrong with a state there, and what to do: sentences. */
export function lostStateProblem(path: string): string {
  return `Its state is the file ${path} of the checkout, which is gone after the run. What an apply makes nobody would know of then, and the next one would make it again, so nothing of it is applied. Give it a backend block, or name its settings by backend-config in ostack.yaml; where it is no root, name those that are.`;
}
