/** Text that is HTML. */
export class Html {
  constructor(readonly text: string) {}
}

/** Template tag for HTML; values are escaped unless they are `Html`. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | Html[])[]): Html {
  const text = parts.map((part, index) => part + (index < values.length ? render(values[index] ?? '') : ''));
  return new Html(text.join(''));
}

function render(value: string | number | Html | Html[]): string {
  if (Array.isArray(value)) {
    return value.map(render).join('');
  }
  return value instanceof Html ? value.text : escapeHtml(String(value));
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A bullet list; the text `none` when it is empty. */
export function list(items: Html[], none: string): Html {
  return items.length === 0 ? html`<p>${none}</p>` : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Light and dark, close to what the same texts look like on GitHub. */
const STYLE =
  new Html(`:root { color-scheme: light dark; --line: #d1d9e0; --quiet: #59636e; --shade: #f6f8fa; --link: #0969da; --green: #1a7f37; --red: #cf222e; --violet: #8250df; --amber: #9a6700 }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --quiet: #9198a1; --shade: #151b23; --link: #4493f8; --green: #3fb950; --red: #f85149; --violet: #ab7df8; --amber: #d29922 } body { background: #0d1117; color: #f0f6fc } }
body { font: 14px/1.5 system-ui, "Liberation Sans", sans-serif; max-width: 62rem; margin: 1.5rem auto; padding: 0 1rem }
a { color: var(--link); text-decoration: none } a:hover { text-decoration: underline }
h1 { font-weight: 400; font-size: 1.9rem; line-height: 1.25 } h1 small { color: var(--quiet); font-size: inherit }
nav, article > header, small { color: var(--quiet) }
.state, .state.success { color: #fff; background: var(--green); border-radius: 2em; padding: .2rem .7rem; margin-right: .4rem; font-weight: 600 }
.state.merged { background: var(--violet) } .state.closed, .state.failure { color: #fff; background: var(--red) } .state.cancelled, .state.skipped { background: var(--quiet) }
article { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: 0 1rem .3rem }
article > header { background: var(--shade); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; margin: 0 -1rem .8rem; padding: .5rem 1rem; font-weight: 600 }
article h1, article h2 { border-bottom: 1px solid var(--line); padding-bottom: .3em; font-weight: 600; font-size: 1.5em }
table { border-collapse: collapse; margin: .8rem 0; display: block; overflow: auto; width: max-content; max-width: 100% }
th, td { border: 1px solid var(--line); padding: .35rem .8rem } tr:nth-child(2n) td { background: var(--shade) }
code { background: color-mix(in srgb, var(--quiet) 18%, transparent); border-radius: 6px; padding: .15em .4em; font: 85%/1.45 ui-monospace, "Liberation Mono", monospace }
pre { overflow: auto; padding: .9rem; background: var(--shade); border-radius: 6px; font: 85%/1.45 ui-monospace, "Liberation Mono", monospace }
pre code { background: none; padding: 0; font-size: inherit } .text { white-space: pre-wrap }
blockquote { margin: .8rem 0; padding: 0 1rem; border-left: .25em solid var(--line); color: var(--quiet) }
blockquote.note, blockquote.notice { border-color: var(--link); color: inherit } blockquote.warning { border-color: var(--amber); color: inherit } blockquote.caution, blockquote.error { border-color: var(--red); color: inherit }
ul.jobs { list-style: none; padding: 0 } hr { border: 0; border-top: 3px solid var(--line) } summary { cursor: pointer }
.added, .success { color: var(--green) } .removed, .failure { color: var(--red) } .hunk { color: var(--violet) }`);

/** A whole page. */
export function layout(title: string, repository: string | undefined, body: Html): string {
  const home = repository === undefined ? html`` : html` / <a href="/${repository}">${repository}</a>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><meta name="viewport" content="width=device-width">
<style>
${STYLE}</style></head><body><nav><a href="/">local GitHub</a>${home}</nav>
${body}
</body></html>
`.text;
}
