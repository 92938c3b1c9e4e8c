import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** What a platform that runs plans elsewhere does, and what it was asked to. */
export interface PlatformState {
  /** What the next plan shows; empty for no changes. */
  does: string;
  /** What becomes of a run that is applied; `begun` stays as it is, as after a kill. */
  ends: 'applied' | 'errored' | 'begun' | 'refused';
  /** Whether runs can be shown. */
  isShown: boolean;
  runs: { id: string; status: string; does: string; saves: boolean }[];
  /** Ids of runs whose apply was asked for, in order. */
  asked: string[];
}

/**
 * Stands for a tool whose runs are on a platform: it prints what the sources of Terraform 1.11 and OpenTofu 1.9 print of plans, of a
 * run that is shown (`internal/cloud/backend_show.go`) and of one that is applied.
 */
const PROGRAM = `
const fs = require('node:fs');
const world = JSON.parse(fs.readFileSync(FILE, 'utf8'));
const [command, ...args] = process.argv.slice(2);
const gone = (text) => (text.match(/^ {2}# .* (?:will be destroyed|must be replaced)$/gm) ?? []).length;
const page = (id) => 'https://app.terraform.io/app/acme/net/runs/' + id;
const visit = (id) => 'To view this run in a browser, visit:\\n' + page(id) + '\\n';
const end = (code) => { fs.writeFileSync(FILE, JSON.stringify(world)); process.exitCode = code; };
const ofFile = () => {
  const { run_id: id } = JSON.parse(fs.readFileSync(args.at(-1), 'utf8'));
  return world.runs.find((run) => run.id === id);
};
if (command === 'version') {
  console.log(JSON.stringify({ terraform_version: '1.11.4' }));
} else if (command === 'plan') {
  const id = 'run-' + String(world.runs.length + 1).padStart(16, 'a');
  const out = args.find((arg) => arg.startsWith('-out='));
  const status = world.does === '' ? 'planned and finished' : out ? 'planned and saved' : 'planned and finished';
  world.runs.push({ id, status, does: world.does, saves: out !== undefined });
  console.log('Preparing the remote plan...\\n\\n' + visit(id) + '\\nWaiting for the plan to start...\\n\\nstarted at ' + process.hrtime.bigint());
  console.log(world.does + '\\n\\nPlan: ' + (world.does === '' ? 0 : 1) + ' to add, 0 to change, ' + gone(world.does) + ' to destroy.');
  if (out) fs.writeFileSync(out.slice(5), JSON.stringify({ remote_plan_format: 1, run_id: id, hostname: 'app.terraform.io' }));
  end(world.does === '' ? 0 : 2);
} else if (command === 'show') {
  const run = world.isShown ? ofFile() : undefined;
  if (run === undefined || args.includes('-json')) {
    console.error('Error: Failed to read the given file as a state or plan file');
    end(1);
  } else {
    const confirmable = run.status === 'planned and saved' ? 'confirmable' : 'not confirmable';
    console.log(visit(run.id) + '\\n' + run.does + '\\n\\nRun status: ' + run.status + ' (' + confirmable + ')\\nWorkspace is unlocked');
  }
} else if (command === 'apply') {
  const run = ofFile();
  world.asked.push(run.id);
  if (args.includes('-auto-approve') || !run.saves || run.status !== 'planned and saved') {
    console.error('Error: Saved plan cannot be applied');
    end(1);
  } else if (world.ends === 'refused') {
    console.error('Error: Apply not allowed for workspaces with a VCS connection');
    end(1);
  } else {
    run.status = world.ends === 'begun' ? 'applying' : world.ends;
    if (run.status === 'applied') {
      world.does = '';
      console.log(visit(run.id) + '\\nApply complete! Resources: 1 added, 0 changed, 0 destroyed.');
    }
    end(run.status === 'applied' ? 0 : 1);
  }
}
`;

/** A platform on this machine, and the program that speaks with it. */
export class CloudPlatform implements AsyncDisposable {
  private constructor(private readonly file: string) {}

  static async start(): Promise<CloudPlatform> {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-platform-'));
    const file = join(folder, 'state.json');
    await mkdir(join(folder, 'bin'));
    const text = `#!${process.execPath}\nconst FILE = ${JSON.stringify(file)};\n${PROGRAM}`;
    await writeFile(join(folder, 'bin', 'terraform'), text, { mode: 0o755 });
    const platform = new CloudPlatform(file);
    const state: PlatformState = { does: '', ends: 'applied', isShown: true, runs: [], asked: [] };
    await writeFile(file, JSON.stringify(state));
    return platform;
  }

  /** A PATH on which its program is found first. */
  get path(): string {
    return [join(dirname(this.file), 'bin'), process.env.PATH ?? ''].join(delimiter);
  }

  async state(): Promise<PlatformState> {
    return JSON.parse(await readFile(this.file, 'utf8'));
  }

  async set(more: Partial<PlatformState>): Promise<void> {
    await writeFile(this.file, JSON.stringify({ ...(await this.state()), ...more }));
  }

  /** What becomes of the newest run meanwhile. */
  async setStatus(status: string): Promise<void> {
    const state = await this.state();
    await this.set({
      runs: state.runs.map((run, index, all) => (index === all.length - 1 ? { ...run, status } : run)),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(dirname(this.file), { recursive: true, force: true });
  }
}
