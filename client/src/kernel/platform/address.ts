import { isH5 } from './target.ts'

/** A path of the site as a whole address, for QR codes and links that leave the application. */
export function siteAddress(path: string): string {
  return `${isH5 && API_BASE === '' ? window.location.origin : API_BASE}${path}`
}
