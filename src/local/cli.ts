/** `npm run local | rehearse | demo`: the local stage on the command line. */
import { messageOf } from './runner/errors.js';

const usage = `Usage:
  npm run local -- [--repo owner/name=FOLDER]... [--secret owner/name:NAME]... [--var owner/name:NAME=VALUE]...
                   [--latency 40ms] [--log FILE] [--port N] [--verbose]
  npm run rehearse -- --event EVENT --repo owner/name [--ref REF] [--payload FILE] [--inputs JSON]
                   [--workflow FILE] [--stage JSON|FILE] [--verbose]
  npm run demo -- [--keep]`;

type Command = (args: string[]) => Promise<number>;

/** Loaded when asked for, so that each command starts fast. */
const commands: Record<string, () => Promise<Command>> = {
  local: async () => (await import('./commands/local.js')).local,
  rehearse: async () => (await import('./commands/rehearse.js')).rehearse,
  demo: async () => (await import('./demo/demo.js')).demo,
};

const [name = '', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined || args.includes('--help')) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = command === undefined ? 2 : 0;
} else {
  try {
    process.exitCode = await (await command())(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  }
}
