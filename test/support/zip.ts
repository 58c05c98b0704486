import { crc32, deflateRawSync } from 'node:zlib'

/** A part of an archive; what is set here may lie about it. */
export type Part = {
  name: string
  content: string | Buffer
  /** Default: deflated. */
  stored?: boolean
  /** What both heads say it inflates to. */
  says?: number
  flags?: number
  /** The Unix mode's upper bits: 0xa000 is a link. */
  kind?: number
  /** The name in the head before the content. */
  localName?: string
}

/** A zip archive, written out by hand so that anything of it can be wrong. */
export function zipOf(parts: readonly Part[], comment = ''): Buffer {
  const locals: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const part of parts) {
    const content = Buffer.from(part.content)
    const packed = part.stored ? content : deflateRawSync(content, { level: 9 })
    const middle = Buffer.alloc(22)
    middle.writeUInt16LE(part.flags ?? 0, 2)
    middle.writeUInt16LE(part.stored ? 0 : 8, 4)
    middle.writeUInt32LE(crc32(content), 10)
    middle.writeUInt32LE(packed.length, 14)
    middle.writeUInt32LE(part.says ?? content.length, 18)
    const localName = Buffer.from(part.localName ?? part.name)
    const local = [signed(0x04034b50), middle, lengths(localName.length, 0), localName, packed]
    const name = Buffer.from(part.name)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((part.kind ?? 0) << 16) >>> 0, 6)
    tail.writeUInt32LE(at, 10)
    entries.push(
      Buffer.concat([
        signed(0x02014b50),
        Buffer.alloc(2),
        middle,
        lengths(name.length, 0),
        tail,
        name,
      ]),
    )
    locals.push(Buffer.concat(local))
    at += Buffer.concat(local).length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.length, 4)
  end.writeUInt16LE(parts.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  end.writeUInt16LE(Buffer.byteLength(comment), 16)
  return Buffer.concat([...locals, directory, signed(0x06054b50), end, Buffer.from(comment)])
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(signature)
  return bytes
}

function lengths(name: number, extra: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(name, 0)
  bytes.writeUInt16LE(extra, 2)
  return bytes
}
