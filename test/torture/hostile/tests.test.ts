import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { checkout, config } from '../../actions/run-tests/support.js';
import { record } from '../table.js';
import { EVERYTHING, LINES, STOLEN, TEXTS } from './values.js';
import { watched } from './watch.js';

const SERVER = 'https://github.test';
/** `npm run torture` takes the size that people fear, `npm test` one that takes no time. */
const LENGTH = process.env.OSTACK_TORTURE === 'all' ? 5_000_000 : 200_000;
const SECRET = 'ghs_canary0123456789';

/** Text as XML, line breaks in attributes included. */
function xml(text: string): string {
  return text.toWellFormed().replace(/[&<>"'\r\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function failing(name: string): string {
  const text = xml(name);
  return `<testcase name="${text}" classname="${text}" file="../../../etc/passwd" time="1"><failure message="${text}">${text} at /etc/passwd:1</failure></testcase>`;
}

/** Every level of it is ten times the one below: a thousand million in the end. */
const BOMB = `<!DOCTYPE x [<!ENTITY a0 "boom">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`).join('')}]>
<testsuite><testcase name="&a9;"/></testsuite>`;

const REPORTS: Record<string, string> = {
  'lines.xml': `<testsuite name="${xml(EVERYTHING)}">${[...LINES, ...TEXTS].map(({ value }) => failing(value)).join('')}</testsuite>`,
  'bomb.xml': BOMB,
  'outside.xml': '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&a;"/></testsuite>',
  'deep.xml': `<testsuite>${'<testsuite name="a">'.repeat(5000)}${'</testsuite>'.repeat(5000)}</testsuite>`,
  'long.xml': `<testsuite>${failing('a/'.repeat(LENGTH / 100))}${failing('x'.repeat(LENGTH))}</testsuite>`,
  'none.xml': '\ud800<testsuite',
};

test('reports and logs of tests are read and told of, whatever they hold', async () => {
  await using place = await checkout({ 'ostack.yaml': config({ shop: 'cat log.txt; cp -r reports out; exit 1' }) });
  await mkdir(join(place.folder, 'apps/shop/reports'), { recursive: true });
  for (const [name, text] of Object.entries(REPORTS)) {
    await writeFile(join(place.folder, 'apps/shop/reports', `junit-${name}`), text);
  }
  await writeFile(
    join(place.folder, 'apps/shop/log.txt'),
    `${EVERYTHING}\n::stop-commands::x\n::x::\n::set-output name=${STOLEN}::${STOLEN}`,
  );
  const run = await watched({
    action: 'run-tests',
    cwd: place.folder,
    inputs: { attempts: '1' },
    env: {
      GITHUB_REPOSITORY: 'acme/apps',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_SERVER_URL: SERVER,
      GITHUB_API_URL: 'https://api.github.test',
      GITHUB_GRAPHQL_URL: 'https://api.github.test/graphql',
      'INPUT_GITHUB-TOKEN': SECRET,
    },
    secrets: [SECRET],
    servers: [SERVER],
  });
  const violations = run.violations.filter((each) => !/^written: .*\/apps\/shop\/out\//.test(each));
  record({ scenario: 'hostile input: run-tests', tried: 1, survived: violations.length === 0 ? 1 : 0 });
  expect(violations).toEqual([]);
  expect(run.exitCode).toBe(1);
  // The bomb, the one with an entity of outside, the one without an end, and the one that is too deep.
  expect(run.stdout.match(/could not be read/g)).toHaveLength(4);
  expect(run.stdout).not.toContain('root:x:0');
  expect(run.summary).toContain('Slowest tests');
  expect(run.summary.length).toBeLessThan(200_000);
  expect(Buffer.byteLength(run.stdout)).toBeLessThan(500_000);
}, 120_000);
