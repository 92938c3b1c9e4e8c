/** What the reference pages are made from: the metadata of actions, and of workflows that others may call. */
import * as v from 'valibot';
import { parseDocument } from 'yaml';

const text = v.pipe(
  v.union([v.string(), v.number(), v.boolean()]),
  v.transform((value) => String(value)),
);
const flag = v.optional(v.boolean(), false);
const none = {};

const actionSchema = v.object({
  name: v.string(),
  description: v.string(),
  inputs: v.optional(
    v.record(
      v.string(),
      v.object({
        description: v.string(),
        required: flag,
        default: v.optional(text),
        deprecationMessage: v.optional(v.string()),
      }),
    ),
    none,
  ),
  outputs: v.optional(v.record(v.string(), v.object({ description: v.string() })), none),
});

export type ActionMetadata = v.InferOutput<typeof actionSchema>;

const permissionsSchema = v.union([v.string(), v.record(v.string(), v.string())]);

const callSchema = v.object({
  inputs: v.optional(
    v.record(
      v.string(),
      v.object({ description: v.string(), type: v.string(), required: flag, default: v.optional(text) }),
    ),
    none,
  ),
  secrets: v.optional(v.record(v.string(), v.object({ description: v.string(), required: flag })), none),
  outputs: v.optional(v.record(v.string(), v.object({ description: v.string() })), none),
});

const stepSchema = v.object({
  name: v.optional(v.string()),
  uses: v.optional(v.string(), ''),
  with: v.optional(v.record(v.string(), v.unknown()), none),
});

const workflowSchema = v.object({
  name: v.string(),
  on: v.object({ workflow_call: v.optional(v.nullable(callSchema), none) }),
  jobs: v.record(
    v.string(),
    v.object({
      name: v.optional(v.string()),
      needs: v.optional(v.union([v.string(), v.array(v.string())]), []),
      permissions: v.optional(permissionsSchema, none),
      steps: v.optional(v.array(stepSchema), []),
    }),
  ),
});

export interface WorkflowMetadata extends v.InferOutput<typeof callSchema> {
  name: string;
  /** The comment at the top of the file, as Markdown. */
  description: string;
  jobs: {
    name: string;
    needs: string[];
    permissions: string[];
    /** Steps that make tokens of a GitHub App, with what they ask for. */
    tokens: { step: string; permissions: string[] }[];
  }[];
}

/**
 * Reads an `action.yml`.
 *
 * @param file named in errors
 * @throws Error naming what a reference page needs and the file lacks, for example a description
 */
export function readAction(source: string, file: string): ActionMetadata {
  return check(actionSchema, source, file);
}

/**
 * Reads a workflow that others may call.
 *
 * @param file named in errors
 * @throws Error naming what a reference page needs and the file lacks
 */
export function readWorkflow(source: string, file: string): WorkflowMetadata {
  const workflow = check(workflowSchema, source, file);
  const call = workflow.on.workflow_call ?? { inputs: none, secrets: none, outputs: none };
  const { inputs = {}, secrets = {}, outputs = {} } = call;
  return {
    name: workflow.name,
    description: topComment(source),
    inputs,
    secrets,
    outputs,
    jobs: Object.entries(workflow.jobs).map(([id, job]) => ({
      name: job.name ?? id,
      needs: [job.needs].flat().map((need) => workflow.jobs[need]?.name ?? need),
      permissions:
        typeof job.permissions === 'string'
          ? [job.permissions]
          : Object.entries(job.permissions).map(([scope, level]) => `${scope}: ${level}`),
      tokens: job.steps.filter(({ uses }) => uses.startsWith('actions/create-github-app-token@')).map(tokenOf),
    })),
  };
}

function tokenOf({ name, uses, with: inputs }: v.InferOutput<typeof stepSchema>) {
  const permissions = Object.entries(inputs).flatMap(([input, level]) =>
    input.startsWith('permission-') ? [`${input.slice('permission-'.length)}: ${level}`] : [],
  );
  return { step: name ?? uses, permissions };
}

function check<S extends v.GenericSchema>(schema: S, source: string, file: string): v.InferOutput<S> {
  const document = parseDocument(source);
  if (document.errors[0] !== undefined) {
    throw new Error(`${file}: ${document.errors[0].message}`);
  }
  const result = v.safeParse(schema, document.toJS());
  if (!result.success) {
    const issue = result.issues[0];
    throw new Error(`${file}: ${v.getDotPath(issue) ?? '(top)'}: ${issue.message}`);
  }
  return result.output;
}

/** The comment lines before the first line that is none, without their marks. */
function topComment(source: string): string {
  const lines = source.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join('\n');
}
