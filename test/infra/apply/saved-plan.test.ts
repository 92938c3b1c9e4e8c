import { describe, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { isEncryptedPlan, partsMoved, readSavedPlan } from '../../../src/infra/apply/saved-plan.js';

interface Given {
  serial?: number;
  lineage?: string;
  files?: Record<string, string>;
  lock?: string;
  plan?: number[];
}

/** A field of a message: its number, and bytes of a length. */
const field = (number: number, text: string) => [number * 8 + 2, text.length, ...Buffer.from(text)];
const BACKEND = field(13, 'local /state');
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
  plan = [8, 3, ...field(3, 'x'), ...BACKEND],
}: Given = {}) {
  const configuration = files ?? { 'm-/main.tf': 'a', 'm-m/main.tf': 'b' };
  const text = (content: string) => Buffer.from(content);
  return zipSync({
    ...{ tfplan: Uint8Array.from(plan), tfstate: text(JSON.stringify({ version: 4, serial, lineage })) },
    ...{ 'tfstate-prev': text('{}'), '.terraform.lock.hcl': text(lock) },
    'tfconfig/modules.json': text(JSON.stringify(MODULES)),
    ...Object.fromEntries(Object.entries(configuration).map(([name, content]) => [`tfconfig/${name}`, text(content)])),
  });
}

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
