import { type LayerNode, layerText, nodeAt } from './layer-node.js';
import { currentId, type LayerObject, type ObjectId } from './layer-object.js';

/**
 * A test of objects by the `target` of a patch: each part is a regular expression for the whole of it, and a name or namespace
 * may be the first or the current one.
 *
 * @returns `undefined` where it cannot be told what it selects
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
 */
export function selectorOf(target: LayerNode): ((object: LayerObject) => boolean) | undefined {
  const part = (key: string) => patternOf(layerText(target, key));
  const [group, version, kind] = [part('group'), part('version'), part('kind')];
  const [name, namespace] = [part('name'), part('namespace')];
  const labels = labelTest(layerText(target, 'labelSelector'));
  const annotations = labelTest(layerText(target, 'annotationSelector'));
  const all = [group, version, kind, name, namespace, labels, annotations];
  if (all.some((each) => each === undefined)) {
    return undefined;
  }
  return (object) => {
    const ids = [object.ids[0] ?? currentId(object), currentId(object)];
    const metadata = nodeAt(object.root, 'metadata');
    return (
      group?.(object.group) === true &&
      version?.(object.version) === true &&
      kind?.(object.kind) === true &&
      ids.some((id) => name?.(id.name) === true) &&
      ids.some((id) => namespace?.(namespaceOf(id)) === true) &&
      labels?.(nodeAt(metadata, 'labels')) === true &&
      annotations?.(nodeAt(metadata, 'annotations')) === true
    );
  };
}

/** Whether a patch without a target is of an object: it says its kind, and a name that it has or had. */
export function isPatchOf(patch: LayerObject, object: LayerObject): boolean {
  const wanted = currentId(patch);
  return (
    patch.group === object.group &&
    patch.version === object.version &&
    patch.kind === object.kind &&
    object.ids.some((id) => id.name === wanted.name && namespaceOf(id) === namespaceOf(wanted))
  );
}

function namespaceOf({ namespace }: ObjectId): string {
  return namespace === '' ? 'default' : namespace;
}

/** What a pattern may have in it, so that nobody can make one that takes for ever. */
const SAFE = /^(?:[\w./-]|\|(?!\|)|(?<![*+?])[*?](?![*+?]))*$/;
const MOST_WILD = 2;

function patternOf(text: string): ((part: string) => boolean) | undefined {
  if (text === '') {
    return () => true;
  }
  if (/^[\w-]+$/.test(text)) {
    return (part) => part === text;
  }
  const isWild = (text.match(/[*?]/g) ?? []).length > MOST_WILD;
  if (!SAFE.test(text) || isWild) {
    return undefined;
  }
  const pattern = new RegExp(`^(?:${text})$`);
  return (part) => pattern.test(part);
}

/**
 * `a=b,c!=d,e,f in (g,h),i notin (j)`: other forms cannot be told.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
function labelTest(selector: string): ((labels: LayerNode | undefined) => boolean) | undefined {
  const parts = selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const tests = parts.map((part) =>
    /^(!?)([\w./-]+?)(?:\s*(==?|!=)\s*([\w.-]*)|\s+(in|notin)\s*\(([\w.,\s-]*)\))?$/.exec(part),
  );
  if (tests.some((test) => test === null)) {
    return undefined;
  }
  return (labels) =>
    tests.every((test) => {
      const [, not, key = '', operator, value, set, list = ''] = test ?? [];
      const found = nodeAt(labels, key);
      const text = found?.kind === 'text' ? found.text : undefined;
      if (set !== undefined) {
        const isIn = text !== undefined && list.split(',').some((each) => each.trim() === text);
        return isIn === (set === 'in');
      }
      if (operator === undefined) {
        return (text === undefined) === (not === '!');
      }
      return operator === '!=' ? text !== value : text === value;
    });
}
