import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The files of a fixture, by their path in it. @param fixture its folder in `test/fixtures`: `ops-groups` */
export function fixtureFiles(fixture: string): Record<string, string> {
  const root = join(import.meta.dirname, '../fixtures', fixture);
  return Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(root, path), readFileSync(path, 'utf8')]),
  );
}
