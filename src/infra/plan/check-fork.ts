import { join } from 'node:path';
import { redactorOf } from '../redact/redactor.js';
import type { Root } from '../roots/find-roots.js';
import { diagnosticsOfValidate, errorText } from '../tool/diagnostics.js';
import type { PlanRun } from './plan-root.js';

/**
 * What can be said of a root without any credentials: whether its files are formatted and valid. This is all that a fork gets.
 *
 * @returns what is wrong, as text; empty where nothing is
 */
export async function checkWithoutCredentials(
  root: Root,
  { tool, environment, checkout, signal }: PlanRun,
): Promise<string> {
  const at = { cwd: join(checkout, root.folder), env: environment.env, signal };
  const { redact } = redactorOf(environment.secrets);
  const format = await tool.run(['fmt', '-check', '-no-color'], at);
  const unformatted =
    format.exitCode === 0
      ? ''
      : `Not formatted, run "${tool.name} fmt":\n${format.stdout.trim() || format.stderr.trim()}`;
  const init = await tool.run(['init', '-backend=false', '-input=false', '-no-color', '-lockfile=readonly'], at);
  if (init.exitCode !== 0) {
    return redact([unformatted, init.stderr.trim() || init.detail].filter((part) => part !== '').join('\n\n'));
  }
  const validate = await tool.run(['validate', '-json', '-no-color'], at);
  const invalid =
    validate.exitCode === 0 ? '' : errorText(diagnosticsOfValidate(validate.stdout), true) || validate.stderr.trim();
  return redact([unformatted, invalid].filter((part) => part !== '').join('\n\n'));
}
