// Turns the lucide icons named here into src/kernel/parts/icons.ts (names) and icons.scss (one mask
// a class).
// Run after changing the list: node client/config/write-icons.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const used = [
  'id-card',
  'scroll-text',
  'monitor-smartphone',
  'smartphone',
  'monitor',
  'qr-code',
  'mail-plus',
  'link',
  'key-round',
  'graduation-cap',
  'file-up',
  'microscope',
  'flask-conical',
  'test-tubes',
  'ticket',
  'ticket-percent',
  'receipt-text',
  'scan-line',
  'calendar-clock',
  'calendar',
  'search',
  'map-pin',
  'message-square',
  'user',
  'users',
  'check',
  'circle-check',
  'circle',
  'triangle-alert',
  'x',
  'chevron-left',
  'chevron-right',
  'chevron-down',
  'clock',
  'timer',
  'shield-check',
  'lock',
  'wallet',
  'landmark',
  'bell',
  'send',
  'plus',
  'minus',
  'play',
  'square',
  'skip-forward',
  'wrench',
  'file-text',
  'download',
  'upload',
  'funnel',
  'refresh-cw',
  'log-out',
  'settings',
  'hand-coins',
  'scale',
  'house',
  'layout-dashboard',
  'clipboard-list',
  'clipboard-check',
  'copy',
  'eye',
  'building-2',
  'banknote',
  'circle-alert',
  'wifi-off',
  'cloud-off',
  'sparkles',
  'info',
  'megaphone',
  'ellipsis',
  'badge-check',
  'history',
  'square-check',
  'share-2',
  'trophy',
  'atom',
  'audio-waveform',
  'chart-line',
  'cpu',
  'dna',
  'droplets',
  'gauge',
  'hammer',
  'heart-pulse',
  'leaf',
  'magnet',
  'mountain',
  'pipette',
  'radiation',
  'ruler',
  'telescope',
  'thermometer',
  'waves',
  'zap',
  'sun',
]

const root = path.resolve(
  import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
  '..',
)
const require = createRequire(path.join(root, '../package.json'))
const folder = path.join(path.dirname(require.resolve('lucide-static/package.json')), 'icons')

function maskOf(name) {
  const inner = readFileSync(path.join(folder, `${name}.svg`), 'utf8')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<svg[\s\S]*?>/, '')
    .replace('</svg>', '')
    .replace(/\s*\n\s*/g, '')
    .replaceAll(' />', '/>')
    .replaceAll('"', "'")
    .trim()
  const look =
    "fill='none' stroke='#000' stroke-width='1.75' stroke-linecap='round' stroke-linejoin='round'"
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' ${look}>${inner}</svg>`
  return `data:image/svg+xml,${svg.replace(/[%#<>]/g, (one) => encodeURIComponent(one))}`
}

const names = [...used].sort()
const note =
  'Written by config/write-icons.mjs from lucide-static (ISC licence). Not edited by hand.'
const parts = path.join(root, 'src/kernel/parts')
const list = names.map((name) => `  '${name}',\n`).join('')
const typeLine = 'export type IconName = (typeof iconNames)[number]'
writeFileSync(
  path.join(parts, 'icons.ts'),
  `// ${note}\nexport const iconNames = [\n${list}] as const\n${typeLine}\n`,
)
const rules = names.map((name) => {
  // The prefixed name is the one that every engine still knows, WeChat's older ones included.
  return `.i-${name} {\n  -webkit-mask-image: url("${maskOf(name)}");\n}\n`
})
writeFileSync(path.join(parts, 'icons.scss'), `/* ${note} */\n${rules.join('')}`)
