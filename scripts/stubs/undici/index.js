/** Stands in for undici, which `@actions/github` needs for its `fetch` alone: Node has the same one built in. */
export const fetch = (url, { dispatcher: _, ...options } = {}) => globalThis.fetch(url, options);
