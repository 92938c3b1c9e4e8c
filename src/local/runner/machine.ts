import { delimiter, dirname } from 'node:path';
import type { Machine } from './services.js';

/**
 * This machine's PATH and Node.js, for jobs. `OSTACK_TEST_NODE` names another Node.js for JavaScript actions, and
 * `OSTACK_TEST_PRELOAD` modules that it loads before them, separated as in PATH.
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
    env: {},
  };
}
