import { afterAll, describe, expect, test } from '@jest/globals';
import { goodRun, KILLED_AFTER, survive, TROUBLES } from './torture.js';
import { verbs } from './verbs/index.js';

/** `npm run torture` tries every kind of trouble, `npm test` the one that leaves most behind. */
const troubles = process.env.OSTACK_TORTURE === 'all' ? TROUBLES : [KILLED_AFTER];

describe('what is interrupted at any request ends the same when it runs again', () => {
  const table: string[] = [];
  afterAll(() => {
    if (process.env.OSTACK_TORTURE === 'all') {
      process.stdout.write(`${table.join('\n')}\n`);
    }
  });

  test.each(verbs)(
    '$name',
    async (verb) => {
      const good = await goodRun(verb);
      for (const trouble of troubles) {
        let survived = 0;
        for (let at = 0; at < good.requests; at += 1) {
          const { endState, exitCode, log } = await survive(verb, trouble, at);
          const told = `${verb.name}, request ${at}: ${trouble.name}`;
          expect({ told, exitCode, endState, ...(exitCode === 0 ? {} : { log }) }).toEqual({
            told,
            exitCode: 0,
            endState: good.endState,
          });
          survived += 1;
        }
        table.push(`${verb.name} | ${trouble.name} | ${good.requests} tried | ${survived} survived`);
      }
    },
    600_000,
  );
});
