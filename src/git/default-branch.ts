import * as v from 'valibot';
import type { RunEvent } from '../github/event.js';
import { askServer } from './ask-server.js';
import type { Git } from './git.js';

const payloadSchema = v.object({ repository: v.object({ default_branch: v.pipe(v.string(), v.nonEmpty()) }) });

/**
 * The default branch of the repository: as the event of the run says, else as the server does.
 *
 * @throws Error with a sentence for people when the server refuses
 */
export async function readDefaultBranch(git: Git, { payload }: RunEvent): Promise<string> {
  const event = v.safeParse(payloadSchema, payload);
  if (event.success) {
    return event.output.repository.default_branch;
  }
  const answer = await askServer(git, ['ls-remote', '--symref', git.url, 'HEAD']);
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer.stdout)?.[1];
  if (branch === undefined) {
    throw new Error(
      `Could not find the default branch of ${git.repository} at ${git.url}: ${answer.problem}. The token needs "contents: read".`,
    );
  }
  return branch;
}
