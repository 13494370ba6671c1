/** The text behind base64; bytes that are not UTF-8 become U+FFFD. */
export function fromBase64(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8');
}
