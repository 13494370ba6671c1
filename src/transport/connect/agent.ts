import ssh2, { type IdentityCallback, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';

/** Signs data with the private half of a key. */
export type Sign = (data: Buffer, options: SigningRequestOptions) => Promise<Buffer>;

/** Has an ssh-agent sign with one of its keys. */
export function signWithAgent(socket: string, key: ParsedKey): Sign {
  return (data, options) =>
    new Promise((resolve, reject) => {
      ssh2.createAgent(socket).sign(key, data, options, (error, signature) => {
        if (error) reject(error);
        else if (signature === undefined) reject(new Error('the agent gave no signature'));
        else resolve(signature);
      });
    });
}

/**
 * An agent with one key, whose private half is only looked for once the server has said that it takes the key: so no
 * passphrase is asked in vain, and the order of keys is ours.
 */
export class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  /** Whether it was asked to sign: then the server knows the key. */
  signed = false;

  constructor(
    readonly key: ParsedKey,
    readonly signer: Sign,
  ) {
    super();
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [this.key]);
  }

  override sign(_key: ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, callback?: SignCallback): void {
    const done = typeof options === 'function' ? options : callback;
    this.signed = true;
    this.signer(data, typeof options === 'function' ? {} : options).then(
      (signature) => done?.(null, signature),
      (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
