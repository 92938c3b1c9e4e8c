import { setTimeout } from 'node:timers/promises';
import type { Stage } from '../../../src/local/stage.js';

/** What a person does on the page and on GitHub's, with plain requests: one button after the other, until it ends. */
export interface Person {
  /** Headings of what was asked, in order. */
  asked: string[];
  /** All that the page showed. */
  seen: string[];
}

/** A page that works on loads itself again. */
const LOOK_AGAIN_MS = 20;

/** Changes what the person does: returns true where it did something else instead. */
export type Detour = (heading: string, page: string) => Promise<boolean>;

export async function followPage(
  stage: Stage,
  url: string,
  person: Person,
  detour?: Detour,
  repository = 'acme/ops',
): Promise<void> {
  for (;;) {
    const page = await textOf(url);
    if (page === undefined) {
      return;
    }
    person.seen.push(page);
    if (page.includes('id="end"')) {
      return;
    }
    const heading = /<h2>(.*?)<\/h2>/.exec(page)?.[1];
    if (heading === undefined) {
      await setTimeout(LOOK_AGAIN_MS);
      continue;
    }
    if (person.asked.at(-1) !== heading) {
      person.asked.push(heading);
    }
    if ((await detour?.(heading, page)) !== true) {
      await answer(stage, page, repository);
    }
  }
}

async function answer(stage: Stage, page: string, repository: string): Promise<void> {
  const [form, link] = [formOf(page), unescaped(/<a class="button"[^>]*href="([^"]*)"/.exec(page)?.[1] ?? '')];
  if (form?.fields.has('manifest') === true) {
    await makeOnGitHub(form);
  } else if (form !== undefined) {
    form.fields.set('key', await keyFromGitHub(link));
    await post(form.action, form.fields);
  } else {
    await installOn(stage, link, repository);
  }
}

export interface Form {
  action: string;
  fields: URLSearchParams;
}

/** The form of a page, filled in as it is. */
export function formOf(page: string, base?: string): Form | undefined {
  const action = /<form [^>]*\baction="([^"]*)"/.exec(page)?.[1];
  if (action === undefined) {
    return undefined;
  }
  const fields = new URLSearchParams();
  for (const [input] of page.matchAll(/<input [^>]*>/g)) {
    const [name, value] = [/ name="([^"]*)"/.exec(input)?.[1], / value="([^"]*)"/.exec(input)?.[1]];
    if (name !== undefined) {
      fields.set(name, unescaped(value ?? ''));
    }
  }
  return { action: new URL(unescaped(action), base).href, fields };
}

/** Presses both buttons, and goes back with GitHub's answer. */
export async function makeOnGitHub(form: Form, name?: string): Promise<void> {
  const confirm = formOf(await (await post(form.action, form.fields)).text(), form.action);
  if (confirm === undefined) {
    throw new Error('GitHub shows no form.');
  }
  if (name !== undefined) {
    confirm.fields.set('name', name);
  }
  const made = await post(confirm.action, confirm.fields);
  await fetch(made.headers.get('location') ?? 'about:blank');
}

export async function keyFromGitHub(link: string): Promise<string> {
  const settings = link.replace(/#.*$/, '');
  return (await post(`${settings}/keys`, new URLSearchParams())).text();
}

export async function installOn(_stage: Stage, link: string, ...repositories: string[]): Promise<void> {
  const form = formOf(await (await fetch(link)).text(), link);
  if (form === undefined) {
    throw new Error('GitHub shows nothing to install.');
  }
  form.fields.set('selection', 'selected');
  form.fields.delete('repository');
  for (const repository of repositories) {
    form.fields.append('repository', repository);
  }
  await post(form.action, form.fields);
}

export function post(url: string, body: URLSearchParams): Promise<Response> {
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

async function textOf(url: string): Promise<string | undefined> {
  try {
    return await (await fetch(url)).text();
  } catch {
    return undefined;
  }
}

function unescaped(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)))
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
