import { zipOf } from './zip.ts'

// One small file of each type that can be kept. The pictures are 24 by 16 points, came out of a
// library for pictures, and hold texts with SECRET in every place that a camera or a program writes
// to: Exif with coordinates and the side that is up (6), comments, XMP.

const pictures = {
  jpeg: [
    '/9j/4AAQSkZJRgABAQAAAQABAAD/4QDGRXhpZgAATU0AKgAAAAgAAwEPAAIAAAAOAAAAMgESAAMAAAABAAYAAIgl',
    'AAQAAAABAAAAQAAAAABTRUNSRVQtQ0FNRVJBAAAFAAEAAgAAAAJOAAAAAAIABQAAAAMAAACCAAMAAgAAAAJFAAAA',
    'AAQABQAAAAMAAACaAB0AAgAAAAsAAACyAAAAAAAAACUAAAABAAAANAAAAAEAAAAeAAAAAQAAAHAAAAABAAAAIQAA',
    'AAEAAAAAAAAAAVNFQ1JFVC1HUFMAAP/+ABBTRUNSRVQtQ09NTUVOVP/bAEMAKBweIx4ZKCMhIy0rKDA8ZEE8Nzc8',
    'e1hdSWSRgJmWj4CMiqC05sOgqtqtiozI/8va7vX///+bwf////r/5v3/+P/bAEMBKy0tPDU8dkFBdviljKX4+Pj4',
    '+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+Pj4+P/AABEIABAAGAMBIgACEQEDEQH/',
    'xAAfAAABBQEBAQEBAQAAAAAAAAAAAQIDBAUGBwgJCgv/xAC1EAACAQMDAgQDBQUEBAAAAX0BAgMABBEFEiExQQYT',
    'UWEHInEUMoGRoQgjQrHBFVLR8CQzYnKCCQoWFxgZGiUmJygpKjQ1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdo',
    'aWpzdHV2d3h5eoOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4eLj',
    '5OXm5+jp6vHy8/T19vf4+fr/xAAfAQADAQEBAQEBAQEBAAAAAAAAAQIDBAUGBwgJCgv/xAC1EQACAQIEBAMEBwUE',
    'BAABAncAAQIDEQQFITEGEkFRB2FxEyIygQgUQpGhscEJIzNS8BVictEKFiQ04SXxFxgZGiYnKCkqNTY3ODk6Q0RF',
    'RkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqCg4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrC',
    'w8TFxsfIycrS09TV1tfY2dri4+Tl5ufo6ery8/T19vf4+fr/2gAMAwEAAhEDEQA/AM5YalWH2q0kPtU6Q+1ZxfMR',
    'TrFRYPaitARAduaKbcE7NnZGs7H/2Q==',
  ],
  png: [
    'iVBORw0KGgoAAAANSUhEUgAAABgAAAAQCAIAAACDRijCAAAAFHRFWHRBdXRob3IAU0VDUkVULUFVVEhPUrJPzoEA',
    'AAAgaVRYdFhNTDpjb20uYWRvYmUueG1wAAAAAABTRUNSRVQtWE1Q5f906AAAABZ6VFh0egAAeJwLdnUOcg3RjQoe',
    'pDQAev4uBUQwOKgAAAC+ZVhJZk1NACoAAAAIAAMBDwACAAAADgAAADIBEgADAAAAAQAGAACIJQAEAAAAAQAAAEAA',
    'AAAAU0VDUkVULUNBTUVSQQAABQABAAIAAAACTgAAAAACAAUAAAADAAAAggADAAIAAAACRQAAAAAEAAUAAAADAAAA',
    'mgAdAAIAAAALAAAAsgAAAAAAAAAlAAAAAQAAADQAAAABAAAAHgAAAAEAAABwAAAAAQAAACEAAAABAAAAAAAAAAFT',
    'RUNSRVQtR1BTAAAz+Zb7AAAAY0lEQVR4nK3SuQ6AIBBF0YfiLlJo/P9PtSMTEZjF5BRvmluNA7D+wSMCcHYp1BnR',
    'UG/xCnm1PDTofIZGhVJokqqEZpF6aOFrhri/zQltHMzQ3sQPhbIbCKLQkbnSloYicdLzAdVZCrA65mMEAAAAAElF',
    'TkSuQmCC',
  ],
  webp: [
    'UklGRm4BAABXRUJQVlA4WAoAAAAMAAAAFwAADwAAVlA4IHAAAABQBACdASoYABAAPtFYpEuoJSOhsAgBABoJbACd',
    'LwJ6SBLiXhhhlmB0ZO8AAP7+d0OrN2xNTpayPMLYdyxAfZ7+D+O2uQ3HV+WWQtWp/HNyUsRuugnvRVJRPylHjumv',
    'r2rQw60qn8lfj9qgLJgPAAAARVhJRr4AAABNTQAqAAAACAADAQ8AAgAAAA4AAAAyARIAAwAAAAEABgAAiCUABAAA',
    'AAEAAABAAAAAAFNFQ1JFVC1DQU1FUkEAAAUAAQACAAAAAk4AAAAAAgAFAAAAAwAAAIIAAwACAAAAAkUAAAAABAAF',
    'AAAAAwAAAJoAHQACAAAACwAAALIAAAAAAAAAJQAAAAEAAAA0AAAAAQAAAB4AAAABAAAAcAAAAAEAAAAhAAAAAQAA',
    'AAAAAAABU0VDUkVULUdQUwAAWE1QIBEAAAA8eD5TRUNSRVQtWE1QPC94PgA=',
  ],
  losslessWebp: [
    'UklGRkgAAABXRUJQVlA4TDsAAAAvF8ADALkyRPQ/FuNf/+h/JA4jbSPVwft3fPDh4CgobhtJzS3vHn/5YgIS1wfB',
    '9ReQRmj8DYVZEwavCgA=',
  ],
}

const workbookParts = {
  '[Content_Types].xml':
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
  'xl/workbook.xml': '<workbook><sheets><sheet name="结果" sheetId="1"/></sheets></workbook>',
  'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${'<row/>'.repeat(200)}</sheetData></worksheet>`,
}

export const samples = {
  jpeg: pictureOf(pictures.jpeg),
  png: pictureOf(pictures.png),
  webp: pictureOf(pictures.webp),
  losslessWebp: pictureOf(pictures.losslessWebp),
  pdf: pdfOf('示例'),
  xlsx: workbookOf(),
  csv: Buffer.from('样品,硬度\n甲,210\n'),
  txt: Buffer.from('检测说明：样品完好。\n'),
}

/** A workbook, with other parts beside its own. */
export function workbookOf(others: Record<string, string | Buffer> = {}): Buffer {
  const parts = { ...workbookParts, ...others }
  return zipOf(Object.entries(parts).map(([name, content]) => ({ name, content })))
}

export function pdfOf(text: string): Buffer {
  const body = `%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Note (${text}) >>\nendobj\n`
  const table = 'xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R >>\n'
  return Buffer.from(`${body}${table}startxref\n${Buffer.byteLength(body)}\n%%EOF\n`)
}

function pictureOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.join(''), 'base64')
}
