/**
 * Workflow and action files, checked the way GitHub checks them: its own schema and its own expression rules.
 */
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
import type { TemplateParseResult } from '@actions/workflow-parser/templates/template-parse-result';
import { InvalidFile } from './errors.js';
import { type Node, readTree } from './tree.js';

/**
 * Reads a workflow file.
 *
 * @param file the path that errors carry
 * @throws InvalidFile with every problem, each with its line
 */
export async function parseWorkflowFile(text: string, file: string): Promise<Node> {
  const tree = readTree(text, file);
  const result = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter());
  if (result.value !== undefined && result.context.errors.count === 0) {
    await convertWorkflowTemplate(result.context, result.value);
  }
  refuse(result, file);
  return tree;
}

/**
 * Reads an `action.yml`.
 *
 * @throws InvalidFile with every problem, each with its line
 */
export function parseActionFile(text: string, file: string): Node {
  const tree = readTree(text, file);
  refuse(parseAction({ name: file, content: text }, new NoOperationTraceWriter()), file);
  return tree;
}

function refuse(result: TemplateParseResult, file: string): void {
  const problems = result.context.errors.getErrors().map((error) => {
    const start = error.range?.start;
    const place = start === undefined ? file : `${file}:${start.line}:${start.column}`;
    return `${place}: ${error.rawMessage}`;
  });
  if (problems.length > 0) {
    throw new InvalidFile([...new Set(problems)]);
  }
}
