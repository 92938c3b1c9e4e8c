import * as v from 'valibot';
import { yamlDocument } from '../../config/yaml-documents.js';

/** The workflow that calls that of the gate. */
export const GATE_WORKFLOW = '.github/workflows/ops-gate.yml';

const callerSchema = v.object({
  jobs: v.record(
    v.string(),
    v.object({ uses: v.optional(v.string(), ''), with: v.optional(v.record(v.string(), v.unknown())) }),
  ),
});

/**
 * Whether a workflow calls that of the gate with an input that is `true`.
 *
 * @returns `undefined` where it calls it in no way that is known
 */
export function says(workflow: string, input: string): boolean | undefined {
  const { document } = yamlDocument(workflow);
  const parsed = v.safeParse(callerSchema, document.errors.length > 0 ? undefined : document.toJS());
  const calls = parsed.success
    ? Object.values(parsed.output.jobs).filter(({ uses }) => /\/ops-gate\.yml@/.test(uses))
    : [];
  const [first] = calls;
  const value = first?.with?.[input] ?? false;
  return first === undefined || typeof value !== 'boolean' ? undefined : value;
}
