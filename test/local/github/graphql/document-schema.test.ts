import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  parse,
  print,
  validate,
  visit,
} from 'graphql';
import { Definitions } from '../../../../src/local/github/graphql/definitions.js';
import { githubSchema, githubSchemaFor, githubSdl } from '../../../../src/local/github/graphql/schema.js';

const DOCUMENTS = [
  `query Repo($owner: String!, $name: String!, $first: Int = 5, $states: [PullRequestState!]) {
     repository(owner: $owner, name: $name) {
       id ...names
       pullRequests(first: $first, states: $states, orderBy: { field: CREATED_AT, direction: DESC }) {
         totalCount pageInfo { hasNextPage endCursor }
         nodes { number author { login ... on User { name } ... on Bot { databaseId } } labels(first: 2) { nodes { name } } }
       }
     }
   }
   fragment names on Repository { name owner { __typename login ... on Organization { id } } }`,
  `query Objects { repository(owner: "a", name: "b") {
     one: object(expression: "main:x") { __typename oid ... on Blob { text isBinary } ... on Tree { entries { name mode object { oid } } } }
     two: ref(qualifiedName: "refs/heads/x") { target { ... on Commit { ...commit } ... on Tag { target { ...commit } } } }
   } }
   fragment commit on Commit { message history(first: 3, path: "y", since: "2020-01-01T00:00:00Z") { nodes { oid author { user { login } } } } }`,
  `query Node($id: ID!, $deep: Boolean!) { node(id: $id) { __typename ... on PullRequest @include(if: $deep) { title
     timelineItems(first: 1) { nodes { __typename ... on MergedEvent { actor { login } } } }
     closer: timelineItems(last: 1, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent { closer { ... on Commit { oid } } } } } } } }`,
  `mutation Commit($input: CreateCommitOnBranchInput!, $refs: UpdateRefsInput!) {
     createCommitOnBranch(input: $input) { commit { oid url } ref { name } clientMutationId }
     updateRefs(input: $refs) { clientMutationId }
     addLabelsToLabelable(input: { labelableId: "x", labelIds: ["y"] }) { labelable { labels(first: 1) { nodes { name } } } }
   }`,
];

function partFor(document: DocumentNode): GraphQLSchema {
  const part = githubSchemaFor(document);
  if (part === undefined) {
    throw new Error('The document needs the whole schema.');
  }
  return part;
}

test.each(DOCUMENTS)('what a document can meet is as in the whole schema: %.12s', (text) => {
  const document = parse(text);
  const [part, whole] = [partFor(document), githubSchema()];
  expect(validate(part, document)).toEqual([]);
  expect(githubSchemaFor(document)).toBe(part);
  for (const type of Object.values(part.getTypeMap())) {
    const same = whole.getType(type.name);
    if (isAbstractType(type) && isAbstractType(same)) {
      expect(part.getPossibleTypes(type).map(String).sort()).toEqual(whole.getPossibleTypes(same).map(String).sort());
    }
    if ((isObjectType(type) || isInterfaceType(type)) && (isObjectType(same) || isInterfaceType(same))) {
      const fields = same.getFields();
      for (const { name, type: result, args } of Object.values(type.getFields())) {
        expect([name, String(result), args.map(String)]).toEqual([
          name,
          String(fields[name]?.type),
          fields[name]?.args.map(String),
        ]);
      }
    }
  }
});

test('a document is accepted only where the whole schema accepts it', () => {
  const words = [...new Set(DOCUMENTS.join(' ').match(/\b[a-z]\w+/gi))];
  // A word of another place is hardly ever accepted. Where a field stands, a name for it always is.
  const asked = fc.record({ at: fc.nat(), word: fc.constantFrom('', ...words), named: fc.boolean() });
  let accepted = 0;
  fc.assert(
    fc.property(fc.constantFrom(...DOCUMENTS), fc.array(asked, { minLength: 1, maxLength: 2 }), (text, changes) => {
      const tokens = text.match(/"[^"]*"|\w+|\.\.\.|\S/g) ?? [];
      const names = [...tokens.keys()].filter((index) => /^[a-z]/i.test(tokens[index] ?? ''));
      for (const { at, word, named } of changes) {
        const index = names[at % names.length] ?? 0;
        tokens[index] = named ? `x${at}: ${tokens[index]}` : word;
      }
      const document = parsed(tokens.join(' '));
      const part = document === undefined ? undefined : githubSchemaFor(document);
      if (document !== undefined && part !== undefined && validate(part, document).length === 0) {
        accepted += 1;
        expect(validate(githubSchema(), document)).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(0);
});

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

test('every type of the whole schema is found, but for its description', () => {
  const definitions = new Definitions(githubSdl());
  const types = Object.values(githubSchema().getTypeMap()).flatMap(({ astNode }) => astNode ?? []);
  expect(definitions.names.sort()).toEqual(types.map(({ name }) => name.value).sort());
  for (const node of types) {
    const found = definitions.get(node.name.value);
    const bare = visit(node, { enter: (part) => ('description' in part ? { ...part, description: undefined } : part) });
    expect(found === undefined ? '' : print(found)).toBe(print(bare));
  }
});
