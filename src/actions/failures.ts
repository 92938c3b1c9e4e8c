import { DifferenceError } from '../ops/tree/difference-error.js';
import { fenced, plain } from '../report/markdown.js';

/**
 * The failures of a run for its job summary, Markdown: one is a paragraph, several are a list; a difference, and lines to paste, which
 * four spaces set apart, are a block.
 */
export function renderFailures(failures: readonly Error[]): string {
  const parts = failures.flatMap((failure) =>
    failure instanceof DifferenceError
      ? [...failure.reason.split('\n').map(plain), fenced('diff', failure.diff)]
      : partsOf(failure.message),
  );
  const isList = parts.length > 1 && !parts.some((part) => part.startsWith('```'));
  const body = isList ? parts.map((each) => `- ${each}`).join('\n') : parts.join('\n\n');
  return ['> [!CAUTION]', ...body.split('\n').map((line) => `> ${line}`.trimEnd())].join('\n');
}

function partsOf(message: string): string[] {
  return [...message.matchAll(/(?:^ {4}.*$\n?)+|^.*\S.*$/gm)].map(([part]) =>
    part.startsWith('    ') ? fenced('sh', part.trimEnd().replace(/^ {4}/gm, '')) : plain(part),
  );
}
