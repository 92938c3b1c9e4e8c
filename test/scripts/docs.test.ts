import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { checkExample } from '../../scripts/docs/example.js';
import { type ActionMetadata, readAction, readWorkflow, type WorkflowMetadata } from '../../scripts/docs/metadata.js';
import { readAppsConfig } from '../../src/apps/config.js';
import { readInfraConfig } from '../../src/infra/config/infra-config.js';
import { isInfraConfig } from '../../src/infra/config/is-infra.js';
import { SECOND_NAMES } from '../../src/local/published-tree.js';
import { readPolicy } from '../../src/ops/policy/policy.js';

const root = join(import.meta.dirname, '..', '..');

/** A path of this repository in code font, whole: no placeholder in it. */
const PATH = /`((?:src|test|scripts|workflows|\.github)\/[\w./-]*)`/g;
const LINK = /\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g;
const PICTURE = /(?:src|srcset)="(?!https?:)([^"]+)"/g;

const documents = new Map<string, string>();
beforeAll(async () => {
  const names = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'src/local/README.md',
    ...names.map((name) => `docs/${name}`),
  ];
  for (const file of files) {
    documents.set(file, await readFile(join(root, file), 'utf8'));
  }
});

/** What the headings of a document are called in links, as GitHub calls them, and what has a name in HTML. */
function anchorsOf(text: string): string[] {
  const outside = text.replace(/^```[\s\S]*?^```$/gm, '');
  const headings = [...outside.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}

test('every file, folder, picture and heading that the documents name is there', async () => {
  const missing: string[] = [];
  for (const [file, text] of documents) {
    const paths = [...text.matchAll(PATH)].map(([, path = '']) => path);
    const pictures = [...text.matchAll(PICTURE)].map(([, path = '']) => join(dirname(file), path));
    const links = [...text.matchAll(LINK)].map(([, path = '', anchor]) => ({
      path: path === '' ? file : join(dirname(file), path),
      anchor,
    }));
    for (const { path, anchor } of [
      ...[...paths, ...pictures].map((each) => ({ path: each, anchor: undefined })),
      ...links,
    ]) {
      const isThere = await access(join(root, path)).then(
        () => true,
        () => false,
      );
      if (!isThere) {
        missing.push(`${file}: ${path}`);
      } else if (anchor !== undefined && !anchorsOf(await readFile(join(root, path), 'utf8')).includes(anchor)) {
        missing.push(`${file}: ${path}#${anchor}`);
      }
    }
  }
  expect(missing).toEqual([]);
});

test('the README is read in three minutes', () => {
  expect(documents.get('README.md')?.split(/\s+/).length).toBeLessThanOrEqual(1000);
});

describe('every example of the documents', () => {
  const actions = new Map<string, ActionMetadata>();
  const workflows = new Map<string, WorkflowMetadata>();
  beforeAll(async () => {
    for (const name of await readdir(join(root, 'actions'))) {
      const metadata = readAction(await readFile(join(root, 'actions', name, 'action.yml'), 'utf8'), name);
      for (const each of [name, ...(SECOND_NAMES[name] ?? [])]) {
        actions.set(each, metadata);
      }
    }
    for (const name of await readdir(join(root, '.github', 'workflows'))) {
      workflows.set(name, readWorkflow(await readFile(join(root, '.github', 'workflows', name), 'utf8'), name));
    }
  });

  test('is valid YAML, fits its schema, and gives inputs that there are', () => {
    const checked: Record<string, number> = {};
    for (const [file, text] of documents) {
      for (const [, example = ''] of text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)) {
        const kind = check(example, file);
        checked[kind] = (checked[kind] ?? 0) + 1;
      }
    }
    expect(Object.keys(checked).sort()).toEqual(['apps', 'infra', 'ops', 'other', 'steps', 'workflow']);
  });

  /** Checks an example by what it is. @returns what that is */
  function check(example: string, file: string): string {
    const value: unknown = parse(example);
    if (Array.isArray(value)) {
      checkExample(example, file, actions);
      return 'steps';
    }
    const keys = Object.keys(Object(value));
    if (keys.includes('jobs')) {
      checkWorkflow(example, file);
      return 'workflow';
    }
    if (/^# acme\/[\w-]*apps$|apps\.schema\.json$/m.test(example)) {
      readAppsConfig(example, file);
      return 'apps';
    }
    if (isInfraConfig(example)) {
      readInfraConfig(example);
      return 'infra';
    }
    if (/^# acme\/[\w-]*ops$|ops\.schema\.json$/m.test(example) || keys.includes('environments')) {
      readPolicy(example, file);
      return 'ops';
    }
    if (keys.includes('tag-format')) {
      readAppsConfig(example, file);
      return 'apps';
    }
    return 'other';
  }

  /** The workflow that it calls is there, with these inputs and secrets, and every one that is required is given. */
  function checkWorkflow(example: string, file: string): void {
    const calls = [...example.matchAll(/uses: ostack\/actions\/\.github\/workflows\/([\w-]+\.yml)@v1/g)];
    for (const [, name = ''] of calls) {
      const called = workflows.get(name);
      const given = [...example.matchAll(/(?:with|secrets): \{ ([\w-]+):/g)].map(([, input = '']) => input);
      const known = [...Object.keys(called?.inputs ?? {}), ...Object.keys(called?.secrets ?? {})];
      const required = Object.entries({ ...called?.inputs, ...called?.secrets }).filter(([, each]) => each.required);
      expect([file, known]).toEqual([file, expect.arrayContaining(given)]);
      expect([file, given]).toEqual([file, expect.arrayContaining(required.map(([input]) => input))]);
    }
  }
});
