import type { World } from '../world/world.js';

export interface Page {
  status: number;
  html: string;
}

/** The web page of a path, so that links in summaries lead somewhere. */
export async function pageFor(_world: World, path: string): Promise<Page> {
  return { status: 404, html: `<!doctype html><title>Not found</title><p>There is no page ${escapeHtml(path)} here.` };
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
