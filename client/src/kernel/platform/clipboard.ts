import Taro from '@tarojs/taro'
import { isH5 } from './target.ts'

/** Copies text; false when the device refused, and the page then shows the text to copy by hand. */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (!isH5) await Taro.setClipboardData({ data: text })
    else if (navigator.clipboard) await navigator.clipboard.writeText(text)
    else return copyBySelection(text)
    return true
  } catch {
    return isH5 ? copyBySelection(text) : false
  }
}

/** For pages not served over https, where there is no clipboard object. */
function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.appendChild(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
