import { useState } from 'react'
import { stored } from '../../kernel/store.ts'
import { emptyForm, type Form, readForm } from '../request-form.ts'

const DRAFTS_MAX = 10

/** Unsent sheets by person and instrument, the latest last. */
const drafts = stored<Record<string, unknown>>('yiqi.request-drafts', (raw) =>
  typeof raw === 'object' && raw !== null ? { ...raw } : {},
)

export type FormState = {
  form: Form
  set: (change: Partial<Form>) => void
  /** What is on screen was typed at another time. */
  restored: boolean
  /** Sent, or given up by the person's own word. */
  forget: () => void
  clear: () => void
}

/** The sheet's fields, kept on the device with every change. */
export function useForm(key: string): FormState {
  const [form, setForm] = useState<Form>(() => readForm(drafts.get()[key]))
  const [restored, setRestored] = useState(() => readForm(drafts.get()[key]).purpose !== '')
  const set = (change: Partial<Form>) => {
    const next = { ...form, ...change }
    setForm(next)
    keep(key, next)
  }
  const forget = () => keep(key, null)
  const clear = () => {
    setForm(emptyForm)
    setRestored(false)
    forget()
  }
  return { form, set, restored, forget, clear }
}

function keep(key: string, form: Form | null): void {
  const others = Object.entries(drafts.get()).filter(([name]) => name !== key)
  const own: [string, unknown][] = form === null ? [] : [[key, form]]
  drafts.set(Object.fromEntries([...others, ...own].slice(-DRAFTS_MAX)))
}
