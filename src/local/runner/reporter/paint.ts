import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'blue';

/** Adds colour to a text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** No colour: for files, pipes and tests. */
export const plain: Paint = (_style, text) => text;

/** Colour on a terminal, unless `NO_COLOR` is set (https://no-color.org). */
export function paintFor(out: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Paint {
  return out.isTTY === true && (env.NO_COLOR ?? '') === '' ? (style, text) => styleText(style, text) : plain;
}
