import { createContext, useContext } from 'react'

/** False inside a tab panel that is kept alive behind another one. */
export const Shown = createContext(true)

/** Whether what is drawn here is in front. */
export function useShown(): boolean {
  return useContext(Shown)
}
