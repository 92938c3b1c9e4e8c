import { resolve } from 'node:path';
import { parseRepository } from '../../github/context.js';
import { integerInput, requiredInput, secretInput, textInput } from '../../runtime/inputs.js';

/** Reads the inputs. @throws Error naming the input that is missing or malformed */
export function readInputs() {
  const ops = requiredInput('ops-repository', 'Pass the output "repository" of find-ops-repository.');
  const archive = requiredInput('archive', 'Name the folder that the archive was downloaded to.');
  const registry = textInput('registry')?.replace(/(?<!\/)\/+$/, '');
  if (registry?.includes('://')) {
    throw new Error(`Input "registry" is "${registry}", expected it without https://, for example ghcr.io/acme.`);
  }
  return {
    archive: resolve(process.env.GITHUB_WORKSPACE ?? process.cwd(), archive),
    opsRepository: parseRepository(ops, 'Input "ops-repository"'),
    /** For the ops repository. */
    opsToken: secretInput('token') ?? requiredInput('token', 'Pass a token that may read the ops repository.'),
    /** For this repository, and for GitHub's registry. */
    token: secretInput('github-token') ?? requiredInput('github-token', 'Pass the token of the job, `github.token`.'),
    registry,
    username: textInput('username'),
    password: secretInput('password'),
    forkLabel: textInput('fork-label') ?? 'preview',
    maxSize: integerInput('max-size', 4096, 1) * 1024 * 1024,
  };
}

export type Inputs = ReturnType<typeof readInputs>;
