import { expect, test } from '@jest/globals';
import { readInfraConfig } from '../../../src/infra/config/infra-config.js';
import { findRoots } from '../../../src/infra/roots/find-roots.js';
import { planTimesAdvice } from '../../../src/infra/roots/plan-times.js';
import { infraFiles } from '../support/infra-files.js';

const call = (source: string) => `module "m" {\n  source = "${source}"\n}\n`;
const advice = (files: Record<string, string>, folder = 'net') =>
  planTimesAdvice(findRoots(infraFiles(files), readInfraConfig(undefined)), folder);

test.each<[string, Record<string, string>, string]>([
  ['a file of it', { 'net/main.tf': 'locals {\n  at = plantimestamp()\n}\n' }, 'plantimestamp() in net/main.tf:2 is'],
  ['a text', { 'net/main.tf': `locals { at = "at \${formatdate("DD", plantimestamp ( ))}" }` }, 'net/main.tf:1 is'],
  ['the form in JSON', { 'net/main.tf.json': `{"locals":\n{"at":"\${plantimestamp()}"}}` }, 'net/main.tf.json:2 is'],
  [
    'a module that it calls',
    { 'net/main.tf': call('../modules/m'), 'modules/m/m.tf': 'locals { at = plantimestamp() }' },
    'modules/m/m.tf:1 is',
  ],
  [
    'many places, of which the first are named',
    { 'net/a.tf': 'x = plantimestamp()\n'.repeat(5) },
    'net/a.tf:1, net/a.tf:2, net/a.tf:3, … is another time in each plan',
  ],
])('What varies from plan to plan is found in %s', (_what, files, says) => {
  expect(advice(files)).toContain(says);
  expect(advice(files)).toContain('take timestamp(), which a plan leaves open');
});

test.each<[string, Record<string, string>]>([
  ['a comment', { 'net/main.tf': '# plantimestamp()\n  // plantimestamp()\n' }],
  ['another function', { 'net/main.tf': 'locals { at = timestamp() }\nlocals { of = my_plantimestamp(1) }' }],
  ['another root', { 'net/main.tf': '', 'app/main.tf': 'locals { at = plantimestamp() }' }],
])('Nothing varies by %s', (_what, files) => {
  expect(advice(files)).toBe('');
});
