import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { buildFolder, plainReason } from '../../../src/ops/render/run-kustomize.js';

const WAY =
  "accumulating resources: accumulation err='accumulating resources from '../../../bases/shop': 'bases/shop' must resolve to a file': recursed accumulation of path 'bases/shop': ";

test.each([
  [
    'Error: invalid Kustomization: json: unknown field "resource"',
    'invalid Kustomization: json: unknown field "resource"',
  ],
  [`${WAY}${WAY}no resource matches`, 'no resource matches'],
  [
    `E1121 16:28:50.444022 22317 run.go:72] "command failed" err="${WAY}accumulating resources: accumulation err='accumulating resources from 'web.yaml': missing \\"name\\"': must build at directory: 'bases/shop/web.yaml': file is not directory"`,
    `accumulating resources from 'web.yaml': missing "name"`,
  ],
])('what kustomize says comes without the way there %#', (said, reason) => {
  expect(plainReason(said)).toBe(reason);
});

test.each([
  [true, 'http://127.0.0.1:9 http://127.0.0.1:9 - - none'],
  [false, 'http://proxy.test - http://proxy.test * https:http:ssh:git'],
])('kustomize may fetch nothing where it is to be offline: %s', async (isOffline, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-kustomize-'));
  const before = { ...process.env };
  try {
    const program = join(folder, 'kustomize');
    const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'no_proxy', 'GIT_ALLOW_PROTOCOL'];
    await writeFile(program, `#!/bin/sh\necho ${names.map((name) => `"\${${name}:--}"`).join(' ')}\n`);
    await chmod(program, 0o755);
    Object.assign(process.env, { PATH: `${folder}:${process.env.PATH ?? ''}`, no_proxy: '*' });
    Object.assign(process.env, { HTTPS_PROXY: 'http://proxy.test', https_proxy: 'http://proxy.test' });
    delete process.env.HTTP_PROXY;
    const said = await buildFolder({ command: 'kustomize', args: [] }, folder, '.', isOffline);
    expect(said.trim()).toBe(expected);
  } finally {
    for (const name of ['PATH', 'no_proxy', 'HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY']) {
      if (before[name] === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = before[name];
      }
    }
    await rm(folder, { recursive: true, force: true });
  }
});
