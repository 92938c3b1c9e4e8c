/** The reference pages, as Markdown. */
import { code, fenced, table } from '../../src/report/markdown.js';
import type { ActionMetadata, WorkflowMetadata } from './metadata.js';

/** First line of every generated page. */
const GENERATED = (source: string) => `<!-- Made by "npm run docs" from ${source}: change it there. -->`;

export interface ActionPage {
  /** Folder name, which is what users reference. */
  name: string;
  /** Other published names. */
  otherNames: readonly string[];
  metadata: ActionMetadata;
  /** Hand-written steps that show it at work. */
  example: string | undefined;
}

/** The page of one action: what it does, an example, inputs and outputs. */
export function actionPage({ name, otherNames, metadata, example }: ActionPage): string {
  const { inputs, outputs } = metadata;
  return page([
    GENERATED(`actions/${name}/action.yml`),
    `# ${name}`,
    prose(metadata.description),
    ...(otherNames.length === 0 ? [] : [`Published also as ${otherNames.map(code).join(', ')}.`]),
    '## Usage',
    fenced('yaml', example ?? bareStep(name, metadata)),
    '## Inputs',
    rows(
      ['Input', 'What it is', 'Default'],
      Object.entries(inputs).map(([input, { description, required, default: fallback, deprecationMessage }]) => [
        code(input),
        cell(deprecationMessage === undefined ? description : `${description}\n\n_Deprecated:_ ${deprecationMessage}`),
        defaultCell(required, fallback),
      ]),
    ),
    '## Outputs',
    rows(
      ['Output', 'What it is'],
      Object.entries(outputs).map(([output, { description }]) => [code(output), cell(description)]),
    ),
  ]);
}

export interface WorkflowPage {
  /** File name without its ending. */
  name: string;
  metadata: WorkflowMetadata;
  /** A workflow to copy, which calls this one. */
  starter: { path: string; text: string } | undefined;
}

/** The page of one reusable workflow: what it does, the starter to copy, inputs, secrets, outputs and jobs. */
export function workflowPage({ name, metadata, starter }: WorkflowPage): string {
  const file = `.github/workflows/${name}.yml`;
  return page([
    GENERATED(file),
    `# ${metadata.name}`,
    prose(metadata.description),
    '## Usage',
    starter === undefined
      ? fenced('yaml', bareCall(name, metadata))
      : `Copy [${code(starter.path)}](../${starter.path}):\n\n${fenced('yaml', starter.text)}`,
    '## Inputs',
    rows(
      ['Input', 'What it is', 'Type', 'Default'],
      Object.entries(metadata.inputs).map(([input, { description, type, required, default: fallback }]) => [
        code(input),
        cell(description),
        type,
        defaultCell(required, fallback),
      ]),
    ),
    '## Secrets',
    rows(
      ['Secret', 'What it is', ''],
      Object.entries(metadata.secrets).map(([secret, { description, required }]) => [
        code(secret),
        cell(description),
        required ? '**required**' : '',
      ]),
    ),
    '## Outputs',
    rows(
      ['Output', 'What it is'],
      Object.entries(metadata.outputs).map(([output, { description }]) => [code(output), cell(description)]),
    ),
    '## Jobs and what they may do',
    rows(
      ['Job', 'After', 'Permissions', 'Of the App'],
      metadata.jobs.map(({ name: job, needs, permissions, tokens }) => [
        job,
        needs.join(', '),
        permissions.map(code).join('<br>'),
        tokens.map((token) => [`${cell(token.step)}:`, ...token.permissions.map(code)].join('<br>')).join('<br>'),
      ]),
    ),
  ]);
}

/** The list of all pages. */
export function indexPage(actions: readonly ActionPage[], workflows: readonly WorkflowPage[]): string {
  return page([
    GENERATED('every action and reusable workflow'),
    '# Reference',
    '## Reusable workflows',
    'A whole path in one call. Copy the starter, and read on only when you need something else.',
    rows(
      ['Workflow', 'What it does'],
      workflows.map(({ name, metadata }) => [
        `[${metadata.name}](workflow-${name}.md)`,
        cell(metadata.description.split('\n\n')[0] ?? ''),
      ]),
    ),
    '## Actions',
    'The steps of it, each of use on its own.',
    rows(
      ['Action', 'What it does'],
      actions.map(({ name, metadata }) => [`[${code(name)}](${name}.md)`, cell(metadata.description)]),
    ),
  ]);
}

function page(blocks: readonly string[]): string {
  return `${blocks.map((block) => block.trimEnd()).join('\n\n')}\n`;
}

function rows(headers: readonly string[], lines: readonly string[][]): string {
  return lines.length === 0 ? 'None.' : table(headers, lines);
}

function defaultCell(required: boolean, fallback: string | undefined): string {
  if (required && (fallback === undefined || fallback === '')) {
    return '**required**';
  }
  return fallback === undefined || fallback === '' ? '' : code(fallback.trimEnd());
}

/** Our own Markdown, in which `<owner>` outside of code is meant as text. */
function prose(markdown: string): string {
  return outsideCode(markdown.trim(), (part) => part.replace(/</g, '&lt;'));
}

/** The same on one line, for a table. */
function cell(markdown: string): string {
  return prose(markdown)
    .replace(/\|/g, '\\|')
    .replace(/\n\n+/g, '<br><br>')
    .replace(/\n(?=[-*] )/g, '<br>')
    .replace(/\s+/g, ' ');
}

function outsideCode(markdown: string, change: (part: string) => string): string {
  return markdown
    .split(/(`+[^`]*`+)/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** A step with every required input, for an action without an example. */
function bareStep(name: string, { inputs }: ActionMetadata): string {
  const required = Object.entries(inputs).filter(([, input]) => input.required);
  const lines = required.map(([input]) => `    ${input}: …`);
  return [`- uses: ostack/actions/${name}@v1`, ...(lines.length === 0 ? [] : ['  with:', ...lines])].join('\n');
}

/** A job with every required input and secret, for a workflow without a starter. */
function bareCall(name: string, { inputs, secrets }: WorkflowMetadata): string {
  const block = (key: string, values: Record<string, { required: boolean }>) => {
    const required = Object.entries(values).filter(([, { required }]) => required);
    return required.length === 0 ? [] : [`    ${key}:`, ...required.map(([input]) => `      ${input}: …`)];
  };
  return [
    'jobs:',
    `  ${name}:`,
    `    uses: ostack/actions/.github/workflows/${name}.yml@v1`,
    ...block('with', inputs),
    ...block('secrets', secrets),
  ].join('\n');
}
