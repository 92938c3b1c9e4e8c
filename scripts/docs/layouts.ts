import { REPOSITORIES } from '../../test/shapes/repositories.js';
import type { Repository } from '../../test/shapes/repository.js';
import { TOLD } from '../../test/shapes/told-repositories.js';
import { triedVerbs, VERBS, type Verb, type Worked } from './layout-verbs.js';

const INTRO = `<!-- Made by "npm run docs" from the repositories in test/shapes. -->

# Shapes of ops repositories

Each row is a small repository of the tests, on which every verb was tried with no \`ostack.yaml\`. A number leads to the
reason why a verb does not work there, which it says before anything is written. What is anywhere else takes
[a line or two](adopt.md#where-overlays-are).
`;

interface Tried extends Pick<Repository, 'name' | 'files'> {
  worked: Worked;
}

/** The page that says which verbs work on which shape of an ops repository. */
export async function layoutsPage(): Promise<string> {
  const shapes = await tried(REPOSITORIES);
  const told = await tried(TOLD.filter(({ environments }) => environments === undefined));
  const reasons: string[] = [];
  const parts = [
    INTRO,
    '## Told by their folders\n',
    table(shapes, reasons),
    '## Told by the objects of Flux and Argo CD\n',
    table(told, reasons),
    '## Reasons\n',
    `${reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')}\n`,
    '## Trees\n',
    'Production is as staging, and not shown where it has folders or files of its own.\n',
    ...[...shapes, ...told].map((each) => `**${codeOf(each.name)}**\n\n\`\`\`text\n${treeOf(each)}\n\`\`\`\n`),
  ];
  return parts.join('\n');
}

async function tried(repositories: readonly Pick<Repository, 'name' | 'files'>[]): Promise<Tried[]> {
  const result: Tried[] = [];
  for (const { name, files } of repositories) {
    result.push({ name, files, worked: await triedVerbs(files) });
  }
  return result;
}

function table(repositories: readonly Tried[], reasons: string[]): string {
  const rows = repositories.map(({ name, worked }) => `| ${codeOf(name)} | ${cells(worked, reasons).join(' | ')} |`);
  return [`| shape | ${VERBS.join(' | ')} |`, `| --- |${' --- |'.repeat(VERBS.length)}`, ...rows, ''].join('\n');
}

function cells(worked: Worked, reasons: string[]): string[] {
  return VERBS.map((verb) => {
    const hindrance = worked[verb];
    if (hindrance === undefined) {
      return 'yes';
    }
    const general = generalReason(verb, hindrance.reason);
    if (!reasons.includes(general)) {
      reasons.push(general);
    }
    return `${hindrance.isAsked ? 'with `group`' : 'no'} (${reasons.indexOf(general) + 1})`;
  });
}

/** A reason without the paths of one repository, so that it is there once. */
function generalReason(verb: Verb, reason: string): string {
  const general = (reason.split('\n', 1)[0] ?? '')
    .replace(/\. Add (\S+ |it there )by hand, with .*$/, '. It says what to add by hand')
    .replace(/not known: .*?\. It says/, 'not known, for example of its chart. It says')
    .replace(/^\S+ is one file for all apps/, 'The file is one for all apps')
    .replace(/ \(\S+ in \S+ deploys \S+\)/, '')
    .replace(/found .*?\. Name one/, 'found several. Name one');
  return `*${verb}*: ${general.charAt(0).toUpperCase()}${general.slice(1).replace(/\.$/, '')}.`;
}

/** A name with what is a path in it as code. */
function codeOf(name: string): string {
  return name
    .split(' ')
    .map((word) => (/[<>]/.test(word) ? word.replace(/^(\S+?)([,;]?)$/, '`$1`$2') : word))
    .join(' ');
}

/** The files of a repository as a tree, with those of production where these are otherwise. */
function treeOf({ name, files }: Tried): string {
  const hasBoth = name.includes('in production');
  const lines: string[] = [];
  let before: string[] = [];
  const isShown = (path: string) => hasBoth || !/(^|[/.-])prod(uction)?([/.-]|$)/.test(path);
  for (const path of Object.keys(files).filter(isShown).sort()) {
    const segments = path.split('/');
    const same = segments.findIndex((segment, index) => segment !== before[index]);
    for (const [index, segment] of segments.entries()) {
      if (index >= same) {
        lines.push(`${'  '.repeat(index)}${segment}${index < segments.length - 1 ? '/' : ''}`);
      }
    }
    before = segments;
  }
  return lines.join('\n');
}
