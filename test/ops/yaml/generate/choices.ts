import fc from 'fast-check';

/**
 * A row of numbers that decides everything about a generated file. A used up row says 0 to every question, and 0 is
 * always the plainest answer: so the shortest row that still shows a mistake shows it in the plainest file.
 */
export class Choices {
  private next = 0;

  constructor(private readonly numbers: readonly number[]) {}

  /** A number from 0 up to, not including, `count`. */
  upTo(count: number): number {
    const number = this.numbers[this.next] ?? 0;
    this.next += 1;
    return number % count;
  }

  /** One of several; the first one is the plainest. */
  of<T>(first: T, ...others: T[]): T {
    return [first, ...others][this.upTo(others.length + 1)] ?? first;
  }

  /** Yes once in `times` questions, no where the row is used up. */
  once(times: number): boolean {
    return this.upTo(times) === times - 1;
  }

  /** These things in any order. */
  shuffle<T>(things: readonly T[]): T[] {
    const rest = [...things];
    return things.flatMap(() => rest.splice(this.upTo(rest.length), 1));
  }

  /** Between `least` and `most` things. */
  many<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: least + this.upTo(most - least + 1) }, (_, index) => make(index));
  }
}

/** Rows of numbers for `Choices`. */
export const choices = fc.array(fc.nat({ max: 5039 }), { maxLength: 400, size: 'max' }).map((row) => new Choices(row));
