/** Reads the fields of SSH's binary encoding (RFC 4251) one after another. Throws RangeError at a field that is cut off. */
export class WireReader {
  #offset: number;

  constructor(
    readonly data: Buffer,
    offset = 0,
  ) {
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.data.length;
  }

  bytes(length: number): Buffer {
    if (this.#offset + length > this.data.length) throw new RangeError('truncated SSH data');
    return this.data.subarray(this.#offset, (this.#offset += length));
  }

  byte(): number {
    return this.bytes(1).readUInt8();
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  uint64(): bigint {
    return this.bytes(8).readBigUInt64BE();
  }

  string(): Buffer {
    return this.bytes(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }
}

/** A `string` field: its length and its bytes. */
export function wireString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
