import { describe, expect, test } from '@jest/globals';
import { findEntries, folderOf, prefixOf } from '../../../src/infra/history/entries.js';
import { type KeptPlan, keepPlan, keepStep } from '../../../src/infra/history/keep-plan.js';
import { listPlans, readPart, readRecord, readSteps } from '../../../src/infra/history/read-plan.js';
import { newIdentity } from '../../../src/infra/space/age-keys.js';
import { FakeSpace } from '../space/fake-space.js';

const commit = 'c'.repeat(40);
const { identity, recipient } = newIdentity();
const given = (root = 'staging', at = '2026-11-30T12:00:00Z'): KeptPlan => ({
  ...{
    root,
    commit,
    at: new Date(at),
    tool: 'OpenTofu 1.12.6',
    pull: 7,
    run: 'https://github.com/acme/infra/actions/runs/1',
  },
  ...{ plan: Buffer.from('the plan'), json: '{"format_version":"1.2"}', text: 'Plan: 1 to add' },
});

describe('The history of plans', () => {
  test('has what was kept, whole, for whoever has the key', async () => {
    await using fake = await FakeSpace.start();
    const { space } = fake;
    const { prefix, recordSha256 } = await keepPlan(space, 'conditions', recipient, given());
    expect(prefix).toBe('plans/staging/20261130T120000Z-cccccccccccc');
    const record = await readRecord(space, prefix, recordSha256);
    expect(record).toMatchObject({ root: 'staging', commit, pull: 7, tool: 'OpenTofu 1.12.6' });
    expect((await readPart(space, prefix, record, 'plan', identity)).toString()).toBe('the plan');
    expect((await readPart(space, prefix, record, 'text', identity)).toString()).toBe('Plan: 1 to add');
    expect([...fake.objects.values()].join()).not.toMatch(/the plan|Plan: 1|format_version/);
  });

  test('is written by a key that may only write', async () => {
    await using fake = await FakeSpace.start();
    await keepPlan(fake.space, 'conditions', recipient, given());
    expect(new Set(fake.requests.map((request) => request.split(' ')[0]))).toEqual(new Set(['PUT']));
  });

  test('keeps a plan once', async () => {
    await using fake = await FakeSpace.start();
    await keepPlan(fake.space, 'conditions', recipient, given());
    const before = new Map(fake.objects);
    fake.objects.set('plans/staging/20261130T120001Z-cccccccccccc/plan.json.age', Buffer.from('x'));
    await expect(keepPlan(fake.space, 'conditions', recipient, given())).rejects.toThrow('a plan is written once');
    expect([...before].every(([key, bytes]) => fake.objects.get(key) === bytes)).toBe(true);
  });

  test('has the plans that two jobs make of a commit in one second, both', async () => {
    await using fake = await FakeSpace.start();
    const both = await Promise.all([1, 2].map(() => keepPlan(fake.space, 'conditions', recipient, given())));
    expect(both.map(({ prefix, record }) => [prefix, record.at]).sort()).toEqual([
      ['plans/staging/20261130T120000Z-cccccccccccc', '2026-11-30T12:00:00.000Z'],
      ['plans/staging/20261130T120001Z-cccccccccccc', '2026-11-30T12:00:01.000Z'],
    ]);
    for (const { prefix, recordSha256 } of both) {
      const record = await readRecord(fake.space, prefix, recordSha256);
      expect((await readPart(fake.space, prefix, record, 'json', identity)).toString()).toBe(
        '{"format_version":"1.2"}',
      );
    }
  });

  test('says so where so many are of one second that there is no place for another one', async () => {
    await using fake = await FakeSpace.start();
    const keep = () => keepPlan(fake.space, 'conditions', recipient, given());
    for (let plan = 0; plan < 10; plan++) {
      await keep();
    }
    await expect(keep()).rejects.toThrow(/20261130T120000Z-cccccccccccc and the 9 plans after it already/);
  });

  test('shows that a part or a record was changed', async () => {
    await using fake = await FakeSpace.start();
    const { space } = fake;
    const one = await keepPlan(space, 'conditions', recipient, given());
    const other = await keepPlan(space, 'conditions', recipient, given('staging', '2026-11-30T13:00:00Z'));
    // Whoever has the space swaps two plans, which both are whole, and mends the record.
    const swapped = fake.objects.get(`${other.prefix}/plan.age`) ?? Buffer.alloc(0);
    fake.objects.set(`${one.prefix}/plan.age`, swapped);
    await expect(readPart(space, one.prefix, one.record, 'plan', identity)).rejects.toThrow('not what its record says');
    fake.objects.set(`${one.prefix}/record.json`, fake.objects.get(`${other.prefix}/record.json`) ?? Buffer.alloc(0));
    await expect(readRecord(space, one.prefix, one.recordSha256)).rejects.toThrow(
      'not the one that git has the hash of',
    );
    fake.objects.set(`${one.prefix}/record.json`, Buffer.from('{}'));
    await expect(readRecord(space, one.prefix)).rejects.toThrow('is no record of a plan');
    await expect(readRecord(space, 'plans/staging/20261130T120000Z-dddddddddddd')).rejects.toThrow(
      'there is no such plan',
    );
  });

  test('lets one of two begin to apply a plan', async () => {
    await using fake = await FakeSpace.start();
    const { space } = fake;
    const { prefix } = await keepPlan(space, 'conditions', recipient, given());
    const starts = ['a', 'b', 'c'].map((by) => keepStep(space, 'conditions', prefix, 'apply-started', { by }));
    expect((await Promise.all(starts)).sort()).toEqual(['there', 'there', 'written']);
    await keepStep(space, 'conditions', prefix, 'approved', { by: 'grace' });
    const [entry] = await listPlans(space, 'staging');
    expect(entry?.steps).toEqual(['approved', 'apply-started']);
    expect(entry === undefined ? [] : await readSteps(space, entry)).toEqual([
      ['approved', { by: 'grace' }],
      ['apply-started', { by: expect.any(String) }],
    ]);
  });

  test('is listed newest first, of all roots or of one, and what is not finished is told apart', async () => {
    await using fake = await FakeSpace.start();
    const { space } = fake;
    for (const [root, at] of [
      ['staging', '2026-11-30T12:00:00Z'],
      ['staging/eu', '2026-11-30T13:00:00Z'],
      ['.', '2026-11-30T11:00:00Z'],
    ] as const) {
      await keepPlan(space, 'conditions', recipient, given(root, at));
    }
    await space.put(`${prefixOf('staging', commit, new Date('2026-11-30T14:00:00Z'))}/plan.age`, Buffer.from('half'));
    await space.put('plans/staging/notes.txt', Buffer.from('mine'));
    expect((await listPlans(space)).map(({ root, isWhole }) => [root, isWhole])).toEqual([
      ['staging', false],
      ['staging/eu', true],
      ['staging', true],
      ['.', true],
    ]);
    expect((await listPlans(space, 'staging')).map(({ root }) => root)).toEqual(['staging', 'staging']);
    expect((await listPlans(space, '.')).map(({ root }) => root)).toEqual(['.']);
  });

  test.each(['', '..', '/a', 'a//b', 'a/../b', 'a b', 'ü'])('%j cannot be a root in it', (root) => {
    expect(() => folderOf(root)).toThrow('cannot stand in a space');
  });

  test('has nothing that only looks like a plan', () => {
    const keys = [
      'plans/20261130T120000Z-cccccccccccc/plan.age',
      'backups/a/20261130T120000Z-cccccccccccc/plan.age',
      'plans/a/20269930T120000Z-cccccccccccc/plan.age',
    ];
    expect(findEntries(keys.map((key) => ({ key, size: 1 })))).toEqual([]);
  });
});
