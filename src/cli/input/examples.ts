/** The head of a command's help: how it is called, and examples. */
export function examples(usage: string, lines: readonly string[]): string {
  return [`Usage: ${usage}`, '', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n');
}
