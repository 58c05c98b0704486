import Taro from '@tarojs/taro'
import { copyText } from './clipboard.ts'
import { supports } from './support.ts'

export type SaveOutcome = 'saved' | 'opened' | 'copied' | 'failed'

/**
 * Hands a text file to the person: a download in a browser; in WeChat it is opened where the type
 * allows
 * (`openDocument`), else its text is copied.
 */
export async function saveText(file: {
  name: string
  text: string
  type?: string
}): Promise<SaveOutcome> {
  if (supports('downloadByBrowser')) {
    const byteOrderMark =
      file.name.endsWith('.csv') && !file.text.startsWith('\ufeff') ? '\ufeff' : ''
    const blob = new Blob([byteOrderMark, file.text], {
      type: file.type ?? 'text/plain;charset=utf-8',
    })
    downloadBlob(blob, file.name)
    return 'saved'
  }
  return (await copyText(file.text)) ? 'copied' : 'failed'
}

/**
 * Downloads from an address of our server and hands the file over: saved in a browser, opened in
 * WeChat.
 */
export async function saveFrom(
  address: string,
  name: string,
  token: string | null,
): Promise<SaveOutcome> {
  const header: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  try {
    if (supports('downloadByBrowser')) {
      const answer = await fetch(address, { headers: header })
      if (!answer.ok) return 'failed'
      downloadBlob(await answer.blob(), name)
      return 'saved'
    }
    const file = await Taro.downloadFile({ url: address, header })
    if (file.statusCode !== 200) return 'failed'
    await Taro.openDocument({ filePath: file.tempFilePath, showMenu: true })
    return 'opened'
  } catch {
    return 'failed'
  }
}

export type PickedFile = { name: string; text: string; bytes: number }

const FILE_BYTES_MAX = 2_000_000

/**
 * Lets the person choose a text file (CSV); null when nothing was chosen, 'too_large' above 2 MB.
 */
export async function pickTextFile(extensions: string[]): Promise<PickedFile | 'too_large' | null> {
  return supports('pickByBrowser') ? pickInBrowser(extensions) : pickInWeChat(extensions)
}

function pickInBrowser(extensions: string[]): Promise<PickedFile | 'too_large' | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = extensions.map((extension) => `.${extension}`).join(',')
    input.style.display = 'none'
    document.body.appendChild(input)
    const settle = (picked: PickedFile | 'too_large' | null) => {
      input.remove()
      resolve(picked)
    }
    input.addEventListener('cancel', () => settle(null))
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      if (file === undefined) settle(null)
      else if (file.size > FILE_BYTES_MAX) settle('too_large')
      else
        void file
          .arrayBuffer()
          .then((buffer) => settle({ name: file.name, text: decode(buffer), bytes: file.size }))
    })
    input.click()
  })
}

/** Banks and spreadsheets in China still write GB18030: what is not UTF-8 is read as that. */
function decode(buffer: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer)
  } catch {
    return new TextDecoder('gb18030').decode(buffer)
  }
}

async function pickInWeChat(extensions: string[]): Promise<PickedFile | 'too_large' | null> {
  try {
    const chosen = await Taro.chooseMessageFile({ count: 1, type: 'file', extension: extensions })
    const file = chosen.tempFiles[0]
    if (file === undefined) return null
    if (file.size > FILE_BYTES_MAX) return 'too_large'
    const text = Taro.getFileSystemManager().readFileSync(file.path, 'utf8')
    return { name: file.name, text: String(text), bytes: file.size }
  } catch {
    return null // closed by the person
  }
}

function downloadBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  document.body.appendChild(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
