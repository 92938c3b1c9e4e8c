import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { stateInCheckout } from '../../../src/infra/tool/state-in-checkout.js';

let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'ostack-state-'));
});

afterEach(() => rm(checkout, { recursive: true }));

/** What `init` leaves in the folder `app`. */
async function afterInit(made: unknown, folder = '.terraform'): Promise<string> {
  const cwd = join(checkout, 'app');
  await mkdir(join(cwd, folder), { recursive: true });
  await (made === undefined ? undefined : writeFile(join(cwd, folder, 'terraform.tfstate'), JSON.stringify(made)));
  return cwd;
}

const local = (path: string | null) => ({ backend: { type: 'local', config: { path } } });

describe('a state of the checkout is', () => {
  test.each<[string, unknown, string]>([
    ['that of a root without a backend', undefined, 'app/terraform.tfstate'],
    ['that of a root whose init wrote something else', { version: 3 }, 'app/terraform.tfstate'],
    ['that of a local backend', local(null), 'app/terraform.tfstate'],
    ['a file that a local backend names', local('x/y.tfstate'), 'app/x/y.tfstate'],
    ['one beside the root', local('../states/app'), 'states/app'],
  ])('%s', async (_what, made, path) => {
    expect(await stateInCheckout({ cwd: await afterInit(made), env: {} }, checkout)).toBe(path);
  });

  test.each<[string, unknown]>([
    ['that of another backend', { backend: { type: 's3', config: { key: 'x' } } }],
    ['a file of the machine', local(join(tmpdir(), 'states', 'app'))],
    ['a file above the checkout', local('../../app')],
  ])('not %s', async (_what, made) => {
    expect(await stateInCheckout({ cwd: await afterInit(made), env: {} }, checkout)).toBeUndefined();
  });

  test('told by what init wrote, wherever that is', async () => {
    const cwd = await afterInit({ backend: { type: 's3' } }, '.elsewhere');
    expect(await stateInCheckout({ cwd, env: { TF_DATA_DIR: '.elsewhere' } }, checkout)).toBeUndefined();
    expect(await stateInCheckout({ cwd, env: {} }, checkout)).toBe('app/terraform.tfstate');
  });
});
