import { TransferEvidenceError } from '../errors.ts';

/** Protocol Buffers' wire types. 3 and 4 (groups) are long obsolete and never occur in ONNX. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const text = new TextDecoder();
const utf8 = new TextEncoder();

/**
 * Walks over one message of untrusted bytes. Length-delimited fields are views, never copies, and every length is checked
 * against what is left, so that nothing is allocated on a hostile number's word.
 */
export class ProtobufReader {
  readonly bytes: Uint8Array;
  /** What is being read, for messages: “node conv1”. */
  readonly subject: string;
  #position = 0;
  #fieldStart = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, subject: string) {
    this.bytes = bytes;
    this.subject = subject;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#position >= this.bytes.length;
  }

  /** Reads the next field's number and wire type. */
  tag(): { field: number; wire: number } {
    this.#fieldStart = this.#position;
    const key = this.varint();
    const field = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (field < 1 || field > 536_870_911) this.fail(`field number ${field} does not exist`);
    return { field, wire };
  }

  /** An unsigned 64-bit varint. */
  varint(): bigint {
    let low = 0;
    let high = 0n;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.#position++];
      if (byte === undefined) this.fail('it ends in the middle of a number');
      if (i < 4) low |= (byte & 127) << (7 * i);
      else high |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) return BigInt.asUintN(64, high | BigInt(low));
    }
    return this.fail('a number has more than 10 bytes');
  }

  /** A signed 64-bit integer (int64, int32, enum). */
  integer(wire: number): bigint {
    this.#expect(wire, wireType.varint);
    return BigInt.asIntN(64, this.varint());
  }

  /** A signed integer as a number; values beyond 2⁵³ lose their last bits, which only “to the end” markers use. */
  number(wire: number): number {
    return Number(this.integer(wire));
  }

  float(wire: number): number {
    this.#expect(wire, wireType.fixed32);
    return this.#view.getFloat32(this.#take(4), true);
  }

  /** A view of a length-delimited field. */
  field(wire: number): Uint8Array {
    this.#expect(wire, wireType.bytes);
    const length = this.varint();
    if (length > BigInt(this.bytes.length - this.#position))
      this.fail(`a field wants ${length} bytes and ${this.bytes.length - this.#position} are left`);
    const start = this.#take(Number(length));
    return this.bytes.subarray(start, start + Number(length));
  }

  string(wire: number): string {
    return text.decode(this.field(wire));
  }

  /** One or more values of a repeated number, packed or not. */
  integers(wire: number, into: number[]): void {
    if (wire === wireType.bytes) {
      const packed = new ProtobufReader(this.field(wire), this.subject);
      while (!packed.done) into.push(Number(BigInt.asIntN(64, packed.varint())));
    } else into.push(this.number(wire));
  }

  floats(wire: number, into: number[]): void {
    if (wire === wireType.bytes) {
      const packed = new ProtobufReader(this.field(wire), this.subject);
      while (!packed.done) into.push(packed.float(wireType.fixed32));
    } else into.push(this.float(wire));
  }

  /** Skips the current field's value and returns the whole field, tag included, as it stands. */
  skip(wire: number): Uint8Array {
    if (wire === wireType.varint) this.varint();
    else if (wire === wireType.fixed64) this.#take(8);
    else if (wire === wireType.bytes) this.field(wire);
    else if (wire === wireType.fixed32) this.#take(4);
    else this.fail(`wire type ${wire} does not exist`);
    return this.bytes.subarray(this.#fieldStart, this.#position);
  }

  /** What follows the last thing read. */
  remaining(): Uint8Array {
    return this.bytes.subarray(this.#position);
  }

  fail(what: string): never {
    throw new TransferEvidenceError(
      'model-invalid',
      `This is not a whole ONNX model: in ${this.subject}, at byte ${this.#position}, ${what}. Export or download the file again.`,
    );
  }

  #take(length: number): number {
    const start = this.#position;
    if (start + length > this.bytes.length) this.fail('it ends too early');
    this.#position = start + length;
    return start;
  }

  #expect(found: number, expected: number): void {
    if (found !== expected) this.fail(`a field has wire type ${found} where ${expected} belongs`);
  }
}

/** Collects one message. Large byte fields are kept by reference and copied once, in {@link finish}. */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  raw(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.raw(Uint8Array.from(bytes));
  }

  /** An int64; numbers beyond its range saturate, so that “to the end” survives the way through a JavaScript number. */
  integer(field: number, value: number): void {
    this.#tag(field, wireType.varint);
    this.varint(int64(value));
  }

  float(field: number, value: number): void {
    this.#tag(field, wireType.fixed32);
    this.raw(new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, wireType.bytes);
    this.varint(BigInt(value.length));
    this.raw(value);
  }

  string(field: number, value: string): void {
    this.bytes(field, utf8.encode(value));
  }

  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter();
    write(inner);
    this.#tag(field, wireType.bytes);
    this.varint(BigInt(inner.length));
    for (const part of inner.#parts) this.raw(part);
  }

  /** A packed repeated int64. */
  integers(field: number, values: readonly number[]): void {
    const inner = new ProtobufWriter();
    for (const value of values) inner.varint(int64(value));
    this.bytes(field, inner.finish());
  }

  floats(field: number, values: readonly number[]): void {
    this.bytes(field, new Uint8Array(Float32Array.from(values).buffer));
  }

  finish(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #tag(field: number, wire: number): void {
    this.varint(BigInt(field * 8 + wire));
  }
}

/** A whole number as an int64; beyond its range it saturates. */
export function int64(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n;
  if (value <= -(2 ** 63)) return -(2n ** 63n);
  return BigInt(value);
}
