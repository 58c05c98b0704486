import { Image, View } from '@tarojs/components'
import { useMemo } from 'react'
import { encode } from 'uqr'
import { a11y } from '../a11y.ts'

const SIDE_PX = 200
const BORDER_MODULES = 2

/** A QR code of a text, black on white in both themes, because cameras want it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const source = useMemo(() => svgOf(text), [text])
  return (
    <View className="row" style={{ justifyContent: 'center' }} {...a11y({ role: 'img', label })}>
      <Image src={source} style={{ width: `${SIDE_PX}px`, height: `${SIDE_PX}px` }} />
    </View>
  )
}

/** An SVG in a data address: one path of unit squares. */
function svgOf(text: string): string {
  const { data, size } = encode(text, { border: BORDER_MODULES })
  const squares = data.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${squares.join('')}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
