import { type FieldDefinitionNode, isTypeDefinitionNode, Kind, parse, type TypeDefinitionNode } from 'graphql';

interface Known {
  kind: string;
  text: string;
  /** Names of the interfaces that it implements. */
  interfaces: readonly string[];
  node?: TypeDefinitionNode;
  fields?: ReadonlyMap<string, FieldDefinitionNode>;
}

/** The head of a definition, at the start of a line. */
const HEAD = /^(type|interface|union|enum|input|scalar|directive|schema|extend)\b *(\w*)(?: implements ([\w &]+))?/gm;

/**
 * The types of a large schema, each parsed when it is first needed: a document needs few of them, and parsing all of
 * GitHub's takes a fifth of a second.
 */
export class Definitions {
  readonly #known = new Map<string, Known>();
  readonly #implementers = new Map<string, string[]>();

  /** @param sdl text in GraphQL's schema definition language */
  constructor(sdl: string) {
    const text = sdl.replace(/"""[\s\S]*?"""/g, '');
    const heads = [...text.matchAll(HEAD)];
    for (const [index, { 1: kind = '', 2: name = '', 3: implemented = '', index: start }] of heads.entries()) {
      const interfaces = implemented.split('&').map((each) => each.trim());
      this.#known.set(name, { kind, text: text.slice(start, heads[index + 1]?.index), interfaces });
      for (const each of kind === 'type' ? interfaces : []) {
        const sofar = this.#implementers.get(each) ?? [];
        this.#implementers.set(each, sofar);
        sofar.push(name);
      }
    }
  }

  /** A type's definition without descriptions; `undefined` when there is no type of the name. */
  get(name: string): TypeDefinitionNode | undefined {
    const known = this.#known.get(name);
    if (known !== undefined && known.node === undefined) {
      const [node] = parse(known.text, { noLocation: true }).definitions;
      if (node !== undefined && isTypeDefinitionNode(node)) {
        known.node = node;
      }
    }
    return known?.node;
  }

  /** A field of an object type or interface; `undefined` when there is none. */
  field(type: string, name: string): FieldDefinitionNode | undefined {
    const known = this.#known.get(type);
    if (known !== undefined && known.fields === undefined) {
      const node = this.get(type);
      const isObject = node?.kind === Kind.OBJECT_TYPE_DEFINITION || node?.kind === Kind.INTERFACE_TYPE_DEFINITION;
      known.fields = new Map((isObject ? (node.fields ?? []) : []).map((field) => [field.name.value, field]));
    }
    return known?.fields?.get(name);
  }

  /** What a definition of the name begins with: `type`, `interface`, `union`, `enum`, `input` or `scalar`. */
  kindOf(name: string): string | undefined {
    return this.#known.get(name)?.kind;
  }

  /** Interfaces that a type implements. */
  interfacesOf(name: string): readonly string[] {
    return this.#known.get(name)?.interfaces ?? [];
  }

  /** Object types that implement an interface. */
  implementersOf(name: string): readonly string[] {
    return this.#implementers.get(name) ?? [];
  }

  /** Names of all types, in the order of the text. */
  get names(): string[] {
    return [...this.#known].filter(([, { kind }]) => kind !== 'directive').map(([name]) => name);
  }
}
