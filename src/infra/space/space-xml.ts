import sax from 'sax';

/** An element of what a space answers. */
export interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

const MOST_DEPTH = 20;

/** @throws Error when the text is no XML */
export function readXml(text: string): XmlElement {
  const top: XmlElement = { name: '', text: '', children: [] };
  const open = [top];
  const parser = sax.parser(true, {});
  parser.onopentag = ({ name }) => {
    const element = { name, text: '', children: [] };
    open.at(-1)?.children.push(element);
    if (open.push(element) > MOST_DEPTH) {
      throw new Error(`The answer has more than ${MOST_DEPTH} elements in each other.`);
    }
  };
  parser.onclosetag = () => void open.pop();
  const append = (piece: string) => {
    const element = open.at(-1);
    if (element !== undefined) {
      element.text += piece;
    }
  };
  parser.ontext = append;
  parser.oncdata = append;
  parser.onerror = (error) => {
    throw new Error(`The answer is not XML: ${error.message.split('\n')[0] ?? ''}`);
  };
  parser.write(text).close();
  const [root] = top.children;
  if (root === undefined) {
    throw new Error('The answer is empty, expected XML.');
  }
  return root;
}

/** The text of an element's first child of that name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}
