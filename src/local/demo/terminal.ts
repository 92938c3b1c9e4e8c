import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Writes lines for a person, in colour where the terminal shows it (`NO_COLOR` and pipes do not). */
export class Terminal {
  readonly #colour: boolean;
  readonly #out: NodeJS.WriteStream;
  #live = '';

  constructor(out: NodeJS.WriteStream = process.stdout, env: NodeJS.ProcessEnv = process.env) {
    this.#out = out;
    this.#colour = out.isTTY === true && (env.NO_COLOR ?? '') === '';
  }

  paint(style: Style, text: string): string {
    return this.#colour ? styleText(style, text) : text;
  }

  line(text = ''): void {
    this.#eraseLive();
    this.#out.write(`${text}\n`);
  }

  /** Shows what is going on right now, on a line that the next output replaces. Only on a terminal. */
  live(text: string): void {
    if (this.#out.isTTY !== true) {
      return;
    }
    this.#eraseLive();
    this.#live = text.slice(0, Math.max(20, this.#out.columns - 1));
    this.#out.write(this.paint('dim', this.#live));
  }

  /** Rows as aligned columns; the first row is the head. */
  table(rows: readonly (readonly string[])[], indent = '  '): void {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
    rows.forEach((row, index) => {
      const text = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd();
      this.line(`${indent}${index === 0 ? this.paint('dim', text) : text}`);
    });
  }

  #eraseLive(): void {
    if (this.#live !== '') {
      this.#out.write('\r\u001b[2K');
      this.#live = '';
    }
  }
}
