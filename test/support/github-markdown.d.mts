/** GitHub Flavored Markdown as HTML, with the HTML in it left as it is: what GitHub has before it sanitizes. */
export function renderMarkdown(markdown: string): string;
