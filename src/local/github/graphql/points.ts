import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/**
 * What a document costs by GitHub's published formula: how many requests it takes to fulfil every connection, each asked for
 * as often as the connections around it may have nodes, divided by 100; at least 1. Of `nodes(ids:)`, of which the formula
 * says nothing, every id is taken for a node.
 *
 * @see https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#calculating-points
 */
export function pointsOf(document: DocumentNode, operationName: string | undefined, variables: Variables): number {
  const operation = getOperationAST(document, operationName);
  const fragments = new Map(
    document.definitions
      .filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  );
  const requests = operation ? requestsOf(operation.selectionSet, 1, { fragments, variables }) : 0;
  return Math.max(1, Math.round(requests / 100));
}

interface Context {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Variables;
}

function requestsOf({ selections }: SelectionSetNode, times: number, context: Context): number {
  return selections.reduce((sum, selection) => {
    if (selection.kind === Kind.FIELD) {
      return sum + requestsOfField(selection, times, context);
    }
    const inside =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : context.fragments.get(selection.name.value)?.selectionSet;
    return sum + (inside === undefined ? 0 : requestsOf(inside, times, context));
  }, 0);
}

function requestsOfField(field: FieldNode, times: number, context: Context): number {
  const inside = field.selectionSet;
  const size = sizeOf(field, context.variables);
  const ids = field.name.value === 'nodes' ? argumentOf(field, 'ids', context.variables) : undefined;
  const each = size ?? (Array.isArray(ids) ? ids.length : 1);
  return (size === undefined ? 0 : times) + (inside === undefined ? 0 : requestsOf(inside, times * each, context));
}

/** How many nodes a connection may have; `undefined` for any other field. */
function sizeOf(field: FieldNode, variables: Variables): number | undefined {
  const size = argumentOf(field, 'first', variables) ?? argumentOf(field, 'last', variables);
  return size === undefined ? undefined : Number(size);
}

function argumentOf(field: FieldNode, name: string, variables: Variables): unknown {
  const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
  return value === undefined ? undefined : plain(value, variables);
}

function plain(value: ValueNode, variables: Variables): unknown {
  switch (value.kind) {
    case Kind.VARIABLE:
      return variables[value.name.value] ?? undefined;
    case Kind.INT:
      return Number(value.value);
    case Kind.LIST:
      return value.values.map((each) => plain(each, variables));
    default:
      return 'value' in value ? value.value : undefined;
  }
}
