const two = (n: number) => String(n).padStart(2, '0')

/** 09:42, or 1:09:42 from an hour on; `hours` always writes them (01:24:07). Never below zero. */
export function clockLeft(ms: number, hours = false): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hour = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
  if (hours) return `${two(hour)}:${rest}`
  return hour > 0 ? `${hour}:${rest}` : rest
}

/** 2天, 3小时, 18分钟: the largest unit that is not zero, rounded down; at least 1分钟. */
export function waitWords(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000))
  if (minutes < 60) return `${minutes}分钟`
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)}小时`
  return `${Math.floor(minutes / 1440)}天`
}
