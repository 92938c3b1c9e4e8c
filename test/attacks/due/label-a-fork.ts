import { ADA, at, LABEL, propose, report, rest } from '../../actions/merge-due/support.js';
import type { Due } from '../support/due.js';

/** A stranger's pull request, from a fork, with the label and a green check. */
export const deed: Due = {
  async attack(world) {
    const { stage, name } = world;
    const token = stage.github.issueToken({ actor: 'mallory' });
    const fork = await stage.github.fork(name, 'mallory/ops');
    const head = await fork.commit('topic', { 'docs/a.md': 'a\n' }, 'topic', ADA);
    const pull = { head: 'mallory:topic', base: 'main', title: 'topic' };
    const number = Number(at((await rest(stage, `POST /repos/${name}/pulls`, pull, token)).body, 'number'));
    await rest(stage, `POST /repos/${name}/issues/${number}/labels`, { labels: [LABEL] });
    await report(world, head, 'success');
    return number;
  },
  refused: /it comes from a fork, and only a person merges those/,
  honest: async (world) => (await propose(world, 'own', { 'docs/a.md': 'a\n' })).number,
};
