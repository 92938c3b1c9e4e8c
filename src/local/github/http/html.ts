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

/** A whole page. */
export function layout(title: string, repository: string | undefined, body: Html): string {
  const home = repository === undefined ? html`` : html` / <a href="/${repository}">${repository}</a>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><meta name="viewport" content="width=device-width">
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
pre { overflow: auto; padding: 1rem; border: 1px solid #8884; border-radius: .5rem; font-size: .85rem }
pre.text { white-space: pre-wrap }
.added { color: #1a7f37 } .removed { color: #cf222e } .hunk { color: #8250df }
</style></head><body><nav><a href="/">local GitHub</a>${home}</nav>
${body}
</body></html>
`.text;
}
