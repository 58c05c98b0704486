/**
 * Which of the two builds this is; a constant of the build, so the other branch is left out of it.
 */
export const isH5 = process.env.TARO_ENV === 'h5'

/** True while the browser tab is in the background. */
export function documentHidden(): boolean {
  return isH5 && document.visibilityState === 'hidden'
}
