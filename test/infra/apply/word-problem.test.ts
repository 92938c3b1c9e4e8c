import { expect, test } from '@jest/globals';
import { wordProblem } from '../../../src/infra/apply/word-problem.js';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';

const TEAMS: Record<string, string[]> = { 'acme/leads': ['grace'] };
const logins = (all: readonly string[]) => Promise.resolve(all.flatMap((each) => TEAMS[each] ?? [each]));
const root = (more: string) => `roots: { net: { ${more} } }\n`;
const IN_PRODUCTION = `${root('environment: production')}environments: { staging: { approvers: [bob] }, production: { approvers: [acme/leads] } }\n`;

test.each<[string, string[], string, string | undefined]>([
  ['anybody, where nobody has to approve', [root('')], 'ada', undefined],
  ['an approver of the root', [root('approvers: [ada]')], 'ada', undefined],
  ['an approver in a team', [root('approvers: [acme/leads]')], 'grace', undefined],
  ['nobody else', [root('approvers: [bob]')], 'ada', 'ada is none of its approvers'],
  ['an approver of its environment', [IN_PRODUCTION], 'grace', undefined],
  ['nobody else of its environment', [IN_PRODUCTION], 'ada', 'none of the approvers of production'],
  ['no approver of another environment', [IN_PRODUCTION], 'bob', 'none of the approvers of production'],
  [
    'an approver of each environment, where it names none',
    [IN_PRODUCTION.replace('environment: production', '')],
    'grace',
    'none of the approvers of staging',
  ],
  [
    'nobody but approvers of losses',
    [`${root('')}losses: { approvers: [bob] }\n`],
    'ada',
    'none of the approvers of losses',
  ],
  ['anybody, where losses ask nobody', [`${root('')}losses: false\n`], 'ada', undefined],
  [
    'no new approver alone',
    [root('approvers: [ada]'), root('approvers: [bob]')],
    'ada',
    'ada is none of its approvers',
  ],
  ['never one for two', [root('approvers: [ada, bob], approvals: 2')], 'ada', 'It takes 2 of its approvers'],
])('What a person accepts counts of %s', async (_what, policies, login, problem) => {
  const word = { login, accepts: 'aaaa' };
  const found = await wordProblem(word, { name: 'net' }, policies.map(readInfraConfig), logins);
  expect(found).toEqual(problem === undefined ? undefined : expect.stringContaining(problem));
});

test('One of two may say that a killed apply was looked after: nothing else than what was reviewed follows from it', async () => {
  const policy = readInfraConfig(root('approvers: [ada, bob], approvals: 2'));
  expect(await wordProblem({ login: 'ada', accepts: undefined }, { name: 'net' }, [policy], logins)).toBeUndefined();
});
