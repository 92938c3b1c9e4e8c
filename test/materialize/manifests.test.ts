import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { manifestFiles } from '../../src/materialize/manifests/files.js';
import { inNamespace, readObjects } from '../../src/materialize/manifests/objects.js';
import { textValue } from '../../src/materialize/values.js';

/** An object in a line. */
function object(kind: string, name: string, namespace = '', group = '') {
  const metadata = namespace === '' ? { name } : { name, namespace };
  const [read] = readObjects(
    JSON.stringify({ apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata }),
    `${kind}.yaml`,
  );
  if (read === undefined) {
    throw new Error('No object.');
  }
  return read;
}

/** A definition of a kind of the whole cluster. */
const REALMS = readObjects(
  'apiVersion: v1\nkind: CustomResourceDefinition\nmetadata: { name: a }\nspec: { scope: Cluster, group: acme.test, names: { kind: Realm } }\n',
  'a.yaml',
);

describe('reading objects', () => {
  test('takes those of a list one by one, and leaves empty documents out', () => {
    const list =
      '---\n---\napiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: Pod, metadata: { name: a } }]\n---\n# nothing\n';
    expect(readObjects(list, 'a.yaml').map(({ kind, name }) => [kind, name])).toEqual([['Pod', 'a']]);
  });

  test.each([
    ['a document that says nothing', 'null\n---\n~\n'],
    ['a list of nothing', 'apiVersion: v1\nkind: List\nitems:\n'],
    ['a list without entries', 'apiVersion: v1\nkind: ConfigMapList\nitems: []\n'],
  ])('takes none of %s, as kubectl does', (_what, text) => {
    expect(readObjects(text, 'a.yaml')).toEqual([]);
  });

  test.each([
    ['a text', 'hello\n', /^a\.yaml:1: expected a Kubernetes object, found a text/],
    ['an empty kind', 'apiVersion: v1\nkind: ""\nmetadata: { name: a }\n', /found one without kind/],
    ['an empty name', 'apiVersion: v1\nkind: Pod\nmetadata: { name: "" }\n', /found one without metadata\.name/],
    ['a list of a mapping', 'apiVersion: v1\nkind: List\nitems: { a: b }\n', /without metadata\.name/],
    ['a list with a name and nothing in it', 'kind: AllowList\nmetadata: { name: a }\nitems:\n', /without apiVersion/],
    ['a list', '- a\n', /found a list/],
    ['no kind', 'apiVersion: v1\nmetadata: { name: a }\n', /found one without kind/],
    [
      'a name that is made by the cluster',
      '\napiVersion: v1\nkind: Job\nmetadata: { generateName: a- }\n',
      /^a\.yaml:2: .*without metadata\.name/,
    ],
    [
      'a byte order mark where two files were put together',
      '\uFEFFapiVersion: v1\nkind: Pod\nmetadata: { name: a }\n---\n\uFEFFapiVersion: v1\nkind: Pod\nmetadata: { name: b }\n',
      /^a\.yaml:5: a key begins with a byte order mark \(U\+FEFF\)/,
    ],
    [
      'a byte order mark before a key that an object may lack',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n\uFEFFdata: { x: y }\n',
      /byte order mark/,
    ],
    ['an empty mapping', '{}\n', /without apiVersion and kind and metadata\.name/],
  ])('refuses %s with its place', (_what, text, message) => {
    expect(() => readObjects(text, 'a.yaml')).toThrow(message);
  });
});

describe('injecting a namespace', () => {
  test.each<[string, ReturnType<typeof object>, string]>([
    ['an object without one', object('Deployment', 'a', '', 'apps'), 'web'],
    ['an object with one of its own', object('Deployment', 'a', 'other', 'apps'), 'other'],
    ['a kind of the whole cluster', object('ClusterRole', 'a', '', 'rbac.authorization.k8s.io'), ''],
    ['a kind of that name in another group', object('ClusterRole', 'a', '', 'acme.test'), 'web'],
    ['a namespace', object('Namespace', 'a'), ''],
    ['a kind of a definition for the whole cluster', object('Realm', 'a', '', 'acme.test'), ''],
    ['a kind of a definition for namespaces', object('User', 'a', '', 'acme.test'), 'web'],
  ])('%s', (_what, read, expected) => {
    const definitions = [
      ['Realm', 'Cluster'],
      ['User', 'Namespaced'],
    ].flatMap(([kind, scope]) =>
      readObjects(
        JSON.stringify({
          ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: kind } },
          spec: { group: 'acme.test', scope, names: { kind } },
        }),
        'crds.yaml',
      ),
    );
    const [injected] = inNamespace([read], textValue('web'), [read, ...definitions]);
    expect(injected?.namespace).toBe(expected);
    expect(
      [...manifestFiles(injected === undefined ? [] : [injected]).values()].join('').includes('namespace: web'),
    ).toBe(expected === 'web');
  });
});

describe('the files of an environment', () => {
  test.each<[string, Parameters<typeof manifestFiles>[0], unknown[]]>([
    [
      'a folder for each namespace',
      [object('Service', 'web', 'shop'), object('Namespace', 'shop')],
      ['namespace-shop.yaml', 'shop/service-web.yaml'],
    ],
    [
      'the group where two kinds have one name',
      [object('Service', 'web', 'a'), object('Service', 'web', 'a', 'serving.knative.dev')],
      ['a/service-web.yaml', 'a/service.serving.knative.dev-web.yaml'],
    ],
    [
      'a name that is no name of a file',
      [object('ClusterRole', 'system:node/../x', '', 'rbac')],
      ['clusterrole-system_3a_node_2f_..._2f_x.yaml'],
    ],
    [
      'a name that looks like one that was made safe',
      [object('Role', 'a:b', 'n'), object('Role', 'a_3a_b', 'n')],
      ['n/role-a_3a_b.yaml', 'n/role-a_5f_3a_5f_b.yaml'],
    ],
    [
      'names that differ in capitals alone, which some file systems take for one',
      [
        object('ClusterRole', 'A', '', 'rbac'),
        object('ClusterRole', 'a', '', 'rbac'),
        object('ClusterRole', 'B', '', 'rbac'),
      ],
      ['clusterrole-B.yaml', 'clusterrole.rbac-_41_.yaml', 'clusterrole.rbac-a.yaml'],
    ],
    ['a namespace of dots', [object('Role', 'a', '..')], ['_2e__2e_/role-a.yaml']],
    [
      'a namespace that is called as a file',
      [object('Role', 'a', 'role-a.yaml'), object('Role', 'a')],
      ['role-a.yaml', 'role-a_2e_yaml/role-a.yaml'],
    ],
    [
      'a name as long as two file names',
      [object('Role', `${'x'.repeat(500)}1`, 'n'), object('Role', `${'x'.repeat(500)}2`, 'n')],
      [
        expect.stringMatching(/^n\/role-x{178}_[0-9a-f]{16}\.yaml$/),
        expect.stringMatching(/^n\/role-x{178}_[0-9a-f]{16}\.yaml$/),
      ],
    ],
  ])('have %s', (_what, objects, expected) => {
    expect([...manifestFiles(objects).keys()].map((path) => path.replace('_.._', '_..._'))).toEqual(expected);
  });

  test('two objects that would be one file are an error, and none is lost', () => {
    const [one, other] = [object('My-Kind', 'a', 'n'), object('My', 'kind-a', 'n')];
    expect(() => manifestFiles([one, other])).toThrow('would both be the file n/my-kind-a.yaml');
    expect(() => manifestFiles([object('Role', 'a', 'n'), object('role', 'a', 'n')])).toThrow('n/role-a.yaml');
  });

  test('two objects that are one to a cluster are an error that names both sources', () => {
    const one = { ...object('Service', 'web', 'a'), from: 'cluster/cat' };
    const other = { ...object('Service', 'web', 'a'), from: 'cluster/dog' };
    expect(() => manifestFiles([one, other])).toThrow(
      /^Service a\/web is made twice, by cluster\/cat and by cluster\/dog\./,
    );
  });

  test.each<[string, Parameters<typeof manifestFiles>[0]]>([
    [
      'a kind of the whole cluster with two namespaces',
      [
        object('ClusterRole', 'a', 'x', 'rbac.authorization.k8s.io'),
        object('ClusterRole', 'a', 'y', 'rbac.authorization.k8s.io'),
      ],
    ],
    ['such a kind with one and without', [object('Namespace', 'a', 'x'), object('Namespace', 'a')]],
    [
      'such a kind of a definition',
      [object('Realm', 'a', 'x', 'acme.test'), object('Realm', 'a', 'y', 'acme.test'), ...REALMS],
    ],
    ['the namespace default and none', [object('Service', 'web', 'default'), object('Service', 'web')]],
    ...[
      ...[['DaemonSet', 'apps'] as const, ['Deployment', 'apps'] as const, ['ReplicaSet', 'apps'] as const],
      ...[['Ingress', 'networking.k8s.io'] as const, ['NetworkPolicy', 'networking.k8s.io'] as const],
    ].map(([kind, group]): [string, Parameters<typeof manifestFiles>[0]] => [
      `${kind} of the old group and of ${group}`,
      [object(kind, 'web', 'a', 'extensions'), object(kind, 'web', 'a', group)],
    ]),
    [
      'a PodSecurityPolicy of the old group with a namespace and of the new one without',
      [object('PodSecurityPolicy', 'a', 'x', 'extensions'), object('PodSecurityPolicy', 'a', '', 'policy')],
    ],
  ])('%s is one object to a cluster', (_what, objects) => {
    expect(() => manifestFiles(objects)).toThrow('In a cluster these are one object');
  });

  test.each([
    ['a kind that moved, and one of somebody else', 'Ingress', ['extensions', 'networking.acme.test']],
    ['a kind that never was in the old group', 'Service', ['extensions', 'networking.k8s.io']],
  ])('%s are two objects', (_what, kind, groups) => {
    expect(manifestFiles(groups.map((group) => object(kind, 'web', 'a', group))).size).toBe(2);
  });

  test('objects of one name in two namespaces are two', () => {
    expect(manifestFiles([object('Service', 'web', 'a'), object('Service', 'web')]).size).toBe(2);
  });

  test('do not depend on the order of the objects, and lose none', () => {
    const kinds = fc.constantFrom('Service', 'Role', 'ClusterRole', 'Pod');
    const names = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'b', '_', '.', ':', '3', '-') });
    const objects = fc.uniqueArray(
      fc.tuple(kinds, names, fc.constantFrom('', 'n', '..'), fc.constantFrom('', 'acme.test')),
      {
        selector: (each) => each.join('\0'),
      },
    );
    fc.assert(
      fc.property(objects, (each) => {
        const all = each.map(([kind, name, namespace, group]) => object(kind, name, namespace, group));
        const files = [...manifestFiles(all)];
        expect([...manifestFiles(all.toReversed())]).toEqual(files);
        expect(files).toHaveLength(all.length);
        expect(files.filter(([path]) => path.split('/').some((part) => /^\.+$/.test(part)))).toEqual([]);
      }),
    );
  });
});
