import type { Materialized } from '../../materialize/materialize.js';
import { code, details, plain, table } from '../../report/markdown.js';

/** The job summary. @param locks lock files that change */
export function materializeMarkdown(
  { environments, tools }: Materialized,
  locks: readonly string[],
  dryRun: boolean,
): string {
  const rows = environments.map(({ environment, output, objects, change }) => {
    const counts = [change.added, change.changed, change.removed].map((paths) =>
      paths.length === 0 ? '' : `${paths.length}`,
    );
    return [`**${plain(environment)}**`, code(output), `${objects}`, ...counts];
  });
  const versions = Object.entries(tools).map(([name, version]) => `${plain(name)} ${plain(version)}`);
  const notes = [...new Set(environments.flatMap((each) => each.notes))];
  const parts = [
    `## Materialized${dryRun ? ' (dry run: nothing is written)' : ''}`,
    table(['environment', 'folder', 'objects', 'added', 'changed', 'removed'], rows),
    ...locks.map((file) => `${code(file)} changes: its remote parts are resolved anew.`),
    ...(versions.length === 0 ? [] : [`Rendered by ${versions.join(' and ')}.`]),
    ...(notes.length === 0 ? [] : [details('Worth knowing', notes.map((note) => `- ${plain(note)}`).join('\n'))]),
  ];
  return parts.join('\n\n');
}

/** The output `environments`. */
export function materializeJson({ environments }: Materialized): string {
  return JSON.stringify(
    environments.map(({ environment, output, objects, change, notes }) => ({
      ...{ environment, output, objects },
      ...{ added: change.added, changed: change.changed, removed: change.removed, edited: change.edited, notes },
    })),
  );
}
