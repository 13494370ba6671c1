/** Base64 as `base64 -w0` on a host writes it. */
export function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** The text behind base64; bytes that are not UTF-8 become U+FFFD. */
export function fromBase64(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8');
}
