/**
 * `npm run check`: everything that a change must pass, in one go. Quick checks run two at a time and tell only what they
 * find; the tests come last. Nothing stops at the first failure.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

interface Step {
  name: string;
  command: readonly [program: string, ...args: string[]];
}

const quick: readonly Step[] = [
  { name: 'types', command: [bin('tsc')] },
  { name: 'format, lint, layers', command: [bin('biome'), 'ci', '--colors=off', '--error-on-warnings', '.'] },
  { name: 'dist is what the sources make', command: [bin('tsx'), 'scripts/build.ts', '--check'] },
  { name: 'reference is what the sources say', command: [bin('tsx'), 'scripts/docs.ts', '--check'] },
  { name: 'workflows and actions', command: [bin('tsx'), 'scripts/check-workflows.ts'] },
  { name: 'sample overlays', command: [bin('tsx'), 'scripts/check-overlays.ts'] },
];

const tests: readonly Step[] = [
  {
    name: 'tests',
    command: [
      process.execPath,
      '--experimental-vm-modules',
      '--no-warnings',
      // As in package.json; jest.config.js says why.
      ...['--interrupt-budget=1500000', '--no-flush-bytecode'],
      'node_modules/jest/bin/jest.js',
    ],
  },
  { name: 'torture, in short', command: [bin('tsx'), 'scripts/torture.ts', '--short'] },
];

/** Runs one step. Its output is kept back, unless `shown`, and told when it fails. */
async function run({ name, command: [program, ...args] }: Step, shown = false): Promise<boolean> {
  const start = performance.now();
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', shown ? 'inherit' : 'pipe', shown ? 'inherit' : 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const passed = await new Promise<boolean>((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (!passed && output !== '') {
    console.log(output.replace(/^/gm, '    ').trimEnd());
  }
  return passed;
}

async function main(): Promise<void> {
  const failed: string[] = [];
  const waiting = [...quick];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (!(await run(step))) {
        failed.push(step.name);
      }
    }
  };
  await Promise.all([work(), work()]);
  for (const step of tests) {
    if (!(await run(step, true))) {
      failed.push(step.name);
    }
  }
  if (failed.length > 0) {
    console.error(`\nFailed: ${failed.join('; ')}`);
    process.exitCode = 1;
  }
}

await main();
