/** Fences and folded blocks that are open at the end, read without regard to how the cut was made. */
export function leftOpen(markdown: string): { fence: string; details: number } {
  let [fence, depth] = ['', 0];
  for (const line of markdown.split('\n')) {
    const run = /^(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence !== '') {
      fence = run.startsWith(fence) && line.trim() === run ? '' : fence;
    } else if (run !== '') {
      fence = run;
    } else {
      depth += line.split('<details>').length - line.split('</details>').length;
    }
  }
  return { fence, details: depth };
}
