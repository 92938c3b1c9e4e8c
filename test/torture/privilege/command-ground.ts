import { previewStage, runWith } from '../../actions/create-preview-env/support.js';
import { at, rest } from '../../local/github/support.js';
import type { Ground } from './missing.js';

/** A pull request with a preview that runs, which somebody who may write puts to sleep. */
export async function commandGround(): Promise<Ground> {
  const world = await previewStage();
  const { stage } = world;
  let pull = await world.openPull('change');
  // Only what a bot wrote is taken for a comment of ours.
  const token = stage.github.issueToken({ actor: 'acme[bot]' });
  return {
    stage,
    async run(tokens) {
      // It is awake with each push.
      pull = await world.push(pull);
      await world.create(pull, { token, 'github-token': token });
      const comments = `POST /repos/acme/apps/issues/${pull.number}/comments`;
      const ada = stage.github.issueToken({ actor: 'ada' });
      const { body } = await rest(stage, comments, { body: '/preview sleep' }, ada);
      const event = { name: 'issue_comment', payload: { comment: { node_id: at(body, 'node_id') } } };
      return runWith(stage, 'acme/apps', 'preview-command', event, tokens);
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
