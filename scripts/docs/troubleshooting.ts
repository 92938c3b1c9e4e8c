/** The page on troubleshooting: what people wrote, with the messages that the sources can give. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { details, table } from '../../src/report/markdown.js';
import { anchorOf } from '../../src/runtime/message-anchor.js';
import { marksOf } from './message-marks.js';
import { errorMessages } from './messages.js';

const TEXT = 'scripts/docs/troubleshooting.md';
const MESSAGES = /<!-- messages: (.*) -->/g;

/**
 * Makes the page.
 *
 * @param root the project's root folder
 * @throws Error naming a source with messages that no part of the page is for
 */
export async function troubleshootingPage(root: string): Promise<string> {
  const text = await readFile(join(root, TEXT), 'utf8');
  const messages = await errorMessages(root);
  const marks = marksOf([...messages.values()].flat());
  const folders = [...text.matchAll(MESSAGES)].flatMap(([, list = '']) => list.split(' '));
  const homeless = [...messages.keys()].find((path) => folders.every((folder) => !isIn(path, folder)));
  if (homeless !== undefined) {
    throw new Error(`${TEXT} has no part for the messages of ${homeless}: add its folder to one of them.`);
  }
  const placed = new Set<string>();
  const page = text
    .replace('<!-- actions -->', await actionTable(root))
    .replace(MESSAGES, (_, list: string) => messageList(messages, marks, list.split(' '), placed));
  return `<!-- Made by "npm run docs" from ${TEXT} and the messages in the sources: change it there. -->\n\n${page}`;
}

/** @param placed marks that have their place on the page already: two rooms can say the same */
function messageList(
  messages: ReadonlyMap<string, string[]>,
  marks: ReadonlyMap<string, string>,
  folders: readonly string[],
  placed: Set<string>,
): string {
  const found = [...messages].flatMap(([path, texts]) => (folders.some((folder) => isIn(path, folder)) ? texts : []));
  const lines = [...new Set(found)].sort((one, other) => (lineOf(one) < lineOf(other) ? -1 : 1));
  const anchor = (message: string) => {
    const mark = marks.get(message);
    if (mark === undefined || placed.has(mark)) {
      return '';
    }
    placed.add(mark);
    return `<a id="${anchorOf(mark)}"></a>`;
  };
  return details(
    `Messages: ${lines.length}`,
    lines.map((message) => `- ${anchor(message)}${lineOf(message)}`).join('\n'),
  );
}

/** A message in one line, in which nothing is Markdown. */
function lineOf(message: string): string {
  return `\`${message.replace(/\s+/g, ' ').replaceAll('`', "'").trim()}\``;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Where a message links to: each action, with what it is and where its inputs are. */
async function actionTable(root: string): Promise<string> {
  const entries = (await readdir(join(root, 'src', 'actions'), { withFileTypes: true })).filter((each) =>
    each.isDirectory(),
  );
  const names = entries.map(({ name }) => name).sort();
  const published = new Set(await readdir(join(root, 'actions')));
  const rows = names.map((name) => {
    const page = name === 'run-tests' ? 'test' : name;
    return [
      `<a id="${name}"></a>${published.has(page) ? `[${page}](../action-docs/${page}.md)` : page}`,
      TOPICS[name] ?? ALL,
    ];
  });
  return table(['a message of', 'look under'], rows);
}

const topic = (title: string, anchor: string) => `[${title}](#${anchor})`;
const TOKENS = topic('tokens', 'tokens-permissions-limits');
const CONFIG = topic('ostack.yaml', 'ostackyaml');
const PLACES = `${topic('where an app is', 'where-an-app-is-in-the-ops-repository')}, ${topic('where its version is', 'where-its-version-is-written')}`;
const POLICY = topic('policy', 'refused-by-the-policy-or-held');
const PULLS = topic('pull requests', 'pull-requests-in-ops');
const PREVIEWS = topic('environments', 'environments-of-pull-requests');
const RELEASES = topic('releases', 'releases');
const IMAGES = topic('images', 'images-and-registries');

/** What the actions that write to ops can say. */
const ALL = [CONFIG, PLACES, POLICY, PULLS, TOKENS].join(', ');

/** What others can say. */
const TOPICS: Readonly<Record<string, string>> = {
  'affected-apps': [CONFIG, RELEASES].join(', '),
  'apply-infra': [topic('applies', 'plans-of-infrastructure'), CONFIG, TOKENS].join(', '),
  'build-push-image': [IMAGES, CONFIG, TOKENS].join(', '),
  'check-merge-source': TOKENS,
  'check-ops': [topic('the check', 'the-check-of-ops'), CONFIG, PLACES, POLICY, TOKENS].join(', '),
  'cleanup-preview-env': [PREVIEWS, CONFIG, PLACES, TOKENS].join(', '),
  'create-preview-env': [PREVIEWS, CONFIG, PLACES, TOKENS].join(', '),
  'delete-preview-images': [IMAGES, PREVIEWS, CONFIG, TOKENS].join(', '),
  'drift-infra': [topic('plans', 'plans-of-infrastructure'), CONFIG, TOKENS].join(', '),
  'find-ops-repository': CONFIG,
  'plan-infra': [topic('plans', 'plans-of-infrastructure'), CONFIG, TOKENS].join(', '),
  'quarantine-images': [IMAGES, TOKENS].join(', '),
  'record-delivery': [RELEASES, TOKENS].join(', '),
  'run-tests': [topic('tests', 'tests'), CONFIG].join(', '),
  'tag-release': [RELEASES, CONFIG, TOKENS].join(', '),
  lift: [topic('onboard, lift, override', 'onboard-lift-override'), ALL].join(', '),
  onboard: [topic('onboard, lift, override', 'onboard-lift-override'), ALL].join(', '),
  override: [topic('onboard, lift, override', 'onboard-lift-override'), ALL].join(', '),
};
