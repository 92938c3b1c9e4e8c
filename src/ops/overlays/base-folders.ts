import { baseOfGroup, type Layout, ownTemplates } from './layout.js';

/**
 * Folders in which the base of an app may be, by a template of its overlays. The first is where a new one belongs:
 * `bases/<app>` in the oStack layout, `apps/base/<app>` for `apps/{environment}`, `web/base` for `{app}/overlays/{environment}`.
 */
export function baseFolders(layout: Pick<Layout, 'apps'>, template: string, app: string): string[] {
  return [...new Set([usualBase(layout, template, app), `bases/${app}`, `base/${app}`])];
}

function usualBase(layout: Pick<Layout, 'apps'>, template: string, app: string): string {
  const segments = template.split('/');
  const [atApp, atEnvironment] = ['{app}', '{environment}'].map((name) =>
    segments.findIndex((segment) => segment.includes(name)),
  );
  if (atApp !== undefined && atEnvironment !== undefined && atApp >= 0 && atApp < atEnvironment) {
    return [...segments.slice(0, atApp + 1), 'base'].join('/').replaceAll('{app}', app);
  }
  if (ownTemplates({ templates: [], ...layout }).some((own) => own.app === app && own.template === template)) {
    return baseOfGroup(template);
  }
  return segments[0] === 'overlays' && atApp !== undefined && atApp >= 0
    ? `bases/${app}`
    : `${baseOfGroup(template)}/${app}`;
}
