import { View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { a11y } from '../a11y.ts'
import { go, herePath } from '../go.ts'
import { copyText } from '../platform/clipboard.ts'
import type { Refused } from '../refused.ts'
import type { Query } from '../use-query.ts'
import { Banner } from './banner.tsx'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import type { IconName } from './icons.ts'
import { toast } from './toast.tsx'

export type EmptyProps = {
  icon?: IconName
  /** One sentence: what is not there, and what would change that. */
  children: ReactNode
  action?: { words: string; onTap: () => void }
}

/** Nothing here yet: a pictogram, a sentence, one action. */
export function Empty({ icon = 'flask-conical', children, action }: EmptyProps) {
  return (
    <View className="p-empty">
      <View className="p-empty-icon">
        <Icon name={icon} size={40} />
      </View>
      <View className="t14 ink2">{children}</View>
      {action === undefined ? null : <Button onTap={action.onTap}>{action.words}</Button>}
    </View>
  )
}

export type ErrorBlockProps = {
  refusal: Refused
  /** What could not be done, and that nothing was changed: "预约未提交，未扣款". */
  what?: string
  onRetry?: () => void
}

/** What failed, why, and what to do: retry, log in, or copy the number for support. */
export function ErrorBlock({ refusal, what, onRetry }: ErrorBlockProps) {
  const number = refusal.requestId === null ? refusal.code : `${refusal.code} ${refusal.requestId}`
  const copy = async () => {
    if (await copyText(number)) toast('已复制错误编号')
  }
  return (
    <View className="p-error" {...a11y({ role: 'alert' })}>
      <Icon name={refusal.status === 0 ? 'wifi-off' : 'circle-alert'} size={32} tone="ink3" />
      <View className="t16 bold">{what ?? refusal.message}</View>
      {what === undefined ? null : <View className="t14 ink2">{refusal.message}</View>}
      <View className="row row-wrap">
        {refusal.status === 401 ? (
          <Button kind="primary" onTap={() => void go.tabs.logIn({ back: herePath() })}>
            去登录
          </Button>
        ) : onRetry === undefined ? null : (
          <Button icon="refresh-cw" onTap={onRetry}>
            重试
          </Button>
        )}
        <Button kind="quiet" icon="copy" label="复制错误编号" onTap={() => void copy()}>
          {refusal.code}
        </Button>
      </View>
    </View>
  )
}

/**
 * The refusal of a write, beside its button: a sentence, and the fields concerned. Null shows
 * nothing.
 */
export function Refusal({ refusal, safe }: { refusal: Refused | null; safe?: string }) {
  if (refusal === null) return null
  return (
    <Banner tone="bad">
      {refusal.message}
      {refusal.issues.length > 0
        ? `：${refusal.issues.map((issue) => issue.message).join('；')}`
        : ''}
      {safe === undefined ? '' : `（${safe}）`}
    </Banner>
  )
}

export type StateProps<T> = {
  query: Query<T>
  /** True when the answer holds nothing to show. */
  isEmpty?: (data: T) => boolean
  /** An `<Empty>`. */
  empty?: ReactNode
  /** The shape of what is coming; default three cards. */
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/**
 * The four states of a question, in the same order everywhere: loading, refused, empty, content.
 */
export function State<T>({ query, isEmpty, empty = null, skeleton, children }: StateProps<T>) {
  const { state, data, refusal, refresh } = query
  if (state === 'loading') return <>{skeleton ?? <Skeleton cards={3} />}</>
  if (data === null) {
    return refusal === null ? null : <ErrorBlock refusal={refusal} onRetry={() => void refresh()} />
  }
  const stale =
    refusal === null ? null : (
      <Banner
        tone="warn"
        action={
          <Button kind="quiet" onTap={() => void refresh()}>
            重试
          </Button>
        }
      >
        {`${refusal.message}，以下是上次的内容`}
      </Banner>
    )
  return (
    <>
      {stale}
      {isEmpty?.(data) === true ? empty : children(data)}
    </>
  )
}

/** Grey shapes in the layout of what is coming. */
export function Skeleton({ cards = 0, lines = 0 }: { cards?: number; lines?: number }) {
  const numbered = (count: number) => Array.from({ length: count }, (_, index) => index)
  return (
    <View className="p-skeleton" {...a11y({ role: 'status', label: '加载中' })}>
      {numbered(cards).map((index) => (
        <View className="p-skeleton-card" key={`card ${index}`}>
          <View className="p-skeleton-line p-skeleton-short" />
          <View className="p-skeleton-line" />
          <View className="p-skeleton-line p-skeleton-half" />
        </View>
      ))}
      {numbered(lines).map((index) => (
        <View className="p-skeleton-line" key={`line ${index}`} />
      ))}
    </View>
  )
}
