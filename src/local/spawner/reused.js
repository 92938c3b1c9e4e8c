/** Runs programs of Node.js in processes that have run others. Plain JavaScript, as `child.js` is. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';

const program = join(import.meta.dirname, 'program-host.cjs');

/** Programs after which a process has had enough: what they leave in memory adds up. */
const MOST_PROGRAMS = 200;

/** Processes that wait for a program. */
const waiting = new Set();

/**
 * Runs a program in a process that waits for one, or in a new one.
 *
 * @param command `args` begins with as many options of Node.js as `options` says; the program and its arguments follow
 * @returns what `spawn` would: an emitter of `error`, `exit` and `close` with `stdout`, `stderr` and `pid`
 */
export function startInReused({ file, args, options, cwd, env }) {
  const started = [file, ...args.slice(0, options)];
  const host = [...waiting].find((other) => other.key === JSON.stringify(started)) ?? new Host(started);
  waiting.delete(host);
  const [entry, ...rest] = args.slice(options);
  return host.run({ program: entry, args: rest, cwd, env });
}

/** Ends the processes that wait. */
export async function endWaiting() {
  await Promise.all([...waiting].map((host) => host.end()));
}

class Host {
  #child;
  #programs = 0;
  /** Of the program that runs: it stands for its process. */
  #run;
  #outputs = {};

  constructor([file, ...options]) {
    this.key = JSON.stringify([file, ...options]);
    // Each program has its own variables. A process group of its own, so that what a program started can be ended with it.
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'];
    this.#child = spawn(file, [...options, program], { env: {}, detached: true, stdio, serialization: 'advanced' });
    for (const name of ['stdout', 'stderr']) {
      this.#child[name].on('data', (chunk) => this.#receive(name, chunk));
    }
    this.#child.on('message', ({ code }) => this.#settle({ code }));
    this.#child.on('error', (error) => this.#run?.emit('error', error));
    for (const event of ['exit', 'close']) {
      this.#child.on(event, (code) => {
        waiting.delete(this);
        this.#run?.emit(event, code);
      });
    }
  }

  run(call) {
    const mark = `\0${randomUUID()}`;
    this.#programs += 1;
    this.#outputs = { stdout: new Marked(mark), stderr: new Marked(mark) };
    this.#run = Object.assign(new EventEmitter(), {
      pid: this.#child.pid,
      stdout: new EventEmitter(),
      stderr: new EventEmitter(),
    });
    // It may have been ended by somebody: its exit tells.
    this.#child.send({ ...call, mark }, () => {});
    return this.#run;
  }

  end() {
    const ended = new Promise((resolve) => this.#child.once('close', resolve));
    this.#child.disconnect();
    return ended;
  }

  #receive(name, chunk) {
    // What a program left running may write when nobody listens.
    const text = this.#outputs[name]?.read(chunk) ?? '';
    if (text.length > 0) {
      this.#run?.[name].emit('data', text);
    }
    this.#settle({});
  }

  /** A program has ended when its exit code and both marks are there. */
  #settle({ code }) {
    const { stdout, stderr } = this.#outputs;
    this.#outputs.code ??= code;
    if (this.#outputs.code === undefined || !stdout?.isOver || !stderr?.isOver) {
      return;
    }
    const [run, exited] = [this.#run, this.#outputs.code];
    this.#run = undefined;
    this.#outputs = {};
    if (this.#programs < MOST_PROGRAMS) {
      waiting.add(this);
    } else {
      this.#child.disconnect();
    }
    run.emit('exit', exited);
    run.emit('close', exited);
  }
}

/** An output up to its mark. Nothing waits in here but what may be the beginning of one. */
class Marked {
  isOver = false;
  #mark;
  #held = Buffer.alloc(0);

  constructor(mark) {
    this.#mark = mark;
  }

  /** @returns what can be passed on */
  read(chunk) {
    const all = Buffer.concat([this.#held, chunk]);
    const at = all.indexOf(this.#mark);
    this.isOver = at >= 0;
    const end = this.isOver ? at : this.#beginning(all);
    this.#held = all.subarray(end);
    return all.subarray(0, end);
  }

  #beginning(all) {
    const at = all.lastIndexOf(0);
    return at >= 0 && this.#mark.startsWith(all.toString('latin1', at)) ? at : all.length;
  }
}
