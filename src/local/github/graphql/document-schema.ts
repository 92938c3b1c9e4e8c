import {
  buildASTSchema,
  type DocumentNode,
  type FieldDefinitionNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  specifiedScalarTypes,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import type { Definitions } from './definitions.js';

/** For an interface with more types than this, using the whole schema is faster. */
const MOST_TYPES = 40;

const ROOTS: Record<string, string> = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };
/** Most parts that are cached. */
const MOST_KEPT = 300;

/** Parts of a large schema, each with all that one document can refer to. */
export class DocumentSchemas {
  readonly #definitions: Definitions;
  /** Documents that differ in their arguments, aliases and counts share one. */
  readonly #built = new Map<string, GraphQLSchema>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /**
   * Cuts out the fields that a document names with their arguments, every type that can be behind an interface or union
   * of it, and all of the inputs. What is left is as in the whole schema, so a document that this one accepts is one that
   * the whole schema accepts, and it means the same; nothing follows from a refusal.
   *
   * @returns `undefined` when the document names something that does not exist, or very many types
   */
  for(document: DocumentNode): GraphQLSchema | undefined {
    const cut = new Cut(this.#definitions, document);
    if (!cut.isWhole) {
      return undefined;
    }
    const { key } = cut;
    const known = this.#built.get(key);
    if (known !== undefined) {
      return known;
    }
    if (this.#built.size >= MOST_KEPT) {
      this.#built.clear();
    }
    const types: DocumentNode = { kind: Kind.DOCUMENT, definitions: cut.types() };
    const schema = buildASTSchema(types, { assumeValid: true, assumeValidSDL: true });
    this.#built.set(key, schema);
    return schema;
  }
}

/** The types of a document, and of the object types and interfaces the fields that it asks for. */
class Cut {
  readonly #definitions: Definitions;
  readonly #fragments: Map<string, FragmentDefinitionNode>;
  readonly #fields = new Map<string, Map<string, FieldDefinitionNode>>();
  readonly #others = new Map<string, TypeDefinitionNode>();
  readonly #seen = new Map<SelectionSetNode, Set<string>>();
  /** Whether everything that the document names was found. */
  isWhole = true;

  constructor(definitions: Definitions, document: DocumentNode) {
    this.#definitions = definitions;
    const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.#fragments = new Map(fragments.map((each) => [each.name.value, each]));
    for (const each of document.definitions) {
      if (each.kind === Kind.OPERATION_DEFINITION) {
        this.#select(ROOTS[each.operation] ?? '', each.selectionSet);
        this.#addAll(each.variableDefinitions?.map(({ type }) => nameOf(type)));
      } else if (each.kind === Kind.FRAGMENT_DEFINITION) {
        this.#select(each.typeCondition.name.value, each.selectionSet);
      }
    }
  }

  /** Says which parts of the whole schema it holds. */
  get key(): string {
    const fields = [...this.#fields].flatMap(([type, named]) => [...named.keys()].map((field) => `${type}.${field}`));
    return [...this.#fields.keys(), ...fields, ...this.#others.keys()].sort().join(' ');
  }

  types(): TypeDefinitionNode[] {
    const cut = [...this.#fields].flatMap(([name, fields]) => this.#cutType(name, [...fields.values()]));
    return [...cut, ...this.#others.values()];
  }

  #cutType(name: string, fields: FieldDefinitionNode[]): TypeDefinitionNode {
    const met = this.#definitions.interfacesOf(name).filter((each) => this.#fields.has(each));
    const interfaces = met.map((each): NamedTypeNode => ({ kind: Kind.NAMED_TYPE, name: nameNode(each) }));
    const isInterface = this.#definitions.kindOf(name) === 'interface';
    const kind = isInterface ? Kind.INTERFACE_TYPE_DEFINITION : Kind.OBJECT_TYPE_DEFINITION;
    return { kind, name: nameNode(name), interfaces, fields };
  }

  /** Follows selections on a type. The same ones may be met on several types, by a fragment or behind an interface. */
  #select(type: string, selections: SelectionSetNode): void {
    const types = this.#seen.get(selections) ?? new Set<string>();
    if (!types.has(type)) {
      this.#seen.set(selections, types.add(type));
      this.#add(type);
      for (const selection of selections.selections) {
        this.#selectOne(type, selection);
      }
    }
  }

  #selectOne(type: string, selection: SelectionNode): void {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      this.#select(selection.typeCondition?.name.value ?? type, selection.selectionSet);
    } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = this.#fragments.get(selection.name.value);
      this.isWhole &&= fragment !== undefined;
    } else if (selection.name.value !== '__typename') {
      const possible = this.#definitions.implementersOf(type);
      this.isWhole &&= possible.length <= MOST_TYPES;
      for (const each of this.isWhole ? [type, ...possible] : []) {
        this.#addField(each, selection.name.value, selection.selectionSet);
      }
    }
  }

  #addField(type: string, name: string, selections: SelectionSetNode | undefined): void {
    const fields = this.#fields.get(type);
    const field = fields?.get(name) ?? this.#definitions.field(type, name);
    if (fields === undefined || field === undefined) {
      this.isWhole = false;
      return;
    }
    fields.set(name, field);
    const result = nameOf(field.type);
    this.#add(result);
    this.#addAll(field.arguments?.map(({ type: input }) => nameOf(input)));
    if (selections !== undefined) {
      this.#select(result, selections);
    }
  }

  #addAll(names: readonly string[] | undefined): void {
    for (const name of names ?? []) {
      this.#add(name);
    }
  }

  /** Adds a type: an input type with its fields, any other type without fields at first. */
  #add(name: string): void {
    if (this.#fields.has(name) || this.#others.has(name) || standard.has(name)) {
      return;
    }
    const kind = this.#definitions.kindOf(name);
    if (kind === 'type' || kind === 'interface') {
      this.#fields.set(name, new Map());
      this.#addAll(this.#definitions.implementersOf(name));
      return;
    }
    const node = this.#definitions.get(name);
    if (node === undefined) {
      this.isWhole = false;
      return;
    }
    this.#others.set(name, node);
    if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      this.#addAll(node.types?.map(nameOf));
    } else if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      this.#addAll(node.fields?.map(({ type }) => nameOf(type)));
    }
  }
}

const standard = new Set(specifiedScalarTypes.map(({ name }) => name));

function nameNode(value: string): NamedTypeNode['name'] {
  return { kind: Kind.NAME, value };
}

/** The type inside lists and non-null marks. */
function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
