import type { GitHub } from '../../../../github/client.js';
import type { Connected } from '../../../../github/connected.js';
import type { RunContext } from '../../../../github/context.js';

/** What all requests are served with. */
export interface Serving {
  /** The ops repository, with a token that may write the branch of previews. */
  ops: Connected;
  /** With a token that reads pull requests and runs of apps repositories, and writes nothing there. */
  appsGitHub: GitHub;
  context: RunContext;
  /** Name of the label that gives a commit of a fork its preview. */
  forkLabel: string;
  dryRun: boolean;
  /** Whether a sweep takes it up: then what was there and has gone since stays away. */
  isLate?: boolean;
}
