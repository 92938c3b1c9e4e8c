import { DifferenceError } from '../ops/tree/difference-error.js';
import { fenced, plain } from '../report/markdown.js';

/** The failures of a run for its job summary, Markdown: one is a paragraph, several are a list; a difference is a block. */
export function renderFailures(failures: readonly Error[]): string {
  const paragraphs = failures.flatMap((failure) =>
    failure instanceof DifferenceError
      ? [...failure.reason.split('\n').map(plain), fenced('diff', failure.diff)]
      : failure.message.split('\n').map(plain),
  );
  const isList = paragraphs.length > 1 && !failures.some((failure) => failure instanceof DifferenceError);
  const body = isList ? paragraphs.map((each) => `- ${each}`).join('\n') : paragraphs.join('\n\n');
  return ['> [!CAUTION]', ...body.split('\n').map((line) => `> ${line}`.trimEnd())].join('\n');
}
