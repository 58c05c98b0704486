import { setImmediate as breathe } from 'node:timers/promises'
import { type FileType, fileTypes, maySay, typeOfExtension } from '@yiqi/shared/kernel/files.ts'
import { Refusal } from '@yiqi/shared/kernel/refusals.ts'
import { endsAsZip, readZip } from './check-zip.ts'
import { cleanJpeg } from './clean-jpeg.ts'
import { cleanPng, cleanWebp, damaged } from './clean-picture.ts'
import { extensionOf } from './file-names.ts'

/** A file as it was brought. `declared`: the content type its sender gave, if any. */
export type Brought = { name: string; declared: string | null; bytes: Buffer }

const PDF_END_BYTES = 1024
const TEXT_PART_BYTES = 1024 * 1024

/** How a file of each type begins; texts have no such mark. */
const beginnings: readonly [FileType, (start: string) => boolean][] = [
  ['pdf', (start) => /^%PDF-(1\.[0-7]|2\.0)\s/.test(start)],
  ['png', (start) => start.startsWith('\x89PNG\r\n\x1a\n')],
  ['jpeg', (start) => start.startsWith('\xff\xd8\xff')],
  ['webp', (start) => /^RIFF.{4}WEBPVP8[ LX]/s.test(start)],
  ['xlsx', (start) => start.startsWith('PK\x03\x04')],
]
/** Programs, scripts, pages and documents: no text that is taken here begins as one of them. */
const noText = /^(ï»¿)?(MZ|.ELF|#!|%!|%PDF|PK|GIF8|Rar!|7z|RIFF|\{\\rtf|\s*<[a-z!?/])/is
/** Control characters but for tabs and the ends of lines and pages. */
const control = /[^\P{Cc}\t\n\f\r]/u

/**
 * What a file is, by its content, and its bytes as they are to be kept: pictures without metadata.
 * Name, declared type and content agree, and the type is one of `types` (ASVS 5.2.2). Refuses
 * kernel.file_type_refused, kernel.file_type_mismatch, kernel.file_damaged, kernel.file_pixels,
 * kernel.file_archive_unsafe. Does not look for viruses, nor into scripts of a pdf.
 */
export async function checkFile(
  { name, declared, bytes }: Brought,
  types: readonly FileType[],
): Promise<{ type: FileType; bytes: Buffer }> {
  const type = typeOfExtension(extensionOf(name))
  if (type === null || !types.includes(type)) throw new Refusal('kernel.file_type_refused')
  const start = bytes.toString('latin1', 0, 64)
  const found = beginnings.find(([, begins]) => begins(start))?.[0] ?? null
  const agrees = found === null ? isText(type) && !noText.test(start) : found === type
  if (!agrees || (declared !== null && !maySay(type, declared)))
    throw new Refusal('kernel.file_type_mismatch')
  return { type, bytes: await cleaned(type, bytes) }
}

async function cleaned(type: FileType, bytes: Buffer): Promise<Buffer> {
  switch (type) {
    case 'jpeg':
      return cleanJpeg(bytes)
    case 'png':
      return cleanPng(bytes)
    case 'webp':
      return cleanWebp(bytes)
    case 'pdf':
      checkPdf(bytes)
      return bytes
    case 'xlsx':
      await checkWorkbook(bytes)
      return bytes
    case 'csv':
    case 'txt':
      await checkText(bytes)
      return bytes
  }
}

function isText(type: FileType): boolean {
  return fileTypes[type].media.startsWith('text/')
}

/**
 * A pdf begins and ends as one, with nothing behind its end: one that is an archive, too, is
 * refused.
 */
function checkPdf(bytes: Buffer): void {
  const end = bytes.toString('latin1', Math.max(0, bytes.length - PDF_END_BYTES))
  if (!/startxref\s+\d+\s+%%EOF[\s\0]*$/.test(end)) throw damaged()
  if (endsAsZip(bytes)) throw damaged()
}

/** A workbook without macros: an archive with the two parts that every workbook has. */
async function checkWorkbook(bytes: Buffer): Promise<void> {
  const names = (await readZip(bytes)).map(({ name }) => name)
  if (!names.includes('[Content_Types].xml') || !names.includes('xl/workbook.xml'))
    throw new Refusal('kernel.file_type_mismatch')
  if (names.some((name) => /vbaProject|macrosheets\/|activeX\//i.test(name)))
    throw new Refusal('kernel.file_archive_unsafe')
}

/** Text in UTF-8 or, as Excel writes it in China, in GB 18030; not UTF-16. */
async function checkText(bytes: Buffer): Promise<void> {
  if (await isTextIn('utf-8', bytes)) return
  if (await isTextIn('gb18030', bytes)) return
  throw new Refusal('kernel.file_type_mismatch')
}

async function isTextIn(encoding: string, bytes: Buffer): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for (let at = 0; at < bytes.length; at += TEXT_PART_BYTES) {
      const part = bytes.subarray(at, at + TEXT_PART_BYTES)
      if (control.test(decoder.decode(part, { stream: true }))) return false
      await breathe()
    }
    decoder.decode()
    return true
  } catch {
    return false
  }
}
