import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How big an apps repository is. */
export interface HistorySize {
  apps: number;
  commits: number;
  /** Releases, a multiple of the apps. */
  tags: number;
}

/** Name of an app by its number. */
export function appName(index: number): string {
  return `app-${index}`;
}

/**
 * Makes a bare repository with a history on `main`. The last commits change one app each and are its newest release; what
 * comes before them is of no app and bears the older releases. So all that there is to release is what comes on top.
 *
 * @param folder an empty folder
 */
export async function makeHistory(folder: string, size: HistorySize): Promise<void> {
  await git(['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  const child = spawn('git', ['-C', folder, 'fast-import', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] });
  for (const chunk of stream(size)) {
    if (!child.stdin.write(chunk)) {
      await once(child.stdin, 'drain');
    }
  }
  child.stdin.end();
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`git fast-import ended with ${code}.`);
  }
}

/** @see https://git-scm.com/docs/git-fast-import */
function* stream({ apps, commits, tags }: HistorySize): Generator<string> {
  const who = (at: number) => `Ada <ada@acme.dev> ${1_700_000_000 + at * 60} +0000`;
  const names = Array.from({ length: apps }, (_none, index) => appName(index));
  const dockerfiles = names.map((name) => file(`apps/${name}/Dockerfile`, 'FROM scratch\n'));
  yield `commit refs/heads/main\nmark :1\ncommitter ${who(0)}\n${data('chore: begin')}${dockerfiles.join('')}\n`;
  const older = commits - apps;
  for (let at = 1; at <= commits; at++) {
    const path = at > older ? `apps/${names[at - older - 1]}/a.txt` : 'README.md';
    const header = `commit refs/heads/main\nmark :${at + 1}\ncommitter ${who(at)}\n${data(`feat: change ${at}`)}`;
    yield `${header}from :${at}\n${file(path, `${at}\n`)}\n`;
  }
  for (let index = 0; index < tags; index++) {
    const newest = index >= tags - apps;
    const at = newest ? older + 1 + (index - tags + apps) : 1 + Math.floor((index * older) / (tags - apps));
    const name = `${names[index % apps]}-v1.${Math.floor(index / apps)}.0`;
    yield `tag ${name}\nfrom :${at + 1}\ntagger ${who(at)}\n${data(name)}`;
  }
}

function file(path: string, text: string): string {
  return `M 100644 inline ${path}\n${data(text)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

async function git(args: readonly string[]): Promise<void> {
  const [code] = await once(spawn('git', args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'close');
  if (code !== 0) {
    throw new Error(`git ${args[0]} ended with ${code}.`);
  }
}
