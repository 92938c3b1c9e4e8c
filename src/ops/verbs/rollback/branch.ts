import { createHash } from 'node:crypto';

/** Git's files for refs have names of at most 255 bytes, with an ending of git's own while they are written. */
const LONGEST_NAME = 200;

/** `ostack-rollback/<environment>/<app>`, several apps joined by `+`; of very many the first, with a hash of them all. */
export function rollbackBranch({ environment, apps }: { environment: string; apps: readonly string[] }): string {
  const [first = '', ...more] = [...apps].sort();
  const all = [first, ...more].join('+');
  const hash = createHash('sha256').update(all).digest('hex').slice(0, 12);
  return `ostack-rollback/${environment}/${all.length <= LONGEST_NAME ? all : `${first}+${more.length}-${hash}`}`;
}
