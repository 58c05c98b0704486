import Taro from '@tarojs/taro'
import { isH5 } from './target.ts'

/** Whether WeChat itself can say who this is: only inside the mini-program. */
export const hasWechatLogIn = !isH5

/** A fresh code of wx.login, good for one use within five minutes; null when WeChat gives none. */
export async function wechatCode(): Promise<string | null> {
  if (isH5) return null
  try {
    const { code } = await Taro.login()
    return code === '' ? null : code
  } catch {
    return null
  }
}
