import * as v from 'valibot';

/** An error or a warning of the tool. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  /** One line. */
  summary: string;
  detail: string;
  /** `main.tf:12`; empty where it is of no place. */
  at: string;
}

const lineSchema = v.object({
  type: v.literal('diagnostic'),
  diagnostic: v.object({
    severity: v.picklist(['error', 'warning']),
    summary: v.string(),
    detail: v.optional(v.string(), ''),
    address: v.optional(v.string()),
    range: v.nullish(v.object({ filename: v.string(), start: v.object({ line: v.number() }) })),
  }),
});

/**
 * Errors and warnings in what a command prints with `-json`: a line of JSON for each event. Their code snippets are left out,
 * for these have values in them.
 *
 * @see https://opentofu.org/docs/internals/machine-readable-ui/#diagnostic
 */
export function diagnosticsIn(stdout: string): Diagnostic[] {
  return stdout.split('\n').flatMap((line): Diagnostic[] => {
    if (!line.startsWith('{')) {
      return [];
    }
    try {
      const parsed = v.safeParse(lineSchema, JSON.parse(line));
      if (!parsed.success) {
        return [];
      }
      const { severity, summary, detail, range } = parsed.output.diagnostic;
      return [{ severity, summary, detail, at: range ? `${range.filename}:${range.start.line}` : '' }];
    } catch {
      return [];
    }
  });
}

/** Errors as people read them. */
export function errorText(diagnostics: readonly Diagnostic[], withDetails: boolean): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors
    .map(({ summary, detail, at }) => {
      const head = `Error: ${summary}${at === '' ? '' : ` (${at})`}`;
      return withDetails && detail !== '' ? `${head}\n${detail.replace(/^/gm, '  ')}` : head;
    })
    .join('\n\n');
}
