import type { ToldRoot } from '../../infra/plan/plan-roots.js';
import { rootMarkdown } from '../../infra/report/check-runs.js';
import { countsTable } from '../../infra/report/plan-markdown.js';
import { meantRoots, type RootsOfChange } from '../../infra/roots/roots-of-change.js';
import { code, details, plain } from '../../report/markdown.js';

/** The job summary of plans. */
export function planMarkdown(told: readonly ToldRoot[], of: RootsOfChange, reason: string): string {
  const { waiting } = of.affected;
  const reports = told.map(({ report }) => report);
  const parts = [
    '## Plan',
    ...(reports.length === 0
      ? [`No root changes: ${plain(reason)}.`]
      : reports.length > 1
        ? [countsTable(reports)]
        : []),
    ...told.map(({ report, text }) => {
      const body = [rootMarkdown(report), text === '' ? '' : details('The whole plan', text)].filter(
        (part) => part !== '',
      );
      return [`### ${code(report.root)}`, ...body].join('\n\n');
    }),
    ...waiting.map(
      ({ root, after }) =>
        `${code(root.name)} reads the state of ${after.map(code).join(' and ')}, and is planned when that is applied.`,
    ),
    ...unnamedNote(of),
  ];
  return parts.join('\n\n');
}

/** The job summary where roots are only named. */
export function listMarkdown(of: RootsOfChange, only: readonly string[] | undefined, reason: string): string {
  const { roots, deleted } = meantRoots(of, only);
  const lines = [
    ...roots.map(({ root, because }) => `- ${code(root.name)}: ${plain(because)}`),
    ...deleted.map(({ name }) => `- ${code(name)} is deleted`),
  ];
  return [`## Roots`, lines.length === 0 ? `None: ${plain(reason)}.` : lines.join('\n'), ...unnamedNote(of)].join(
    '\n\n',
  );
}

function unnamedNote({ roots: { unnamed }, config }: RootsOfChange): string[] {
  if (unnamed.length === 0) {
    return [];
  }
  const [folders, have] = [unnamed.map(code).join(', '), unnamed.length === 1 ? 'has a backend' : 'have backends'];
  return [
    config.roots.length > 0
      ? `ostack.yaml names roots, and not ${folders}, which ${have} too.`
      : `Not planned, for its name says that it shows or tries something: ${folders}, which ${have}. Where that is a root, name all roots in ostack.yaml.`,
  ];
}

/** The output `roots`: those that are meant, with the deleted ones, as a matrix takes them. */
export function rootsJson(of: RootsOfChange, only: readonly string[] | undefined): string {
  const meant = meantRoots(of, only);
  const row = (name: string, folder: string, environment: string | undefined) => ({
    root: name,
    folder,
    environment: environment ?? '',
  });
  return JSON.stringify([
    ...meant.roots.map(({ root, because, after }) => ({
      ...row(root.name, root.folder, root.settings.environment),
      ...{ because, after },
    })),
    ...meant.deleted.map((root) => ({
      ...row(root.name, root.folder, root.settings.environment),
      ...{ because: 'it is deleted', after: [] },
    })),
  ]);
}

/** The output `plans`. */
export function plansJson(told: readonly ToldRoot[]): string {
  return JSON.stringify(
    told.map(({ report: { root, state, counts, losses, lossCount, outputs }, exitCode }) => ({
      ...{ root, state, exitCode: exitCode ?? null, counts, lossCount },
      ...{ losses: losses.slice(0, MOST_LOSSES), outputs: outputs.slice(0, MOST_LOSSES) },
    })),
  );
}

/** Most entries of each list in an output, which GitHub bounds to 1 MiB. */
const MOST_LOSSES = 50;

/** Whether any plan changes something. */
export function isChange(told: readonly ToldRoot[]): boolean {
  return told.some(({ exitCode, report }) => exitCode === 2 || Object.values(report.counts).some((count) => count > 0));
}

/**
 * Why the step fails, one sentence a root.
 *
 * @returns empty where every root has a plan
 */
export function failuresOf(told: readonly ToldRoot[]): string[] {
  return told.flatMap(({ report: { root, state, problem } }) =>
    problem === ''
      ? []
      : [
          state === 'refused'
            ? `${root}: ${problem}`
            : `${root} could not be planned. ${problem.split('\n', 1)[0] ?? ''}`,
        ],
  );
}
