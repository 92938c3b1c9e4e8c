import type { RunRecord } from '../world/records.js';
import { type Html, html } from './html.js';
import { markdown } from './markdown.js';

const MARKS: Record<string, string> = { success: '✓', failure: '✗', cancelled: '■', skipped: '–' };

/** The page of a run that has ended: its jobs, what they warned of, and the summary of each. */
export function runPage(run: RunRecord): { title: string; body: Html } {
  const title = `${run.title} · ${run.workflow} #${run.number}`;
  const jobs = run.jobs.map(
    (job) => html`<li><span class="${job.conclusion}">${MARKS[job.conclusion] ?? ''}</span> ${job.name}</li>`,
  );
  const notes = [...run.annotations, ...run.jobs.flatMap(({ annotations }) => annotations)].map(
    ({ level, message }) => html`<blockquote class="${level}"><p class="text">${message}</p></blockquote>`,
  );
  const summaries = run.jobs
    .filter(({ summary }) => summary !== '')
    .map(({ name, summary }) => html`<article><header>${name} summary</header>${markdown(summary)}</article>`);
  const body = html`<h1>${run.title} <small>#${run.number}</small></h1>
<p><span class="state ${run.conclusion ?? run.status}">${run.conclusion ?? run.status}</span> ${run.workflow} · ${run.event} by ${run.actor}</p>
<ul class="jobs">${jobs}</ul>
${notes}
${summaries}`;
  return { title, body };
}
