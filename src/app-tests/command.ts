import type { App } from '../apps/app.js';
import { CONFIG_FILE } from '../apps/config.js';
import type { RepositoryTree } from '../apps/tree.js';
import { type Install, nodeTests } from './node.js';
import { hasPytest } from './python.js';
import { toolchainTests } from './toolchains.js';

/** The command that tests an app. */
export interface TestCommand {
  /** Run by bash, in the app's folder. */
  command: string;
  /** The file that it comes from, for messages. */
  from: string;
  /** Dependencies to install first. */
  install: Install | undefined;
}

/** In the order in which GNU make looks for them: https://www.gnu.org/software/make/manual/html_node/Makefile-Names.html */
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

/**
 * The command that tests an app: the configured one, else that of the first manifest in its folder.
 *
 * @returns `undefined` when there is neither
 * @throws Error naming a manifest that cannot be read
 */
export async function testCommand(tree: RepositoryTree, app: App): Promise<TestCommand | undefined> {
  if (app.test !== undefined && app.test.trim() !== '') {
    return { command: app.test, from: CONFIG_FILE, install: undefined };
  }
  const at = (name: string) => (app.path === '.' ? name : `${app.path}/${name}`);
  const node = await nodeTests(tree, app.path);
  if (node !== undefined) {
    return { ...node, from: at('package.json') };
  }
  const entries = (await tree.list(app.path)) ?? [];
  const files = new Set(entries.map(({ name }) => name));
  if (files.has('go.mod')) {
    return { command: 'go test ./...', from: at('go.mod'), install: undefined };
  }
  if (files.has('pyproject.toml') && (await hasPytest(tree, { path: app.path, entries }))) {
    return { command: 'python -m pytest', from: at('pyproject.toml'), install: undefined };
  }
  const makefile = MAKEFILES.find((name) => files.has(name));
  if (makefile !== undefined && hasTestTarget((await tree.read(at(makefile))) ?? '')) {
    return { command: 'make test', from: at(makefile), install: undefined };
  }
  const tests = await toolchainTests({ tree, path: app.path, entries });
  return tests && { command: tests.command, from: at(tests.file), install: tests.install };
}

/** What to say of an app without a known test, a sentence without its full stop. */
export function noTestsKnown({ name }: App): string {
  return `no tests of ${name} are known: say \`test:\` in ${CONFIG_FILE}, apps: { ${name}: { test: <command> } }`;
}

/** Whether a makefile has a rule for `test`, alone or with other targets. */
export function hasTestTarget(makefile: string): boolean {
  return makefile.split('\n').some((line) => {
    const targets = /^([^\t#:=][^#:=]*)::?(?!=)/.exec(line)?.[1];
    return targets?.split(/\s+/).includes('test') === true;
  });
}
