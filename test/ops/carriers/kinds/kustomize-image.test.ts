import { describe, expect, test } from '@jest/globals';
import { NEW, OLD, set, TAG_ONLY } from '../support.js';

describe('an entry of images', () => {
  test('gets tag and digest', () => {
    expect(
      set(`images:
  - name: ghcr.io/acme/other
    newTag: 1.3.0
  - name: ghcr.io/acme/my-app # ours
    newTag: 1.3.0 # x-release
    digest: ${OLD}
`),
    ).toBe(`images:
  - name: ghcr.io/acme/other
    newTag: 1.3.0
  - name: ghcr.io/acme/my-app # ours
    newTag: 1.4.0 # x-release
    digest: ${NEW}
`);
  });

  test('gets a digest next to its tag where it had none', () => {
    expect(set('images:\n- newTag: "1.3.0"\n  name: ghcr.io/acme/my-app\n')).toBe(
      `images:\n- newTag: "1.4.0"\n  digest: ${NEW}\n  name: ghcr.io/acme/my-app\n`,
    );
  });

  test('that is pinned by its digest alone stays so, and gets a tag where no digest is known', () => {
    const pinned = `images:\n- name: ghcr.io/acme/my-app\n  digest: ${OLD}\n`;
    expect(set(pinned)).toBe(`images:\n- name: ghcr.io/acme/my-app\n  digest: ${NEW}\n`);
    expect(set(pinned, TAG_ONLY)).toBe('images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n');
  });

  test.each([
    [
      'a tag in newName',
      `- {name: app, newName: "ghcr.io/acme/my-app:1.3.0"}\n`,
      `- {name: app, newName: "ghcr.io/acme/my-app:1.4.0@${NEW}"}\n`,
    ],
    [
      'a tag in newName and another one behind it',
      `- name: app\n  newName: ghcr.io/acme/my-app:1.2.0\n  newTag: 1.3.0\n`,
      `- name: app\n  newName: ghcr.io/acme/my-app\n  newTag: 1.4.0\n  digest: ${NEW}\n`,
    ],
    [
      'a digest in newName',
      `- name: app\n  newName: ghcr.io/acme/my-app@${OLD}\n`,
      `- name: app\n  newName: ghcr.io/acme/my-app@${NEW}\n`,
    ],
    [
      'a tag in its name, which is what it looks for',
      `- {name: "ghcr.io/acme/my-app:1.3.0", newTag: 1.3.1}\n`,
      `- {name: "ghcr.io/acme/my-app:1.3.0", newTag: 1.4.0, digest: ${NEW}}\n`,
    ],
  ])('with %s', (_, before, after) => {
    expect(set(`images:\n${before}`)).toBe(`images:\n${after}`);
  });

  test('is what an ImageTagTransformer has too', () => {
    const file = (tag: string) =>
      `apiVersion: builtin\nkind: ImageTagTransformer\nmetadata: {name: web}\nimageTag:\n  name: web\n  newName: ghcr.io/acme/my-app\n  newTag: ${tag}\n`;
    expect(set(file('1.3.0'), TAG_ONLY)).toBe(file('1.4.0'));
  });

  test('that gets a version without a tag says the digest alone', () => {
    const target = { ...TAG_ONLY, tag: undefined, digest: NEW };
    expect(set(`images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0\n  digest: ${OLD}\n`, target)).toBe(
      `images:\n- name: ghcr.io/acme/my-app\n  digest: ${NEW}\n`,
    );
    expect(set('images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0\n', target)).toBe(
      `images:\n- name: ghcr.io/acme/my-app\n  digest: ${NEW}\n`,
    );
  });

  test('loses a digest that would decide over the new tag', () => {
    expect(set(`images:\n- name: ghcr.io/acme/my-app\n  digest: ${OLD}\n  newTag: 1.3.0\n`, TAG_ONLY)).toBe(
      'images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n',
    );
  });

  test('with the digest inside its tag gets both apart', () => {
    expect(set(`images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0@${OLD}\n`)).toBe(
      `images:\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n  digest: ${NEW}\n`,
    );
  });

  test('is found by newName', () => {
    expect(set('images:\n- name: app\n  newName: ghcr.io/acme/my-app\n  newTag: 1.3.0\n', TAG_ONLY)).toBe(
      'images:\n- name: app\n  newName: ghcr.io/acme/my-app\n  newTag: 1.4.0\n',
    );
  });

  test('that sends the image to a mirror keeps the mirror', () => {
    expect(
      set('images:\n- name: ghcr.io/acme/my-app\n  newName: mirror.corp/my-app\n  newTag: 1.3.0\n', TAG_ONLY),
    ).toBe('images:\n- name: ghcr.io/acme/my-app\n  newName: mirror.corp/my-app\n  newTag: 1.4.0\n');
  });

  test('with the bare name as placeholder gets the repository too', () => {
    expect(set('images:\n- name: my-app\n  newTag: 1.3.0\n')).toBe(
      `images:\n- name: my-app\n  newName: ghcr.io/acme/my-app\n  newTag: 1.4.0\n  digest: ${NEW}\n`,
    );
  });

  test('with a bare name is left alone where another entry names the repository', () => {
    expect(set('images:\n- name: my-app\n  newTag: 7\n- name: ghcr.io/acme/my-app\n  newTag: 1.3.0\n', TAG_ONLY)).toBe(
      'images:\n- name: my-app\n  newTag: 7\n- name: ghcr.io/acme/my-app\n  newTag: 1.4.0\n',
    );
  });

  test('in flow style stays in flow style', () => {
    expect(set('images: [{name: ghcr.io/acme/my-app, newTag: 1.3.0}, {name: x, newTag: y}]\n')).toBe(
      `images: [{name: ghcr.io/acme/my-app, newTag: 1.4.0, digest: ${NEW}}, {name: x, newTag: y}]\n`,
    );
  });

  test('of a Flux Kustomization is set', () => {
    const text = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
spec:
  images:
    - name: ghcr.io/acme/my-app
      newTag: 1.3.0
`;
    expect(set(text, TAG_ONLY)).toBe(text.replace('1.3.0', '1.4.0'));
  });

  test('that loses its digest in flow style keeps the comment of its neighbour', () => {
    const [head, tail] = ['images: [{\n  name: ghcr.io/acme/my-app, # ours\n', '  } ]\n'];
    const pinned = `  digest: ${OLD}`;
    expect(set(`${head}  newTag: 1.3.0, # x-release\n${pinned}, # pinned\n${tail}`, TAG_ONLY)).toBe(
      `${head}  newTag: 1.4.0, # x-release\n${tail}`,
    );
    expect(set(`${head}${pinned}, newTag: 1.3.0\n${tail}`, TAG_ONLY)).toBe(`${head}  newTag: 1.4.0\n${tail}`);
  });
});
