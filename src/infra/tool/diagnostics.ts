import * as v from 'valibot';
import { jsonIn } from './json-output.js';

/** An error or a warning of the tool. */
export interface Diagnostic {
  severity: 'error' | 'warning';
  /** One line. */
  summary: string;
  detail: string;
  /** `main.tf:12`; empty where it is of no place. */
  at: string;
}

const diagnosticSchema = v.pipe(
  v.object({
    severity: v.picklist(['error', 'warning']),
    summary: v.string(),
    detail: v.optional(v.string(), ''),
    address: v.optional(v.string()),
    range: v.nullish(v.object({ filename: v.string(), start: v.object({ line: v.number() }) })),
  }),
  v.transform(({ severity, summary, detail, range }): Diagnostic => {
    return { severity, summary, detail, at: range ? `${range.filename}:${range.start.line}` : '' };
  }),
);

const lineSchema = v.object({ type: v.literal('diagnostic'), diagnostic: diagnosticSchema });

/** One that is no diagnostic hides no other. */
const validateSchema = v.object({ diagnostics: v.array(v.fallback(v.nullable(diagnosticSchema), null)) });

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
      return parsed.success ? [parsed.output.diagnostic] : [];
    } catch {
      return [];
    }
  });
}

/** The same in what `validate -json` prints: one object, over lines. Nothing where it prints something else. */
export function diagnosticsOfValidate(stdout: string): Diagnostic[] {
  try {
    return v.parse(validateSchema, jsonIn(stdout)).diagnostics.filter((each) => each !== null);
  } catch {
    return [];
  }
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
