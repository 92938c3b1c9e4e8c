import { anchorIn } from './message-anchor.js';

/** The page that has every message, with a place for each of them and for each action. */
const PAGE = 'https://github.com/ostack/actions/blob/main/docs/troubleshooting.md';

let running: string | undefined;

/** Says which action this process is, for links in its messages. */
export function setAction(name: string): void {
  running = name;
}

/** A link to the place of a message on the page about messages, else to that of the running action. */
export async function helpLink(message: string): Promise<string> {
  // Loaded when something fails: most runs need none of it.
  const { MESSAGE_MARKS } = await import('./message-marks.js');
  const anchor = anchorIn(message, MESSAGE_MARKS) ?? running;
  return `Help: ${PAGE}${anchor === undefined ? '' : `#${anchor}`}`;
}
