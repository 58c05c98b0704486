import { ScrollView, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { a11y } from '../a11y.ts'
import { back as goBack } from '../go.ts'
import { useOnline } from '../platform/network.ts'
import { isH5 } from '../platform/target.ts'
import { safeTop, setTitle } from '../platform/window.ts'
import { useLayout } from '../use-layout.ts'
import { Banner } from './banner.tsx'
import { IconButton } from './button.tsx'
import { Rail } from './rail.tsx'
import { Scope } from './scope.tsx'
import { StepUpSheet } from './step-up-sheet.tsx'
import { ToastHost } from './toast.tsx'

export type FrameProps = {
  title: string
  children: ReactNode
  /** A bar that stays at the bottom: the sum and the one primary button. */
  footer?: ReactNode
  /** At the end of the header: wide screens only have room for buttons. */
  actions?: ReactNode
  /** Below the header, above what scrolls: a search line, tabs. */
  top?: ReactNode
  /** Pulled down in WeChat. */
  onRefresh?: () => Promise<void>
  /** The end of the list is near: load the next page. */
  onBottom?: () => void
  /** The element to bring into view whenever this id changes: the newest message. */
  showId?: string | null
  /** `wide` uses the whole window (desk pages); default a column of at most 760 px. */
  width?: 'column' | 'wide'
}

export type PageProps = FrameProps & {
  /** No back button: a page that is entered first. */
  first?: boolean
}

/**
 * A page: header with title and back, scrolling content, footer; the rail beside it on wide
 * screens.
 */
export function Page({ first = false, ...frame }: PageProps) {
  const { wide } = useLayout()
  return (
    <Scope className="p-root">
      {wide ? <Rail /> : null}
      <Frame {...frame} back={!first} />
      <StepUpSheet />
      <ToastHost />
    </Scope>
  )
}

/** What is inside a page, and what a tab panel is made of: header, content, footer. */
export function Frame({
  title,
  children,
  footer,
  actions,
  top,
  back = false,
  width = 'column',
  ...scroll
}: FrameProps & { back?: boolean }) {
  const online = useOnline()
  const tall = width === 'wide' ? 'p-content-wide' : ''
  return (
    <View className="p-frame">
      <Header title={title} back={back} actions={actions} />
      {online ? null : (
        <Banner tone="warn" icon="cloud-off">
          离线中，显示的是上次的内容
        </Banner>
      )}
      {top === undefined ? null : <View className="p-top">{top}</View>}
      <Scroll {...scroll}>
        <View className={`p-content ${tall}`}>{children}</View>
      </Scroll>
      {footer === undefined || footer === null ? null : (
        <View className="p-page-footer">
          <View className={`p-footer-inside ${tall}`}>{footer}</View>
        </View>
      )}
    </View>
  )
}

function Header({ title, back, actions }: { title: string; back: boolean; actions?: ReactNode }) {
  const { statusPx, barPx, capsulePx } = safeTop()
  // The browser's tab is outside React.
  useEffect(() => setTitle(title), [title])
  return (
    <View
      className="p-header"
      style={{ paddingTop: isH5 ? 'env(safe-area-inset-top)' : `${statusPx}px` }}
    >
      <View
        className="p-header-bar"
        style={{
          height: `${barPx}px`,
          ...(capsulePx > 0 ? { paddingRight: `${capsulePx}px` } : {}),
        }}
      >
        {back ? (
          <View className="p-header-back">
            <IconButton icon="chevron-left" label="返回" onTap={() => void goBack()} />
          </View>
        ) : null}
        <View className="p-header-title t17 cut" {...a11y({ role: 'heading' })}>
          {title}
        </View>
        {actions === undefined ? null : <View className="p-header-actions">{actions}</View>}
      </View>
    </View>
  )
}

type ScrollProps = Pick<FrameProps, 'children' | 'onRefresh' | 'onBottom' | 'showId'>

const BOTTOM_PX = 240

function Scroll({ children, onRefresh, onBottom, showId = null }: ScrollProps) {
  const [pulled, setPulled] = useState(false)
  const asked = useRef(0)
  // The browser's scroll position is outside React.
  useEffect(() => {
    if (isH5 && showId !== null) document.getElementById(showId)?.scrollIntoView({ block: 'end' })
  }, [showId])
  if (isH5) {
    const scrolled = (event: { currentTarget: unknown }) => {
      const box = event.currentTarget
      if (onBottom === undefined || !(box instanceof HTMLElement)) return
      const near = box.scrollHeight - box.scrollTop - box.clientHeight < BOTTOM_PX
      if (!near || asked.current === box.scrollHeight) return
      asked.current = box.scrollHeight // once for each length of the list
      onBottom()
    }
    return (
      <View className="p-scroll" {...{ onScroll: scrolled, role: 'main' }}>
        {children}
      </View>
    )
  }
  return (
    <ScrollView
      className="p-scroll"
      scrollY
      enableFlex
      {...(showId === null ? {} : { scrollIntoView: showId })}
      lowerThreshold={BOTTOM_PX}
      {...(onBottom === undefined ? {} : { onScrollToLower: onBottom })}
      {...(onRefresh === undefined
        ? {}
        : {
            refresherEnabled: true,
            refresherTriggered: pulled,
            onRefresherRefresh: () => {
              setPulled(true)
              void onRefresh().finally(() => Taro.nextTick(() => setPulled(false)))
            },
          })}
    >
      {children}
    </ScrollView>
  )
}
