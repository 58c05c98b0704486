import { Refusal } from '@yiqi/shared/kernel/refusals.ts'

/** One field of a form. `fileName` null: a plain text field. */
export type Field = {
  name: string
  fileName: string | null
  /** The content type its sender gave it. */
  declared: string | null
  /** A view of the body, not a copy. */
  bytes: Buffer
}

const FIELDS_MAX = 8
const HEAD_MAX_BYTES = 2_048
const BREAK = Buffer.from('\r\n')
const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * The boundary that a request's content type names (RFC 2046 5.1.1). Refuses kernel.not_multipart.
 */
export function boundaryOf(contentType: string): string {
  const given = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(
    contentType,
  )
  const boundary = given?.[1] ?? given?.[2] ?? ''
  if (!/^[\w'()+,./:=? -]{1,70}$/.test(boundary) || boundary.endsWith(' ')) throw malformed()
  return boundary
}

/**
 * The fields of a multipart/form-data body (RFC 7578), at most eight, strictly: nothing before the
 * first boundary or after the last, no nested parts, no transfer encoding, no field twice. Refuses
 * kernel.not_multipart.
 */
export function readMultipart(body: Buffer, boundary: string): Field[] {
  const line = Buffer.from(`--${boundary}`, 'latin1')
  const between = Buffer.concat([BREAK, line])
  if (!body.subarray(0, line.length).equals(line)) throw malformed()
  const fields: Field[] = []
  let at = line.length
  while (!body.subarray(at, at + 2).equals(Buffer.from('--'))) {
    if (!body.subarray(at, at + 2).equals(BREAK) || fields.length === FIELDS_MAX) throw malformed()
    const headEnd = body.subarray(at, at + HEAD_MAX_BYTES).indexOf(HEAD_END)
    const from = at + headEnd + HEAD_END.length
    const end = body.indexOf(between, from - BREAK.length)
    if (headEnd < 0 || end < 0) throw malformed()
    const head = headOf(body.toString('utf8', at + BREAK.length, at + headEnd))
    // An empty field ends where its head does.
    const field = { ...head, bytes: body.subarray(from, Math.max(from, end)) }
    if (end < from || fields.some(({ name }) => name === field.name)) throw malformed()
    fields.push(field)
    at = end + between.length
  }
  const rest = body.subarray(at + 2)
  if (rest.length > 0 && !rest.equals(BREAK)) throw malformed()
  return fields
}

function headOf(text: string): Omit<Field, 'bytes'> {
  let [disposition, declared]: [string | null, string | null] = [null, null]
  for (const line of text.split('\r\n')) {
    const [, name = '', value = ''] = /^([\w-]+):[ \t]*(.*)$/.exec(line) ?? []
    switch (name.toLowerCase()) {
      case 'content-disposition':
        disposition = value
        break
      case 'content-type':
        declared = value.trim()
        break
      // The mini-program's tools say how long the part is.
      case 'content-length':
        break
      default:
        throw malformed()
    }
  }
  if (!/^form-data\s*;/i.test(disposition ?? '')) throw malformed()
  const name = parameter(disposition ?? '', 'name')
  if (name === null) throw malformed()
  return { name, fileName: parameter(disposition ?? '', 'filename'), declared }
}

/** Browsers write `"` in it as %22 and line breaks as %0D%0A, others as a backslash and the sign. */
function parameter(disposition: string, wanted: string): string | null {
  const found = new RegExp(`;\\s*${wanted}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(disposition)?.[1]
  if (found === undefined) return null
  return found
    .replace(/\\(["\\])/g, '$1')
    .replace(/%(22|0D|0A)/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
}

function malformed(): Refusal {
  return new Refusal('kernel.not_multipart')
}
