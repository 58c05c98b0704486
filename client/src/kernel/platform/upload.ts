import Taro from '@tarojs/taro'
import { KeptFile } from '@yiqi/shared/kernel/files.ts'
import { newKey } from '../call.ts'
import { token } from '../log-in.ts'
import { offline, type Refused, refusedFrom } from '../refused.ts'
import { supports } from './support.ts'

/**
 * Lets the person choose one file and brings it to the server for a purpose; null when nothing was
 * chosen. The server looks at the content; what it answers says whether the file may be used.
 */
export async function pickAndSend(
  purpose: string,
  extensions: readonly string[],
): Promise<KeptFile | Refused | null> {
  try {
    return await (supports('pickByBrowser')
      ? throughBrowser(purpose, extensions)
      : throughWeChat(purpose, extensions))
  } catch {
    return offline(false)
  }
}

const address = () => `${API_BASE}/api/files`

function headers(): Record<string, string> {
  const bearer = token()
  return {
    'idempotency-key': newKey(),
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
  }
}

async function throughBrowser(purpose: string, extensions: readonly string[]) {
  const file = await chosenInBrowser(extensions)
  if (file === null) return null
  const form = new FormData()
  form.append('purpose', purpose) // before the file: the server looks for it first
  form.append('file', file)
  const answer = await fetch(address(), { method: 'POST', headers: headers(), body: form })
  return answered(answer.status, await answer.text())
}

function chosenInBrowser(extensions: readonly string[]): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = extensions.map((extension) => `.${extension}`).join(',')
    input.style.display = 'none'
    document.body.appendChild(input)
    const settle = (file: File | null) => {
      input.remove()
      resolve(file)
    }
    input.addEventListener('cancel', () => settle(null))
    input.addEventListener('change', () => settle(input.files?.[0] ?? null))
    input.click()
  })
}

async function throughWeChat(purpose: string, extensions: readonly string[]) {
  const chosen = await Taro.chooseMessageFile({
    count: 1,
    type: 'file',
    extension: [...extensions],
  }).catch(() => null) // closed by the person
  const file = chosen?.tempFiles[0]
  if (file === undefined) return null
  const answer = await Taro.uploadFile({
    url: address(),
    filePath: file.path,
    name: 'file',
    formData: { purpose, name: file.name },
    header: headers(),
  })
  return answered(answer.statusCode, answer.data)
}

function answered(status: number, text: string): KeptFile | Refused {
  const body = parsed(text)
  const kept = KeptFile.safeParse(body)
  return status === 200 && kept.success ? kept.data : refusedFrom(status, body)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
