import { describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { isEncryptedPlan, partsMoved, readSavedPlan } from '../../../src/infra/apply/saved-plan.js';

interface Given {
  serial?: number;
  lineage?: string;
  files?: Record<string, string>;
  lock?: string;
  plan?: number[];
  state?: object;
  previous?: string;
  modules?: object[];
}

/** A field of a message: its number, and bytes of a length. */
const field = (number: number, text: string) => {
  const tag = number * 8 + 2;
  return [...(tag < 128 ? [tag] : [(tag % 128) + 128, tag >> 7]), text.length, ...Buffer.from(text)];
};
const BACKEND = field(13, 'local /state');
const PLAN = [8, 3, ...field(3, 'x'), ...field(3, 'y'), ...field(21, 'now'), ...BACKEND];
const MODULES = [
  { Key: '', Dir: '.' },
  { Key: 'm', Source: '../modules/m', Dir: '../modules/m' },
];

/** A plan file as OpenTofu 1.12 writes it. */
function saved({
  serial = 3,
  lineage = 'l',
  files,
  lock = 'lock',
  plan = PLAN,
  state = {},
  previous = '{}',
  modules = [],
}: Given = {}) {
  const configuration = files ?? { 'm-/main.tf': 'a', 'm-m/main.tf': 'b' };
  const text = (content: string) => Buffer.from(content);
  return zipSync({
    ...{ tfplan: Uint8Array.from(plan), tfstate: text(JSON.stringify({ version: 4, serial, lineage, ...state })) },
    ...{ 'tfstate-prev': text(previous), '.terraform.lock.hcl': text(lock) },
    'tfconfig/modules.json': text(JSON.stringify([...MODULES, ...modules])),
    ...Object.fromEntries(Object.entries(configuration).map(([name, content]) => [`tfconfig/${name}`, text(content)])),
  });
}

const ELSE = ['what else is in its file'];

/** Files of the root that are another module's too: by their paths they are as they should be. */
const TWICE: Given = {
  files: { 'm-/main.tf': 'evil', 'm-m/main.tf': 'b', 'm-x/main.tf': 'a' },
  modules: [{ Key: 'x', Dir: '.' }],
};

describe('A saved plan', () => {
  test('has the state that it is of, and the configuration by its paths', () => {
    const plan = readSavedPlan(saved());
    expect(plan.state).toEqual({ serial: 3, lineage: 'l' });
    expect([...plan.configuration]).toEqual([
      ['main.tf', 'a'],
      ['../modules/m/main.tf', 'b'],
    ]);
  });

  test.each<[string, Given, string[]]>([
    ['nothing', {}, []],
    ['the serial of the state', { serial: 4 }, ['the state (serial 3, now 4)']],
    ['its lineage', { lineage: 'm' }, ['the state (serial 3, now 3)']],
    ['the lock file', { lock: 'other' }, ['the lock file']],
    ['a file', { files: { 'm-/main.tf': 'c', 'm-m/main.tf': 'b' } }, ['the configuration (main.tf)']],
    [
      'a file that is new',
      { files: { 'm-/main.tf': 'a', 'm-m/main.tf': 'b', 'm-/x.tf': '' } },
      ['the configuration (x.tf)'],
    ],
    ['a file of a module that is gone', { files: { 'm-/main.tf': 'a' } }, ['the configuration (../modules/m/main.tf)']],
    [
      'nothing but its time',
      { plan: [8, 3, ...field(3, 'x'), ...field(3, 'y'), ...field(21, 'then'), ...BACKEND] },
      [],
    ],
    ['nothing but its order', { plan: [...BACKEND, ...field(3, 'y'), ...field(3, 'x'), 8, 3] }, []],
    ['that it is of a target', { plan: [...PLAN, ...field(5, 'x.y')] }, ELSE],
    ['what a provider keeps of a thing', { plan: [8, 3, ...field(3, 'x'), ...field(3, 'z'), ...BACKEND] }, ELSE],
    ['what the state has', { state: { resources: [] } }, ELSE],
    ['what the state had', { previous: '{"a":1}' }, ELSE],
    ['what the root has, in the files of another module', TWICE, ELSE],
    ['where the state is', { plan: field(13, 'local /other') }, ['the place of the state']],
    ['that it says twice where', { plan: [...BACKEND, ...field(13, 'local /other')] }, ['the place of the state']],
    ['what cannot be read before it', { plan: [11, ...BACKEND] }, ['the place of the state']],
  ])('tells that %s has moved', (_name, given, moved) => {
    expect(partsMoved(readSavedPlan(saved()), readSavedPlan(saved(given)))).toEqual(moved);
  });

  test.each<[string, Uint8Array]>([
    ['is no zip', Buffer.from('x')],
    ['has no plan in it', zipSync({ a: Buffer.from('x') })],
  ])('that %s is refused', (_name, bytes) => {
    expect(() => readSavedPlan(bytes)).toThrow('This is no saved plan');
  });

  test('that OpenTofu encrypted itself is known as one, and no other is', () => {
    const encrypted = Buffer.from(
      '{"meta":{"key_provider.pbkdf2.k":"e30="},"encrypted_data":"YWJj","encryption_version":"v0"}',
    );
    expect([encrypted, saved(), Buffer.from('{"a":1}'), Buffer.alloc(0)].map(isEncryptedPlan)).toEqual([
      ...[true, false, false, false],
    ]);
  });
});
