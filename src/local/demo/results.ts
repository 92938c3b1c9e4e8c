import * as v from 'valibot';
import { imageSchema } from '../../images/image.js';
import { releaseSchema } from '../../release/release.js';
import type { RunResult } from '../runner/events.js';
import type { Terminal } from './terminal.js';

const pullRequestSchema = v.object({
  environment: v.string(),
  app: v.string(),
  number: v.nullable(v.number()),
  action: v.string(),
});

/** The result of an operation for one environment. */
const proposalSchema = v.object({
  subject: v.string(),
  title: v.string(),
  number: v.nullable(v.number()),
  action: v.string(),
});

const testedSchema = v.object({
  app: v.string(),
  passed: v.boolean(),
  command: v.string(),
  tests: v.nullable(v.number()),
  failures: v.nullable(v.number()),
});

/** What came in past the policy. */
const findingSchema = v.object({
  commit: v.string(),
  who: v.string(),
  rules: v.array(v.object({ reason: v.string() })),
  issue: v.nullable(v.number()),
  revert: v.nullable(v.number()),
});

/** What an environment was rendered to. */
const renderedSchema = v.object({
  ...{ branch: v.optional(v.string(), ''), state: v.optional(v.string(), '') },
  ...{ added: v.array(v.string()), changed: v.array(v.string()), removed: v.array(v.string()) },
});

/** Prints what a run has made, from the outputs of its jobs. */
export function showResults(terminal: Terminal, run: RunResult): void {
  const text = (name: string) => run.jobs.find(({ outputs }) => outputs[name])?.outputs[name] ?? '';
  const list = <S extends v.GenericSchema>(name: string, schema: S) =>
    v.parse(v.array(schema), JSON.parse(text(name) || '[]'));
  for (const tested of list('results', testedSchema)) {
    show(terminal, 'tests', `${tested.app}  ${terminal.paint('dim', countOf(tested))}`);
  }
  for (const { tag, level, previous } of list('releases', releaseSchema)) {
    show(terminal, 'tag', `${tag}  ${terminal.paint('dim', `${level ?? 'again'} after ${previous ?? 'nothing'}`)}`);
  }
  for (const { repository, tag, digest, reused } of list('images', imageSchema)) {
    const how = `${digest.slice(0, 19)}${reused ? ', not built again' : ''}`;
    show(terminal, 'image', `${repository}:${shortened(tag)}  ${terminal.paint('dim', how)}`);
  }
  for (const made of list('pull-requests', v.union([pullRequestSchema, proposalSchema]))) {
    const { number, action } = made;
    const what = 'subject' in made ? made.title : `${made.app} to ${made.environment}`;
    const colour = action === 'merged' || action === 'committed' ? 'green' : 'yellow';
    show(terminal, 'ops', `${number === null ? '' : `#${number} `}${what}  ${terminal.paint(colour, action)}`);
  }
  for (const { commit, who, rules, issue, revert } of list('findings', findingSchema)) {
    const reasons = rules.map(({ reason }) => reason).join(' ');
    show(terminal, 'audit', terminal.paint('yellow', `${commit.slice(0, 7)} by ${who}: ${reasons}`));
    show(terminal, '', terminal.paint('dim', `issue #${issue ?? '-'}, taken back in #${revert ?? '-'}`));
  }
  if (text('state') !== '') {
    show(terminal, 'env', `${text('name')}  ${terminal.paint('green', text('state'))}  ${text('url')}`);
  }
}

/** Prints which branches a run has written or proposed, and what became of its lock files. */
export function showRendered(terminal: Terminal, run: RunResult): void {
  const made = run.jobs.find(({ outputs }) => outputs.environments !== undefined)?.outputs ?? {};
  if (made['pull-request']) {
    const [isMerged, number] = [made.merged === 'true', /\d+$/.exec(made['pull-request'])?.[0] ?? ''];
    const state = terminal.paint(isMerged ? 'green' : 'yellow', isMerged ? 'merged' : 'created');
    show(terminal, 'lock', `#${number} what remote parts are resolved to  ${state}`);
  }
  for (const each of v.parse(v.array(renderedSchema), JSON.parse(made.environments || '[]'))) {
    if (each.state === 'written' || each.state === 'proposed') {
      const counts = `${each.added.length} added, ${each.changed.length} changed, ${each.removed.length} removed`;
      const state = terminal.paint(each.state === 'written' ? 'green' : 'yellow', each.state);
      show(terminal, 'branch', `${each.branch}  ${state}  ${terminal.paint('dim', counts)}`);
    }
  }
}

/** Prints why a pull request was not merged. @param verdict what the gate says @param refusal what GitHub says */
export function showRefusal(terminal: Terminal, verdict: string, refusal: string): void {
  show(terminal, 'gate', terminal.paint('yellow', verdict));
  show(terminal, 'github', terminal.paint('dim', refusal));
}

/** `3 tests passed` or `1 of 3 tests failed`; without a count, whether the command passed. */
function countOf({ passed, command, tests, failures }: v.InferOutput<typeof testedSchema>): string {
  if (tests === null || tests === 0 || (!passed && !failures)) {
    return `${command}: ${passed ? 'passed' : 'failed'}`;
  }
  const noun = tests === 1 ? 'test' : 'tests';
  return passed ? `${tests} ${noun} passed` : `${failures} of ${tests} ${noun} failed`;
}

/** Prints a comment as text. */
export function showComment(terminal: Terminal, author: string, body: string): void {
  terminal.line(`    ${terminal.paint('cyan', `${author} comments`)}`);
  for (const line of shownLines(body)) {
    terminal.line(`    ${terminal.paint('dim', '│')} ${shortened(line)}`);
  }
}

/** Lines of Markdown as text: without HTML comments, lines between table rows, escapes and link targets. */
function shownLines(markdown: string): string[] {
  return markdown
    .replace(/<!--.*?-->/gs, '')
    .replace(/<details><summary>(.*?)<\/summary>.*?<\/details>/gs, '▸ $1')
    .split('\n')
    .filter((line) => /[^\s|-]/.test(line))
    .map((line) =>
      line
        .replaceAll('<br>', ', ')
        .replace(/^#+ /, '')
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/\\([!-/:-@[-`{-~])/g, '$1')
        .replace(/\*\*|`/g, ''),
    );
}

/** The text with commit ids of seven digits. */
function shortened(text: string): string {
  return text.replace(/\b([0-9a-f]{7})[0-9a-f]{33}\b/g, '$1');
}

function show(terminal: Terminal, what: string, text: string): void {
  terminal.line(`    ${terminal.paint('cyan', '→')} ${what.padEnd(6)} ${text.trimEnd()}`);
}
