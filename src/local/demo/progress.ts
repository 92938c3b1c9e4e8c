import type { Conclusion, Reporter, RunInfo, RunnerEvent } from '../runner/events.js';
import type { Terminal } from './terminal.js';

const MARKS: Record<Conclusion, string> = { success: '✓', failure: '✗', cancelled: '■', skipped: '–' };

/** Prints one line for each run that starts and each job that ends. */
export class Progress implements Reporter {
  readonly #terminal: Terminal;
  /** The log of each job, kept until it ends: a failed job shows it whole. */
  readonly #logs = new Map<string, string[]>();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  report(event: RunnerEvent): void {
    switch (event.type) {
      case 'run-started':
        if (!isBackground(event.run)) {
          this.#terminal.line(`  ${event.run.repository} runs ${event.run.workflow} #${event.run.number}`);
        }
        break;
      case 'step-started':
        this.#terminal.live(`    · ${event.job.name}: ${event.step.name}`);
        break;
      case 'log':
        this.#keep(event.job.key, event.text);
        break;
      case 'annotation':
        this.#annotate(event);
        break;
      case 'job-finished':
        this.#finish(event);
        break;
      default:
        break;
    }
  }

  #keep(key: string, text: string): void {
    const log = this.#logs.get(key) ?? [];
    log.push(text);
    this.#logs.set(key, log);
  }

  #annotate({ annotation }: Extract<RunnerEvent, { type: 'annotation' }>): void {
    const style = annotation.level === 'error' ? 'red' : annotation.level === 'warning' ? 'yellow' : 'dim';
    this.#terminal.line(`      ${this.#terminal.paint(style, `${annotation.level}: ${annotation.message}`)}`);
  }

  #finish({ run, job, conclusion, durationMs }: Extract<RunnerEvent, { type: 'job-finished' }>): void {
    if (conclusion === 'skipped' || (conclusion === 'success' && isBackground(run))) {
      return;
    }
    const style = conclusion === 'success' ? 'green' : conclusion === 'failure' ? 'red' : 'dim';
    const mark = this.#terminal.paint(style, MARKS[conclusion]);
    this.#terminal.line(`    ${mark} ${job.name.padEnd(36)} ${this.#terminal.paint('dim', seconds(durationMs))}`);
    if (conclusion === 'failure') {
      for (const text of this.#logs.get(job.key) ?? []) {
        this.#terminal.line(`      ${text}`);
      }
    }
    this.#logs.delete(job.key);
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Runs that are not shown: the status page is written again after each change of ops. */
function isBackground({ workflow, event }: RunInfo): boolean {
  return workflow === 'Status' && event === 'push';
}
