import { createHash } from 'node:crypto'

/** A request as it came in; `body` is empty where none was sent. */
export type Asked = {
  method: string
  path: string
  query: URLSearchParams
  body: Record<string, unknown>
}
export type Answer = Record<string, unknown>
/** A failure as WeChat words it; `said` takes the place of the usual words. */
export type Fail = (errcode: number, said?: string) => Answer
/** Bytes that look random and are the same in every run. */
export type Draw = (bytes: number) => Buffer

/** Failures with the words of the real interface and an `rid` that no two answers share. */
export function newFail(now: () => number, draw: Draw): Fail {
  return (errcode, said) => {
    const time = Math.floor(now() / 1_000)
    const rid = [time.toString(16).padStart(8, '0'), hex(draw(4)), hex(draw(4))].join('-')
    return { errcode, errmsg: `${said ?? words[errcode] ?? 'unknown error'} rid: ${rid}` }
  }
}

/** Only the seed decides what is drawn. */
export function newDraw(seed: number): Draw {
  let drawn = 0
  return (bytes) => {
    const parts: Buffer[] = []
    for (let got = 0; got < bytes; got += 32)
      parts.push(createHash('sha256').update(`wechat:${seed}:${drawn++}`).digest())
    return Buffer.concat(parts).subarray(0, bytes)
  }
}

const words: Record<number, string> = {
  [-1]: 'system error',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40029: 'invalid code,',
  40037: 'invalid template_id',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40163: 'code been used,',
  40226: 'code blocked',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41030: 'invalid page',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  43101: 'user refuse to accept the msg',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  47001: 'data format error',
  87007: 'session_key is not existed or expired',
  87008: 'invalid sig_method',
  87009: 'invalid signature',
}

function hex(bytes: Buffer): string {
  return bytes.toString('hex')
}
