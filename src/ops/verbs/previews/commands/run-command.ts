import * as core from '@actions/core';
import type { RunEvent } from '../../../../github/event.js';
import { code, plain } from '../../../../report/markdown.js';
import { writeSummary } from '../../../../report/summary.js';
import { info } from '../../../../runtime/log.js';
import type { CommandAnswer } from '../plan/command.js';
import type { PreviewRun } from '../run/preview-run.js';
import { runPreviews } from '../run/run-previews.js';
import { writePreviewReport } from '../run/write-report.js';
import { answerCommand } from './answer-command.js';
import { type CommandRunOptions, planCommandRun } from './command-run.js';
import { type CommandSource, commandSource } from './command-source.js';
import type { GivenCommand } from './judge-command.js';
import { readCommand } from './read-command.js';

/** What a run that obeys commands is made with; `ask` says how it asks where ops alone writes previews. */
type Options = Omit<CommandRunOptions, 'given' | 'parsed'> & { ask: NonNullable<PreviewRun['ask']> };

/**
 * Obeys the command that an event brings, and answers it. An event without one is nothing, and no failure: nobody is told of it.
 *
 * @throws Error for people when something cannot be read or written; whoever gave the command is told that, too
 */
export async function runCommand(event: RunEvent, options: Options): Promise<void> {
  const source = commandSource(event);
  if (source === undefined) {
    return report('none', `The event "${event.name}" brings no command: those are comments, and labels of theirs.`);
  }
  const judged = await readCommand(options.apps, source);
  if (judged.kind === 'none') {
    return report('none', judged.reason);
  }
  const { given } = judged;
  const answer = await obeyedOrTold(given, { ...options, ask: askWith(options.ask, source, given) });
  if (!options.base.dryRun) {
    await answerCommand(options.apps, source, given, answer);
  }
  await report(answer.obeyed ? 'obeyed' : 'refused', answer.text, given);
}

async function obeyedOrTold(given: GivenCommand, options: Options): Promise<CommandAnswer> {
  const { parsed, problem } = given;
  if (problem !== undefined) {
    return { obeyed: false, text: problem };
  }
  if (parsed.kind === 'unclear') {
    return { obeyed: false, text: parsed.problem };
  }
  try {
    const run = { ...(await planCommandRun({ ...options, given, parsed })), ask: options.ask };
    const result = await runPreviews(run);
    await writePreviewReport(run, result);
    return result.answer ?? { obeyed: false, text: 'Nothing came of it.' };
  } catch (error) {
    if (!options.base.dryRun) {
      const text = error instanceof Error ? error.message : String(error);
      await answerCommand(options.apps, undefined, given, { obeyed: false, text });
    }
    throw error;
  }
}

/** Ops reads the command itself: it is told where it is. */
function askWith(ask: Options['ask'], source: CommandSource, { pullRequest }: GivenCommand): Options['ask'] {
  const where = 'comment' in source ? { comment: source.comment } : { label: source.label };
  return { ...ask, request: { ...ask.request, pull_request: pullRequest, ...where } };
}

async function report(outcome: 'obeyed' | 'refused' | 'none', answer: string, given?: GivenCommand): Promise<void> {
  core.setOutput('outcome', outcome);
  core.setOutput('answer', answer);
  info(given === undefined ? answer : `${given.by}, ${given.said}: ${outcome}. ${answer}`);
  const said = given === undefined ? '' : `${plain(given.by)} said ${code(given.said)}: ${outcome}. `;
  await writeSummary(`${said}${plain(answer)}\n`);
}
