const NAME_MAX = 120
const EXTENSION_MAX = 10
const NAMELESS = '文件'

/** Controls, marks that turn the direction of writing, and what cannot be seen (ASVS 5.4.1-2). */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu
/** What Windows has in no name, and quotes that could end the one in a header. */
const meaningful = /[<>:"|?*]/g
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * A file name that harms nobody: without path, control and direction characters, quotes and
 * wildcards, not hidden, not reserved on Windows, at most 120 characters with the extension kept.
 */
export function cleanFileName(given: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = last.replace(unseen, '').replace(meaningful, '_').replace(/\s+/g, ' ')
  const bare = plain.replace(/^[\s.]+|[\s.]+$/g, '')
  const extension = extensionOf(bare)
  const tail = extension === '' ? '' : `.${extension}`
  const stem = bare.slice(0, bare.length - tail.length).replace(/[\s.]+$/, '')
  const short = Array.from(stem)
    .slice(0, NAME_MAX - tail.length)
    .join('')
  const name = `${short === '' ? NAMELESS : short}${tail}`
  return reserved.test(name)
    ? `_${Array.from(name)
        .slice(-NAME_MAX + 1)
        .join('')}`
    : name
}

/** The extension in lower case without its dot; empty where there is none. */
export function extensionOf(name: string): string {
  const found = /\.([A-Za-z0-9]+)$/.exec(name)?.[1] ?? ''
  return found.length > EXTENSION_MAX ? '' : found.toLowerCase()
}

/** The header that makes every browser save the file under its name (RFC 6266, RFC 8187). */
export function attachmentNamed(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9 ._()-]/g, '_')
  const coded = encodeURIComponent(name).replace(/[!'()*]/g, (c) => `%${hexOf(c)}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${coded}`
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase()
}
