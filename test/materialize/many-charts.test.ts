import { chmod, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { chartFiles, materialized } from '../../scripts/bench/charts.js';
import { Folder } from './support.js';

const path = process.env.PATH;
afterEach(() => {
  process.env.PATH = path;
});

/**
 * A helm that writes down when it begins and ends, and prints an object of its release. The first ones are slow enough for a second to
 * begin, however busy the machine is.
 */
const HELM = `#!/bin/sh
case "$1" in version) echo v4.0.0; exit;; esac
log="\${0%/*}/log"
echo begin >> "$log"
if [ -e "$log.one" ]; then : > "$log.two"; else : > "$log.one"; fi
i=0; while [ ! -e "$log.two" ] && [ $i -lt 2000 ]; do i=$((i+1)); grep -c begin "$log" > /dev/null; done
printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: %s\\n' "$2"
echo end >> "$log"
`;

test('two hundred charts are two hundred processes of helm, several at once and never all', async () => {
  await using folder = await Folder.of({ ...chartFiles(200), 'bin/helm': HELM });
  await chmod(join(folder.checkout.root, 'bin/helm'), 0o755);
  process.env.PATH = `${join(folder.checkout.root, 'bin')}${delimiter}${path}`;
  expect(await materialized(folder.checkout.root)).toBe(200);
  const lines = (await readFile(join(folder.checkout.root, 'bin/log'), 'utf8')).trim().split('\n');
  expect(lines.filter((line) => line === 'begin')).toHaveLength(200);
  let [running, most] = [0, 0];
  for (const line of lines) {
    running += line === 'begin' ? 1 : -1;
    most = Math.max(most, running);
  }
  expect([most > 1, most <= 2 * availableParallelism()]).toEqual([true, true]);
}, 120_000);
