import { cutMarkdown } from '../../report/cut.js';
import { firstFew } from '../../report/first-few.js';
import { code, details, fenced, link, plain, table } from '../../report/markdown.js';
import { shortLine } from '../../report/short-line.js';
import { runAt } from '../plan/cloud-run.js';
import { type ApplyReport, type ApplyResult, isDone } from './apply-report.js';

/** By this the comment is found again. */
export const APPLY_MARKER = '<!-- ostack:infra-apply -->';

/** GitHub takes 65,536 characters of a comment, and of an issue. */
const MOST_BYTES = 60_000;

const TITLES: Readonly<Record<ApplyResult, string>> = {
  ...{ running: 'is being applied', applied: 'applied', nothing: 'nothing to apply', failed: 'failed' },
  ...{ interrupted: 'interrupted', locked: 'locked', asks: 'not applied', waits: 'waits' },
  overtaken: 'left to a newer commit',
};

/** What became of a root, in few words. */
export function resultTitle({ result, did }: ApplyReport): string {
  if (result !== 'applied' || did === undefined) {
    return TITLES[result];
  }
  const words: [number, string][] = [
    [did.add, 'added'],
    [did.change, 'changed'],
    [did.import, 'imported'],
    [did.remove, 'destroyed'],
  ];
  const done = words.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return done.length === 0 ? 'applied' : done.join(', ');
}

/**
 * What became of a root, and what to do about it.
 *
 * @param followUp number of the pull request in which it can be reviewed
 */
export function applyMarkdown(report: ApplyReport, followUp?: number): string {
  const { root, why, problem, beyond, approved } = report;
  const parts = [
    `**${code(root)}: ${resultTitle(report)}.** ${plain(shortLine(why, MOST_WHY))}`,
    problem === '' ? '' : fenced('', problem.length > MOST_WORDS ? `${problem.slice(0, MOST_WORDS)}…` : problem),
    beyond.length === 0 ? '' : beyondMarkdown(beyond),
    isDone(report) ? '' : nextSteps(report, followUp),
    report.url === undefined ? '' : link('Its run there has the plan, and what became of it.', report.url),
    approved.length === 0 ? '' : `Approved by ${firstFew(approved.map(code), MOST_NAMES, approved.length)}.`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Most characters of why something is so, of the tool's words and of a line of what was not reviewed, and most lines and names. */
export const MOST_WHY = 3000;
const [MOST_WORDS, MOST_LINE, MOST_LINES, MOST_NAMES] = [8000, 300, 60, 50];

/** What goes beyond what was reviewed, folded. */
export function beyondMarkdown(beyond: readonly string[]): string {
  const lines = beyond.slice(0, MOST_LINES).map((line) => `- ${code(shortLine(line, MOST_LINE))}`);
  const more = beyond.length - lines.length;
  const rest = more === 0 ? [] : [`- and ${more} more. The summary of the run has the whole plan.`];
  return details('What was not reviewed', [...lines, ...rest].join('\n'));
}

/** What a person can do, one a line. */
function nextSteps(report: ApplyReport, followUp: number | undefined): string {
  const { root, result, plan, lock, start, errored } = report;
  const isElsewhere = runAt(start) !== undefined;
  const byHand = (inputs: string) => `run *Apply* by hand with ${inputs}`;
  const steps = [
    ...(errored === undefined
      ? []
      : [
          `The state could not be written, and lies in the space, encrypted, as ${code(errored)}. Before anything else: get it, \`age -d -i key.txt errored.tfstate.age > errored.tfstate\`, and push it from the folder of the root, \`tofu init\` and \`tofu state push errored.tfstate\`.`,
        ]),
    ...(lock === undefined
      ? []
      : [
          `${code(lock.who)} holds the lock ${code(lock.id)} since ${code(lock.created)} (${code(lock.operation)}). Ask them, or wait. Only where nothing of theirs runs any more: ${byHand(`roots: ${code(root)} and unlock: ${code(lock.id)}`)}.`,
        ]),
    ...(isElsewhere
      ? [
          `Look at ${link('its run there', start)}, and wait while it does something. Once it has ended, ${byHand(`roots: ${code(root)}`)}: the platform is asked how it ended. Only where it says nothing, and you know: ${byHand(`roots: ${code(root)} and start: ${code(start)}`)}.`,
        ]
      : []),
    ...(start !== '' && !isElsewhere
      ? [
          `Look whether its run still runs. If it was killed, look whether something was made that the state does not have (\`tofu import\` brings it in), open the lock, and ${byHand(`roots: ${code(root)} and start: ${code(start)}`)}.`,
        ]
      : []),
    ...(followUp === undefined
      ? []
      : [
          `Review it in #${followUp}, which proposes what it does now. Approved and merged like any other, it is applied.`,
        ]),
    ...(result === 'asks' && start === '' && plan !== ''
      ? [
          `Read the plan in the summary of the run. Where it is what you want, ${byHand(`roots: ${code(root)} and accept: ${code(plan)}`)}. Or propose what you want instead: its plan is reviewed as always.`,
        ]
      : []),
    ...(result === 'waits' || result === 'failed' || result === 'interrupted' || result === 'locked'
      ? [`Then ${byHand(`roots: ${code(root)}`)}: it plans again, and applies what is left of what was reviewed.`]
      : []),
  ];
  return steps.map((step) => `- ${step}`).join('\n');
}

/** The one comment of a pull request about what became of it, over all its roots. */
export function applyComment(
  reports: readonly ApplyReport[],
  commit: string,
  followUps: ReadonlyMap<string, number> = new Map(),
): string {
  const sorted = [...reports].sort((one, other) => (one.root < other.root ? -1 : 1));
  const left = sorted.filter((report) => !isDone(report)).length;
  const title =
    left === 0 ? 'Applied' : `${left} of ${sorted.length} ${sorted.length === 1 ? 'root is' : 'roots are'} not applied`;
  const rows = sorted.map((report) => [
    code(report.root),
    plain(resultTitle(report)),
    report.run === '' ? '' : link('run', report.run),
  ]);
  return cutMarkdown(
    [
      ...[APPLY_MARKER, `### Apply: ${title}`, table(['root', 'result', ''], rows)],
      ...sorted.map((report) => applyMarkdown(report, followUps.get(report.root))),
      `<sub>Of ${commit.slice(0, 7)}. No secrets are shown.</sub>`,
    ].join('\n\n'),
    MOST_BYTES,
  );
}
