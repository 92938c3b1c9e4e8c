import type { Deployments } from './deployments.js';
import { NoOverlays } from './unclear-layout.js';

/** Folders that a message names. */
const NAMED = 4;

/**
 * The error of folders that are deployed, and nothing says into which environment. A single environment that the policy
 * names has them all.
 */
export function untoldEnvironment(unknown: Deployments['unknown']): NoOverlays {
  const folders = unknown.slice(0, NAMED).map(({ path, file }) => `${path} (by ${file})`);
  const list = `${folders.join(', ')}${unknown.length > NAMED ? ', …' : ''}`;
  return new NoOverlays(
    `The objects of Flux and Argo CD deploy ${list}, and nothing says into which environment: neither a folder of them or of ` +
      'their objects, nor a name, a label or a destination of an object is called as environments usually are (staging, ' +
      'production, …).\nWhere it is only one, name it in ostack.yaml:\n\nenvironments:\n  production: {}\n\n' +
      'Where there are several, call what deploys each of them after it: clusters/<environment>, or <app>-<environment>.\n',
  );
}
