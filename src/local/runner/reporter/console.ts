/** Prints runs as GitHub's log shows them: jobs, steps with marks and times, groups, annotations, summaries. */
import type { Annotation, Conclusion, JobInfo, Reporter, RunInfo, RunnerEvent } from '../events.js';
import { renderMarkdown } from './markdown.js';
import type { Paint } from './paint.js';

export interface ConsoleOptions {
  write(line: string): void;
  paint: Paint;
  /** Shows what is inside groups; without it, only of steps that fail. */
  unfold?: boolean;
}

const marks: Record<Conclusion, string> = { success: '✓', failure: '✗', cancelled: '■', skipped: '○' };

type JobEvent = Exclude<RunnerEvent, { type: `run-${string}` }> & { job: JobInfo };

/** State of a step that runs. */
interface OpenStep {
  /** Lines inside groups with their titles, which are printed if the step fails. */
  folded: string[];
  /** Whether a group is open, and how many lines it has. */
  group: { title: string; lines: number } | undefined;
}

/**
 * Lines of jobs that run at the same time are not mixed: one job is live, the events of the others are queued until it
 * has ended.
 */
export class ConsoleReporter implements Reporter {
  readonly #queues = new Map<string, RunnerEvent[]>();
  readonly #steps = new Map<string, OpenStep>();
  #live: string | undefined;

  constructor(private readonly options: ConsoleOptions) {}

  report(event: RunnerEvent): void {
    const key = 'job' in event ? event.job?.key : undefined;
    if (key === undefined) {
      this.#runEvent(event);
      return;
    }
    if (event.type === 'job-started' && this.#live === undefined) {
      this.#live = key;
    }
    if (this.#live !== undefined && this.#live !== key) {
      this.#queues.set(key, [...(this.#queues.get(key) ?? []), event]);
      return;
    }
    this.#jobEvent(event);
    if (event.type === 'job-finished' && this.#live === key) {
      this.#next();
    }
  }

  /** After the live job: prints queued jobs, those that have ended first; the first that has not ended becomes live. */
  #next(): void {
    this.#live = undefined;
    const queues = [...this.#queues].sort((a, b) => Number(hasEnded(b[1])) - Number(hasEnded(a[1])));
    for (const [key, events] of queues) {
      if (this.#live !== undefined) {
        return;
      }
      this.#queues.delete(key);
      for (const event of events) {
        this.#jobEvent(event);
      }
      if (!hasEnded(events)) {
        this.#live = key;
      }
    }
  }

  #runEvent(event: RunnerEvent): void {
    const { paint } = this.options;
    switch (event.type) {
      case 'run-queued':
        this.#line(`${paint('yellow', '◷')} ${runTitle(event.run)}: ${event.reason}`);
        break;
      case 'run-started':
        this.#line('');
        this.#line(`${paint('bold', runTitle(event.run))}  ${event.run.title}`);
        this.#line(
          paint('dim', `  ${event.run.event} ${event.run.ref} ${event.run.sha.slice(0, 7)} by ${event.run.actor}`),
        );
        break;
      case 'annotation':
        this.#annotation(event.annotation, '  ');
        break;
      case 'run-finished':
        this.#line(
          `${this.#mark(event.conclusion)} ${paint('bold', runTitle(event.run))}  ${seconds(event.durationMs)}`,
        );
        break;
      default:
        break;
    }
  }

  #jobEvent(event: RunnerEvent): void {
    if (!isJobEvent(event)) {
      return;
    }
    const { paint } = this.options;
    const step = this.#stepOf(event.job.key);
    switch (event.type) {
      case 'job-waiting':
        this.#line(`  ${paint('yellow', '◷')} ${event.job.name}: ${event.reason}`);
        break;
      case 'job-started':
        this.#line(`  ${paint('bold', `─ ${event.job.name}`)}`);
        break;
      case 'step-started':
        this.#steps.set(event.job.key, { folded: [], group: undefined });
        this.#line(paint('dim', `    · ${event.step.name}`));
        break;
      case 'log':
        this.#log(step, event.text);
        break;
      case 'group':
        this.#endGroup(step);
        step.group = { title: event.title, lines: 0 };
        step.folded.push(`▸ ${event.title}`);
        break;
      case 'group-end':
        this.#endGroup(step);
        break;
      case 'annotation':
        this.#endGroup(step);
        this.#annotation(event.annotation, '      ');
        break;
      case 'step-finished':
        this.#endStep(step, event);
        break;
      case 'summary':
        this.#summary(event.markdown);
        break;
      case 'job-finished':
        this.#line(`  ${this.#mark(event.conclusion)} ${event.job.name}  ${paint('dim', seconds(event.durationMs))}`);
        break;
    }
  }

  #stepOf(key: string): OpenStep {
    const step = this.#steps.get(key) ?? { folded: [], group: undefined };
    this.#steps.set(key, step);
    return step;
  }

  #log(step: OpenStep, text: string): void {
    for (const line of text.split('\n')) {
      if (step.group === undefined) {
        this.#line(`      ${line}`);
      } else {
        step.group.lines += 1;
        step.folded.push(`    ${line}`);
      }
    }
  }

  #endGroup(step: OpenStep): void {
    const { group } = step;
    if (group === undefined) {
      return;
    }
    step.group = undefined;
    if (this.options.unfold === true) {
      for (const line of step.folded) {
        this.#line(`      ${line}`);
      }
      step.folded = [];
    } else if (group.lines > 0) {
      const count = group.lines === 1 ? '1 line' : `${group.lines} lines`;
      this.#line(`      ${this.options.paint('cyan', `▸ ${group.title}`)} ${this.options.paint('dim', count)}`);
    }
  }

  #endStep(step: OpenStep, event: Extract<RunnerEvent, { type: 'step-finished' }>): void {
    this.#endGroup(step);
    if (event.conclusion === 'failure' && step.folded.length > 0) {
      this.#line(this.options.paint('dim', '      What was folded:'));
      for (const line of step.folded) {
        this.#line(`      ${this.options.paint('dim', line)}`);
      }
    }
    this.#steps.delete(event.job.key);
    const time = this.options.paint('dim', seconds(event.durationMs));
    this.#line(`    ${this.#mark(event.conclusion)} ${event.step.name}  ${time}`);
  }

  #annotation(annotation: Annotation, indent: string): void {
    const style = annotation.level === 'error' ? 'red' : annotation.level === 'warning' ? 'yellow' : 'blue';
    const place =
      annotation.file === undefined
        ? ''
        : ` (${[annotation.file, annotation.line, annotation.column].filter((part) => part !== undefined).join(':')})`;
    const title = annotation.title === undefined ? '' : `${annotation.title}: `;
    const [first = '', ...rest] = annotation.message.split('\n');
    this.#line(`${indent}${this.options.paint(style, `${annotation.level}: ${title}${first}${place}`)}`);
    for (const line of rest) {
      this.#line(`${indent}  ${line}`);
    }
  }

  #summary(markdown: string): void {
    const { paint } = this.options;
    this.#line(paint('dim', '    ┌ Summary'));
    for (const line of renderMarkdown(markdown, paint)) {
      this.#line(`${paint('dim', '    │')} ${line}`);
    }
    this.#line(paint('dim', '    └'));
  }

  #mark(conclusion: Conclusion): string {
    const style = conclusion === 'success' ? 'green' : conclusion === 'failure' ? 'red' : 'dim';
    return this.options.paint(style, marks[conclusion]);
  }

  #line(text: string): void {
    this.options.write(text.trimEnd());
  }
}

function isJobEvent(event: RunnerEvent): event is JobEvent {
  return 'job' in event && event.job !== undefined;
}

function hasEnded(events: RunnerEvent[]): boolean {
  return events.some((event) => event.type === 'job-finished');
}

function runTitle(run: RunInfo): string {
  return `${run.repository} · ${run.workflow} #${run.number}`;
}

function seconds(milliseconds: number): string {
  const whole = milliseconds / 1000;
  return whole < 60 ? `${whole.toFixed(1)}s` : `${Math.floor(whole / 60)}m ${Math.round(whole % 60)}s`;
}
