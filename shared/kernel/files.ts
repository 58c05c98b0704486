import { z } from 'zod/mini'
import { id, instant } from './schema.ts'

/** What can be kept. The content decides; name and declared type must agree with it. */
export const fileTypes = {
  pdf: { media: 'application/pdf', extensions: ['pdf'], alsoDeclared: [] },
  png: { media: 'image/png', extensions: ['png'], alsoDeclared: [] },
  jpeg: { media: 'image/jpeg', extensions: ['jpg', 'jpeg'], alsoDeclared: ['image/jpg'] },
  webp: { media: 'image/webp', extensions: ['webp'], alsoDeclared: [] },
  xlsx: {
    media: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    extensions: ['xlsx'],
    alsoDeclared: ['application/zip'],
  },
  // Windows tells browsers that a csv is Excel's.
  csv: {
    media: 'text/csv',
    extensions: ['csv'],
    alsoDeclared: ['text/plain', 'application/csv', 'application/vnd.ms-excel'],
  },
  txt: { media: 'text/plain', extensions: ['txt'], alsoDeclared: [] },
} as const satisfies Record<
  string,
  { media: string; extensions: readonly string[]; alsoDeclared: readonly string[] }
>
export type FileType = keyof typeof fileTypes

/** The type a file name claims by its extension (lower case), or null. */
export function typeOfExtension(extension: string): FileType | null {
  const types = Object.keys(fileTypes) as FileType[] // the keys of a constant
  return types.find((type) => hasWord(fileTypes[type].extensions, extension)) ?? null
}

/** Whether a content type may stand beside a file of this type; unknown says nothing. */
export function maySay(type: FileType, declared: string): boolean {
  const media = declared.split(';')[0]?.trim().toLowerCase() ?? ''
  if (media === '' || media === 'application/octet-stream') return true
  return media === fileTypes[type].media || hasWord(fileTypes[type].alsoDeclared, media)
}

export const fileStates = ['clean', 'quarantined', 'refused'] as const
export type FileState = (typeof fileStates)[number]

/** `none`: no scanner is set up; `waiting`: it has not answered yet. */
export const fileScans = ['none', 'waiting', 'clean', 'infected'] as const
export type FileScan = (typeof fileScans)[number]

/** The answer to `POST /api/files`. Only a clean file can be read or given to anything. */
export const KeptFile = z.object({
  id,
  name: z.string(),
  type: z.string(),
  bytes: z.int().check(z.minimum(0)),
  sha256: z.string(),
  state: z.enum(fileStates),
  scan: z.enum(fileScans),
})
export type KeptFile = z.output<typeof KeptFile>

/** The body of `POST /api/files/:id/links`. A protected file's link works once in any case. */
export const LinkInput = z.strictObject({ once: z.optional(z.boolean()) })

/** Its answer: where the file is had, without a token, until then. */
export const FileLink = z.object({ path: z.string(), once: z.boolean(), expiresAt: instant })
export type FileLink = z.output<typeof FileLink>

function hasWord(words: readonly string[], word: string): boolean {
  return words.includes(word)
}
