import { RootPortal, View } from '@tarojs/components'
import { type CSSProperties, type PropsWithChildren, useEffect } from 'react'
import { createPortal } from 'react-dom'
import { isH5 } from '../platform/target.ts'
import { setRootClass } from '../platform/window.ts'
import { useTextScale } from '../text-scale.ts'
import { themeChoice } from '../theme.ts'

/** The root of every page and overlay: carries theme, text scale and elder mode. */
export function Scope({ children, className = '' }: PropsWithChildren<{ className?: string }>) {
  const choice = themeChoice.use()
  const { scale, elder } = useTextScale()
  const theme = choice === 'system' ? '' : `theme-${choice}`
  const variables = { '--fs': String(scale) }
  // The document's root element is outside React: it colours what lies behind the page.
  useEffect(() =>
    setRootClass(`${theme} ${elder ? 'elder' : ''}`.trim(), { '--fs': String(scale) }),
  )
  return (
    <View
      className={`scope ${theme} ${elder ? 'elder' : ''} ${className}`}
      style={variables as CSSProperties}
    >
      {children}
    </View>
  )
}

/**
 * Draws above the page: at the document's end on H5 (where Taro has no RootPortal), by RootPortal
 * in WeChat
 * (a fixed layer inside a scroll-view is clipped on iOS).
 */
export function Portal({ children }: PropsWithChildren) {
  const layer = <Scope>{children}</Scope>
  return isH5 ? createPortal(layer, document.body) : <RootPortal>{layer}</RootPortal>
}
