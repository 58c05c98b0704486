import { useEffect, useRef } from 'react'
import { isH5 } from './target.ts'

/**
 * Keyboard of the wide screen (H5 only): `useKeys({ j: next, k: previous })`. Never while text is
 * being typed.
 */
export function useKeys(keys: Record<string, () => void>, active = true): void {
  const latest = useRef(keys)
  latest.current = keys
  // The keyboard is outside React.
  useEffect(() => {
    if (!isH5 || !active) return
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return // a focused button has taken it
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return
      const act = latest.current[event.key] ?? latest.current[event.key.toLowerCase()]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [active])
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/**
 * For a sheet or dialog on H5: focus goes in when it opens, stays in while it is open (Tab goes
 * round), and
 * returns where it was when it closes; Escape closes it.
 */
export function useFocusInside(id: string, open: boolean, onEscape: () => void): void {
  const closing = useRef(onEscape)
  closing.current = onEscape
  // The document's focus is outside React.
  useEffect(() => {
    if (!isH5 || !open) return
    const before = document.activeElement
    // Taro's elements are hidden until they are drawn: focus is tried again until it holds.
    const tries = [0, 60, 200].map((ms) => setTimeout(() => focusBox(id), ms))
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') closing.current()
      if (event.key === 'Tab') keepInside(document.getElementById(id), event)
    }
    document.addEventListener('keydown', pressed)
    return () => {
      document.removeEventListener('keydown', pressed)
      for (const one of tries) clearTimeout(one)
      if (before instanceof HTMLElement) before.focus()
    }
  }, [id, open])
}

function focusBox(id: string): void {
  const box = document.getElementById(id)
  if (box !== null && !box.contains(document.activeElement)) box.focus()
}

function keepInside(box: HTMLElement | null, event: KeyboardEvent): void {
  if (box === null) return
  const inside = [...box.querySelectorAll<HTMLElement>('[tabindex="0"], input, textarea')]
  const first = inside[0]
  const last = inside[inside.length - 1]
  if (first === undefined || last === undefined) return
  const at = document.activeElement
  const leaves = event.shiftKey ? at === first || at === box : at === last
  if (!leaves && box.contains(at)) return
  event.preventDefault()
  ;(event.shiftKey ? last : first).focus()
}
