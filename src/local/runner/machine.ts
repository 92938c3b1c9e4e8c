import { basename, delimiter, dirname } from 'node:path';
import type { Machine } from './services.js';

/**
 * This machine's PATH and Node.js, for jobs. `OSTACK_TEST_NODE` names another Node.js for JavaScript actions, and
 * `OSTACK_TEST_PRELOAD` modules that it loads before them, separated as in PATH. With `OSTACK_TEST_PROCESSES=reused` several
 * bundles run in one process, one after another.
 */
export function thisMachine(): Machine {
  const path = (process.env.PATH ?? '').split(delimiter);
  const own = dirname(process.execPath);
  return {
    node: process.env.OSTACK_TEST_NODE ?? process.execPath,
    nodeArguments: (process.env.OSTACK_TEST_PRELOAD ?? '')
      .split(delimiter)
      .flatMap((module) => (module === '' ? [] : ['--require', module])),
    path: (path.includes(own) ? path : [...path, own]).join(delimiter),
    reusesNode: process.env.OSTACK_TEST_PROCESSES === 'reused',
    env: {},
  };
}

/** What Node.js or what is loaded before a bundle reads at its start alone. */
const AT_START = /^(?:NODE_|SSL_|TZ$|OSTACK_TEST_TIME_LIMIT$)|_proxy$/i;

/** Whether a program may run in a process that ran others: bundles do, whose variables are none that count at the start. */
export function reusable(args: readonly string[], env: Readonly<Record<string, string>>): boolean {
  return basename(dirname(args.at(-1) ?? '')) === 'dist' && !Object.keys(env).some((name) => AT_START.test(name));
}
