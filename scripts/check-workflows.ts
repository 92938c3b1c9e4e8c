/**
 * `npm run lint:workflows`: checks every workflow and `action.yml` of the project without a network, with GitHub's own
 * language service. Prints `file:line:column: problem` and exits with 1 when there is one.
 *
 * Other files may be named: `npm run lint:workflows -- path/to/workflow.yml`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { validate } from '@actions/languageservice';
import { clearCache } from '@actions/languageservice/utils/workflow-cache';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseDocument } from 'yaml';

const root = join(import.meta.dirname, '..');

/** Severities of the Language Server Protocol that fail the check: errors and warnings. */
const worstAllowed = 2;

export interface Problem {
  file: string;
  /** Counted from 1. */
  line: number;
  column: number;
  message: string;
}

/**
 * Checks one workflow or action.
 *
 * @param file how it is named in problems; its path says which of the two it is
 */
export async function checkFile(text: string, file: string): Promise<Problem[]> {
  const uri = pathToFileURL(
    join(root, isAction(file) ? file : join('.github', 'workflows', file.replace(/^.*\//, ''))),
  );
  const document = TextDocument.create(uri.href, 'yaml', 1, text);
  // It remembers what it has parsed by name, and two folders may hold files of one name.
  clearCache();
  const diagnostics = await validate(document, callsOwn(text) ? { fileProvider: { getFileContent } } : {});
  const problems = diagnostics
    .filter(({ severity = 1 }) => severity <= worstAllowed)
    .map(({ range, message }) => ({
      file,
      line: range.start.line + 1,
      column: range.start.character + 1,
      message: typeof message === 'string' ? message : message.value,
    }));
  return [...problems, ...interpolations(text, file)];
}

/** Whether every reusable workflow that a file calls is one of ours, so that its inputs and secrets can be checked. */
function callsOwn(text: string): boolean {
  const called = [...text.matchAll(/uses: *['"]?(\S+\/\.github\/workflows\/\S+)/g)].map(([, uses = '']) => uses);
  return called.length > 0 && called.every((uses) => /^(\.\/|\$\/|ostack\/actions\/)/.test(uses));
}

/** Reads one of our own reusable workflows. */
async function getFileContent({ path }: { path: string }): Promise<{ name: string; content: string }> {
  return { name: path, content: await readFile(join(root, path), 'utf8') };
}

/**
 * `${{ }}` inside `run:` puts values into a script that may hold anything: they must come through `env:`.
 *
 * @see https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks
 */
function interpolations(text: string, file: string): Problem[] {
  const problems: Problem[] = [];
  const lines = text.split('\n');
  const document = parseDocument(text);
  const visit = (value: unknown) => {
    if (Array.isArray(value)) {
      value.forEach(visit);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, entry] of Object.entries(value)) {
        if (key === 'run' && typeof entry === 'string' && entry.includes('${'.concat('{'))) {
          const found = entry.split('\n').find((line) => line.includes('${'.concat('{'))) ?? '';
          const line = lines.findIndex((candidate) => candidate.includes(found.trim())) + 1;
          problems.push({
            file,
            line,
            column: 1,
            message: 'An expression inside "run": pass the value through "env".',
          });
        }
        visit(entry);
      }
    }
  };
  visit(document.toJS());
  return problems;
}

function isAction(file: string): boolean {
  return /(^|\/)action\.ya?ml$/.test(file);
}

async function projectFiles(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['.github/workflows', 'workflows', 'actions', 'test/fixtures']) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = relative(root, join(entry.parentPath, entry.name));
      const workflow = /(^|\/)(\.github\/)?workflows\/([^/]+\/)?[^/]+\.ya?ml$/.test(path);
      if (entry.isFile() && (isAction(path) || workflow)) {
        found.push(path);
      }
    }
  }
  return found.sort();
}

async function main(args: string[]): Promise<number> {
  const files = args.length > 0 ? args : await projectFiles();
  let count = 0;
  for (const file of files) {
    for (const problem of await checkFile(await readFile(join(root, file), 'utf8'), file)) {
      process.stdout.write(`${problem.file}:${problem.line}:${problem.column}: ${problem.message}\n`);
      count += 1;
    }
  }
  process.stdout.write(`${files.length} workflows and actions, ${count === 0 ? 'no problems' : `${count} problems`}\n`);
  return count === 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await main(process.argv.slice(2));
}
