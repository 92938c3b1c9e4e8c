import * as v from 'valibot';
import { ticking } from '../../actions/create-preview-env/fork-pulls.js';
import { type PreviewStage, previewStage, runWith, type TestPull } from '../../actions/create-preview-env/support.js';
import { asked, type ServedStage, serve, servedStage } from '../../actions/serve-previews/support.js';
import type { ActionResult } from '../../support/run-action.js';
import { type Verb, worldOf } from '../verb.js';

const nodeSchema = v.object({ node_id: v.string() });

/** Says something on a pull request. @returns the node id of the comment */
async function say({ rest }: PreviewStage, { number }: TestPull, body: string): Promise<string> {
  return v.parse(nodeSchema, await rest('POST', `/repos/acme/apps/issues/${number}/comments`, { body })).node_id;
}

const payloadOf = ({ number }: TestPull, comment: string) => ({
  ...{ repository: 'acme/apps', run: 7, pull_request: number, comment },
});

/** The run of an apps repository for a comment, where it writes previews itself. */
function obey({ stage }: PreviewStage, comment: string, signal?: AbortSignal) {
  const event = { name: 'issue_comment', payload: { comment: { node_id: comment } } };
  return runWith(stage, 'acme/apps', 'preview-command', event, {}, signal);
}

/** What a run answers; nothing where the comment was answered before. */
const answer = ({ outputs: { outcome, answer = '' } }: ActionResult) =>
  outcome === 'none' ? '' : `${outcome}: ${answer}`;

/** What is said before, and then the command that is tried. */
type Said = [first: string | undefined, command: string];

/**
 * @param what says it for people
 * @param said a command, and the one that has to come before it
 */
function plain(what: string, [first, command]: Said): Verb {
  return {
    name: `preview-command: ${what}`,
    async world() {
      const world = await previewStage(undefined, 'acme/apps', '', ticking(0));
      const pull = await world.openPull('one');
      await world.create(pull);
      if (first !== undefined) {
        await obey(world, await say(world, pull, first));
      }
      const comment = await say(world, pull, command);
      return worldOf(world, [world.ops, world.apps], (signal) => obey(world, comment, signal), answer);
    },
  };
}

/** The same where ops alone writes previews: what its workflow does for the command that it is asked to obey. */
function guarded(what: string, [first, command]: Said): Verb {
  return {
    name: `serve-previews: ${what}`,
    async world() {
      const world: ServedStage = await servedStage(undefined, '', ticking(0));
      const pull = await world.openPull('one');
      await asked(world, pull);
      if (first !== undefined) {
        await serve(world, payloadOf(pull, await say(world, pull, first)));
      }
      const payload = payloadOf(pull, await say(world, pull, command));
      return worldOf(world, [world.ops], (signal) => serve(world, payload, signal));
    },
  };
}

const SAID: Readonly<Record<string, Said>> = {
  keep: [undefined, '/preview keep 5d'],
  redeploy: [undefined, '/preview redeploy'],
  'redeploy what has gone': ['/preview remove', '/preview redeploy'],
  remove: [undefined, '/preview remove'],
  sleep: [undefined, '/preview sleep'],
  wake: ['/preview sleep', '/preview wake'],
};

const every = (way: (what: string, said: Said) => Verb) => Object.entries(SAID).map(([what, said]) => way(what, said));

/** All commands both ways; for each change some of each way, since what is killed there is the same engine. */
export const previewCommands: readonly Verb[] =
  process.env.OSTACK_TORTURE === 'all'
    ? [...every(plain), ...every(guarded)]
    : [
        plain('redeploy what has gone', ['/preview remove', '/preview redeploy']),
        // Of what has gone only the history tells why.
        plain('remove', [undefined, '/preview remove']),
        guarded('sleep', [undefined, '/preview sleep']),
      ];
