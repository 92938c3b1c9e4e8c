/** The page on loopback, as HTML. Pure: what it shows is given. */

/** What a person is to do on the page. Texts are plain, addresses absolute. */
export type Question =
  | { kind: 'make-app'; title: string; text: string; action: string; manifest: string; button: string }
  | { kind: 'give-key'; title: string; text: string; link: string; linkText: string; action: string; hidden: string }
  | { kind: 'visit'; title: string; text: string; link: string; linkText: string };

export interface Shown {
  /** `acme/ops` */
  repository: string;
  /** What was done, in order. */
  done: readonly string[];
  question: Question | undefined;
  /** What was wrong with the last answer. */
  problem: string | undefined;
  /** What it came to; then nothing more happens on the page. */
  end: string | undefined;
  /** Allows the one script of the page. */
  nonce: string;
}

/** Seconds until a page that waits for something loads itself again. */
const RELOAD = 2;

/** @returns a whole document */
export function renderPage({ repository, done, question, problem, end, nonce }: Shown): string {
  const waits = end === undefined && (question === undefined || question.kind === 'visit');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${waits ? `<meta http-equiv="refresh" content="${RELOAD}">` : ''}
<title>The gate of ${escaped(repository)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>The gate of ${escaped(repository)}</h1>
<ol>${done.map((line) => `<li>${escaped(line)}</li>`).join('')}</ol>
${problem === undefined ? '' : `<p role="alert">${escaped(problem)}</p>`}
${end === undefined ? renderQuestion(question, nonce) : `<p id="end">${escaped(end)}</p>`}
</main>
</body>
</html>
`;
}

const STYLE =
  ':root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}' +
  'button,a.button{display:inline-block;font:inherit;padding:.4rem 1rem;border:1px solid;border-radius:.4rem;cursor:pointer;text-decoration:none}' +
  'textarea{display:block;width:100%;margin:1rem 0}[role=alert]{border-left:.3rem solid crimson;padding-left:.7rem}';

function renderQuestion(question: Question | undefined, nonce: string): string {
  if (question === undefined) {
    return '<p id="working">Working …</p>';
  }
  const head = `<h2>${escaped(question.title)}</h2><p>${escaped(question.text)}</p>`;
  switch (question.kind) {
    case 'make-app':
      return `${head}<form action="${escaped(question.action)}" method="post"><input type="hidden" name="manifest" value="${escaped(question.manifest)}"><button>${escaped(question.button)}</button></form>`;
    case 'give-key':
      return `${head}<p>${link(question)}</p><form action="${escaped(question.action)}" method="post"><input type="hidden" name="state" value="${escaped(question.hidden)}"><label>The file that it saved: <input type="file" id="file"></label><textarea name="key" id="key" rows="5" autocomplete="off" spellcheck="false" aria-label="or what is in it" required></textarea><button>Take this key</button></form><script nonce="${nonce}">${FILL}</script>`;
    case 'visit':
      return `${head}<p>${link(question)}</p>`;
  }
}

/** Puts what is in a chosen file into the field: a form sends text, and the file goes nowhere else. */
const FILL =
  "document.getElementById('file').onchange=async(e)=>{document.getElementById('key').value=await e.target.files[0].text()}";

function link({ link: address, linkText }: { link: string; linkText: string }): string {
  return `<a class="button" target="_blank" rel="noopener noreferrer" href="${escaped(address)}">${escaped(linkText)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}
