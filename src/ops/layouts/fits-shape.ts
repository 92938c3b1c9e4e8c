import { posix } from 'node:path';
import { isEnvironment } from '../overlays/environment-name.js';
import { hasPlace, inEnvironment, isFile, type Layout, ownTemplates } from '../overlays/layout.js';
import { overlayOfPath, overlayPattern } from '../overlays/overlay-path.js';
import type { Deployment } from './deployments.js';

/**
 * How what an object deploys fits to the shape of a tree: `named` where it is where the shape has this environment, `open`
 * where it names no environment and the shape has the environment elsewhere, `taken` where the shape takes the object itself
 * for an app, and otherwise `other`.
 *
 * @param isNamed whether the path says of which environment it is
 * @param isOfOneApp whether its files are those of one app
 */
export function fitOf(
  layout: Layout,
  { environment, path, file }: Deployment,
  isNamed: boolean,
  isOfOneApp: boolean,
): 'named' | 'open' | 'taken' | 'other' {
  if (overlayOfPath(layout, file) !== undefined) {
    return 'taken';
  }
  const templates = [...layout.templates, ...ownTemplates(layout).map(({ template }) => template)];
  if (!isNamed) {
    return isEnvironment(layout, environment) ? 'open' : 'other';
  }
  const fitting = templates.filter((each) => !isOfOneApp || !isFileBelow(layout, each, environment, path));
  return isEnvironment(layout, environment) &&
    fitting.some((each) => hasPlace(layout, each, environment) && isAlong(layout, each, environment, path))
    ? 'named'
    : 'other';
}

/** Whether a template takes each file of a folder for an app. */
function isFileBelow(layout: Layout, template: string, environment: string, path: string): boolean {
  const place = inEnvironment(layout, template, environment);
  return isFile(template) && template.includes('{app}') && posix.dirname(place) === path;
}

/** Whether a path is an overlay of a template, or a folder above or inside of it, of this environment. */
function isAlong(layout: Layout, template: string, environment: string, path: string): boolean {
  const place = inEnvironment(layout, template, environment).split('/');
  const segments = path.split('/');
  const depth = template.split('/').findIndex((segment) => segment.includes('{environment}')) + 1;
  return (
    segments.length >= depth &&
    segments.slice(0, place.length).every((name, index) => overlayPattern(place[index] ?? '').exec(name)?.[0] === name)
  );
}
