/** Blocks that are open at the end of some lines of Markdown: a fence, and `<details>`. */
interface Open {
  /** The mark that closes the fence, `undefined` outside of one. */
  fence: string | undefined;
  details: number;
}

/**
 * Cuts Markdown to at most `limit` bytes of UTF-8, which is at most as many characters. It ends at the end of a line;
 * fences and folded blocks that are open there are closed, and a last line says that it was cut.
 *
 * @param limit bytes; below the length of the last line the result is empty
 * @param rest Markdown that says where the whole text is
 */
export function cutMarkdown(text: string, limit: number, rest = ''): string {
  const whole = Buffer.byteLength(text);
  if (whole <= limit) {
    return text;
  }
  const notice = `\n\n_Cut here: the whole is ${whole} bytes, the limit ${limit}.${rest === '' ? '' : ` ${rest}`}_\n`;
  const room = limit - Buffer.byteLength(notice);
  if (room < 0) {
    return '';
  }
  let kept = '';
  let [end, bytes] = [0, 0];
  let open: Open = { fence: undefined, details: 0 };
  while (end < text.length && bytes <= room) {
    const next = text.indexOf('\n', end);
    const line = text.slice(end, next < 0 ? undefined : next + 1);
    open = after(open, line);
    end += line.length;
    bytes += Buffer.byteLength(line);
    const closed = closers(open);
    if (bytes + Buffer.byteLength(closed) <= room) {
      kept = `${text.slice(0, end).trimEnd()}${closed}`;
    }
  }
  return `${kept}${notice}`.trimStart();
}

function closers({ fence, details }: Open): string {
  return `${fence === undefined ? '' : `\n${fence}`}${'\n\n</details>'.repeat(details)}`;
}

/**
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
function after({ fence, details }: Open, line: string): Open {
  const mark = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/s.exec(line);
  if (fence !== undefined) {
    const [, run = '', info = ''] = mark ?? [];
    return { fence: run.startsWith(fence) && info.trim() === '' ? undefined : fence, details };
  }
  if (mark?.[1] !== undefined) {
    return { fence: mark[1], details };
  }
  const folds = (line.match(/<details[\s>]/g)?.length ?? 0) - (line.match(/<\/details>/g)?.length ?? 0);
  return { fence, details: Math.max(0, details + folds) };
}
