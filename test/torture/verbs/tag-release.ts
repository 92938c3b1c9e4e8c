import * as v from 'valibot';
import { startScenario } from '../../actions/tag-release/support/scenario.js';
import type { Verb } from '../verb.js';

const pages = v.array(v.object({ tag_name: v.string(), body: v.string() }));

export const tagRelease: Verb = {
  name: 'tag-release',
  async world() {
    const scenario = await startScenario({
      'apps/cart/Dockerfile': 'FROM scratch\n',
      'apps/shop/Dockerfile': 'FROM scratch\n',
    });
    await scenario.push('feat: cards', { 'apps/cart/a.txt': '1', 'apps/shop/a.txt': '1' });
    return {
      stage: scenario.stage,
      act: (signal) => scenario.run({ signal }),
      async endState() {
        const releases = v.parse(pages, await scenario.rest('GET', 'releases'));
        return {
          refs: Object.keys(await scenario.repository.refs()).sort(),
          releases: releases.map(({ tag_name, body }) => scenario.plain(`${tag_name}\n${body}`)).sort(),
        };
      },
      [Symbol.asyncDispose]: () => scenario[Symbol.asyncDispose](),
    };
  },
};
