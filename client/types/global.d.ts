/// <reference types="@tarojs/taro" />

/** Where the server answers: '' on H5 (same origin), an absolute address in the mini-program. */
declare const API_BASE: string

declare module '*.scss'

declare namespace NodeJS {
  interface ProcessEnv {
    TARO_ENV: 'weapp' | 'h5'
    API_BASE?: string
  }
}

/** In the mini-program Taro puts its own reconciler in the place of react-dom; this is all we use of either. */
declare module 'react-dom' {
  import type { ReactNode, ReactPortal } from 'react'
  export function createPortal(children: ReactNode, container: Element): ReactPortal
}
