import type { Declaration } from './declaration.js';
import type { Piece } from './tags.js';

/** The function that prints, in the TypeScript of a template. One letter, as it takes the place of `<%=`; nobody else's. */
const PRINT = 'ⲣ';

/** Whether that is the function that prints. */
export function isPrint(name: string): boolean {
  return name === PRINT;
}

/**
 * A template as a TypeScript module, for the compiler alone: its second line is the template's first, and each character of
 * code stands where it stands in the template. The only variable is `v`, of the declared type; what is printed must be a
 * text, number, boolean or secret.
 */
export function toTypeScript(declaration: Declaration | undefined, pieces: readonly Piece[]): string {
  const printable = `string | number | boolean | import('provision/secret').Secret`;
  const parameters = [
    ...(declaration === undefined ? [] : [`v: ${declaration.type}`]),
    `${PRINT}: (value: ${printable}) => void`,
  ];
  const head = `${importOf(declaration)}export default (${parameters.join(', ')}): void => {`;
  return `${head}\n${pieces.map(code).join('')}\n};\n`;
}

function importOf(declaration: Declaration | undefined): string {
  return declaration === undefined ? '' : `import type { ${declaration.type} } from '${declaration.module}'; `;
}

/** Where the first line of `toTypeScript` names the type and the module of a declaration, from 0. */
export function declaredAt(declaration: Declaration): { readonly type: number; readonly module: number } {
  const type = 'import type { '.length;
  return { type, module: type + declaration.type.length + " } from '".length - 1 };
}

function code({ kind, open, body, close }: Piece): string {
  if (kind === 'run') return `${pad(';', open)}${uncommented(body)}${pad('', close)}`;
  if (kind === 'print' || kind === 'raw') return `;${PRINT}(${withoutSemicolon(uncommented(body))}${pad(');', close)}`;
  return blank(open + body + close);
}

function pad(text: string, to: string): string {
  return text.padEnd(to.length);
}

/** Spaces for everything but the ends of lines. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** A comment that ends with its line would hide what stands behind the tag. Those in texts are none. */
function uncommented(body: string): string {
  return body.replace(
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`|\/\*[^]*?\*\/|\/\/[^\n]*/g,
    (token) => (token.startsWith('//') ? blank(token) : token),
  );
}

/** EJS takes a semicolon at the end of what is printed. */
function withoutSemicolon(body: string): string {
  return body.replace(/;(\s*)$/, ' $1');
}
