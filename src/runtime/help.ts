/** The page that has every message, with a place for each action. */
const PAGE = 'https://github.com/ostack/actions/blob/main/docs/troubleshooting.md';

let running: string | undefined;

/** Says which action this process is, for links in its messages. */
export function setAction(name: string): void {
  running = name;
}

/** A link to the place of the running action on the page about its messages. */
export function helpLink(): string {
  return `Help: ${PAGE}${running === undefined ? '' : `#${running}`}`;
}
