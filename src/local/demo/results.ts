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

/** Says in a few lines what a release run has made, from the outputs of its jobs. */
export function showResults(terminal: Terminal, run: RunResult): void {
  const output = <S extends v.GenericSchema>(name: string, schema: S) =>
    v.parse(v.array(schema), JSON.parse(run.jobs.find(({ outputs }) => outputs[name])?.outputs[name] ?? '[]'));
  for (const { tag, level, previous } of output('releases', releaseSchema)) {
    show(terminal, 'tag', `${tag}  ${terminal.paint('dim', `${level ?? 'again'} after ${previous ?? 'nothing'}`)}`);
  }
  for (const { repository, tag, digest } of output('images', imageSchema)) {
    show(terminal, 'image', `${repository}:${tag}  ${terminal.paint('dim', digest.slice(0, 19))}`);
  }
  for (const { environment, number, action } of output('pull-requests', pullRequestSchema)) {
    const colour = action === 'merged' ? 'green' : 'yellow';
    show(terminal, 'ops', `#${number} to ${environment}  ${terminal.paint(colour, action)}`);
  }
}

function show(terminal: Terminal, what: string, text: string): void {
  terminal.line(`    ${terminal.paint('cyan', '→')} ${what.padEnd(6)} ${text}`);
}
