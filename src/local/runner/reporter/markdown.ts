/** Job summaries (GitHub's Markdown) as text that reads well in a terminal. */
import type { Paint } from './paint.js';

/**
 * Renders Markdown: headings, tables, lists, quotes, code, emphasis, links and the HTML tags that summaries use.
 *
 * @param paint adds colour, or leaves text as it is
 * @returns lines without line breaks
 */
export function renderMarkdown(markdown: string, paint: Paint): string[] {
  const lines: string[] = [];
  let table: string[] = [];
  let fence = false;
  const endTable = () => {
    lines.push(...renderTable(table, paint));
    table = [];
  };
  for (const line of prepare(markdown).split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) {
      endTable();
      fence = !fence;
    } else if (fence) {
      lines.push(`  ${paint('cyan', line)}`);
    } else if (/^\s*\|.*\|\s*$/.test(line)) {
      table.push(line.trim());
    } else {
      endTable();
      lines.push(renderLine(line, paint));
    }
  }
  endTable();
  return squeeze(lines);
}

/** Turns the HTML that Markdown may hold into text, outside of code. */
function prepare(markdown: string): string {
  return markdown
    .replaceAll('\r\n', '\n')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<summary>([\s\S]*?)<\/summary>/gi, '▸ $1')
    .replace(/<a [^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, '[$2]($1)')
    .replace(/<\/?(details|p|div|sub|sup|b|i|strong|em|code|pre|kbd|picture|source|img|h\d)\b[^>]*>/gi, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#x?\d+;/g, (entity) => decodeEntity(entity))
    .replace(/&quot;/g, '"')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&');
}

function decodeEntity(entity: string): string {
  const hex = /^&#x/i.test(entity);
  const code = Number.parseInt(entity.replace(/^&#x?/i, ''), hex ? 16 : 10);
  return Number.isNaN(code) || code > 0x10ffff ? entity : String.fromCodePoint(code);
}

function renderLine(line: string, paint: Paint): string {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading !== null) {
    return paint('bold', inline(heading[2] ?? '', paint));
  }
  const alert = /^>\s*\[!(\w+)\]\s*$/.exec(line);
  if (alert !== null) {
    return paint('bold', `│ ${alert[1]?.toLowerCase() ?? ''}`);
  }
  const quote = /^>\s?(.*)$/.exec(line);
  if (quote !== null) {
    return paint('dim', `│ ${inline(quote[1] ?? '', paint)}`);
  }
  const item = /^(\s*)[-*+]\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(line);
  if (item !== null) {
    const box = item[2] === undefined ? '•' : item[2] === ' ' ? '☐' : '☑';
    return `${item[1] ?? ''}${box} ${inline(item[3] ?? '', paint)}`;
  }
  return /^\s*([-*_])(\s*\1){2,}\s*$/.test(line) ? paint('dim', '─'.repeat(20)) : inline(line, paint);
}

function inline(text: string, paint: Paint): string {
  return text
    .split(/(`+[^`]*`+)/)
    .map((part) => {
      if (/^`+[^`]*`+$/.test(part)) {
        return paint('cyan', part.replace(/^`+ ?| ?`+$/g, ''));
      }
      return part
        .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g, (_, label: string, url: string) => (label === url ? url : label))
        .replace(/(\*\*|__)(?=\S)(.+?)\1/g, (_, _mark, bold: string) => paint('bold', bold))
        .replace(/\\([\\`*_{}[\]()#+.!|>~-])/g, '$1');
    })
    .join('');
}

function renderTable(rows: string[], paint: Paint): string[] {
  const cells = rows
    .filter((row) => !/^\|(\s*:?-+:?\s*\|)+$/.test(row))
    .map((row) =>
      row
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => inline(cell.trim(), paint)),
    );
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, visible(cell));
    });
  }
  return cells.map((row, index) => {
    const line = row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - visible(cell)))
      .join('  ')
      .trimEnd();
    return index === 0 && rows.length > cells.length ? paint('dim', line) : line;
  });
}

/** Length of a text as it is seen: without colour codes. */
function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one
  return [...text.replace(/\u001b\[[0-9;]*m/g, '')].length;
}

/** No empty line at the start and the end, no two in a row. */
function squeeze(lines: string[]): string[] {
  const kept = lines.filter((line, index) => line.trim() !== '' || lines[index - 1]?.trim() !== '');
  while (kept[0]?.trim() === '') {
    kept.shift();
  }
  while (kept.at(-1)?.trim() === '') {
    kept.pop();
  }
  return kept;
}
