import type { bookableModes, Confidentiality } from '@yiqi/shared/notice/terms.ts'
import type { Fate } from './demo-life.ts'
import type { Stage } from './demo-story.ts'

/** One booking of the demonstration: who, where, on which open day, and how far it has come. */
export type Plan = {
  enterprise: string
  institution: string
  innerId: string
  /** Open days before (negative) or after today. */
  day: number
  /** Morning 0, afternoon 1. */
  part: number
  skip?: number
  minutes: number
  mode: (typeof bookableModes)[number]
  programme: 'deduct' | 'refund' | null
  samples: number
  purpose: string
  preparation: string
  confidentiality: Confidentiality
  talk: readonly [question: string, answer: string] | null
  until: Stage
  fate: Fate | null
  /** The batch the claim goes into. */
  round: 'peace' | 'difference' | 'approval' | 'publicity' | null
}

const UNIVERSITY = '12140000TEXT0101XW'
export const SEM = { institution: UNIVERSITY, innerId: '202100161' }
export const RAMAN = { institution: UNIVERSITY, innerId: '202600025' }
export const TUNGSTEN = { institution: UNIVERSITY, innerId: '201400207' }
export const ICPMS = { institution: UNIVERSITY, innerId: '202600252' }
export const XRD = { institution: '12140000TEXT010608', innerId: '2019-121' }
export const ALLOY = 'P0305'
export const SEMICONDUCTOR = 'P0294'
export const BIOTECH = 'P0296'
export const PHARMA = 'P0302'
export const HEAVY = 'P0316'

export const usual = {
  part: 0,
  minutes: 120,
  mode: 'entrusted',
  programme: 'deduct',
  samples: 2,
  confidentiality: 'normal',
  talk: null,
  fate: null,
  round: null,
} as const

/** Past work, claimed and in every state of a claim. */
export const claimed: readonly Plan[] = [
  {
    ...usual,
    ...SEM,
    enterprise: ALLOY,
    day: -12,
    part: 0,
    purpose: '挤压棒断口',
    preparation: '2 样',
    until: 'submitted',
    fate: 'batch',
    round: 'peace',
  },
  {
    ...usual,
    ...RAMAN,
    enterprise: SEMICONDUCTOR,
    day: -12,
    part: 0,
    minutes: 180,
    purpose: '薄膜结晶度',
    preparation: '532 nm',
    until: 'submitted',
    fate: 'batch',
    round: 'peace',
  },
  {
    ...usual,
    ...ICPMS,
    enterprise: PHARMA,
    day: -11,
    part: 0,
    minutes: 60,
    purpose: '重金属残留',
    preparation: '消解液 · 5 样',
    samples: 5,
    until: 'submitted',
    fate: 'batch',
    round: 'peace',
  },
  {
    ...usual,
    ...SEM,
    enterprise: HEAVY,
    day: -10,
    part: 0,
    purpose: '焊缝断口',
    preparation: '1 样',
    samples: 1,
    until: 'submitted',
    fate: 'batch',
    round: 'difference',
  },
  {
    ...usual,
    ...TUNGSTEN,
    enterprise: BIOTECH,
    day: -10,
    part: 1,
    purpose: '滤膜孔径',
    preparation: '喷金 · 2 样',
    until: 'submitted',
    fate: 'batch',
    round: 'difference',
  },
  {
    ...usual,
    ...SEM,
    enterprise: SEMICONDUCTOR,
    day: -9,
    part: 1,
    purpose: '光刻胶截面',
    preparation: '截面 · 2 样',
    confidentiality: 'confidential',
    until: 'submitted',
  },
  {
    ...usual,
    ...RAMAN,
    enterprise: PHARMA,
    day: -8,
    part: 0,
    minutes: 120,
    purpose: '晶型鉴别',
    preparation: '785 nm',
    until: 'submitted',
  },
  {
    ...usual,
    ...TUNGSTEN,
    enterprise: ALLOY,
    day: -8,
    part: 1,
    purpose: '氧化层厚度',
    preparation: '截面 · 2 样',
    until: 'paid',
  },
  {
    ...usual,
    ...RAMAN,
    enterprise: HEAVY,
    day: -11,
    part: 1,
    minutes: 90,
    purpose: '涂层成分',
    preparation: '532 nm · 1 样',
    samples: 1,
    until: 'submitted',
    fate: 'batch',
    round: 'approval',
  },
  {
    ...usual,
    ...TUNGSTEN,
    enterprise: PHARMA,
    day: -9,
    part: 0,
    purpose: '包材断面',
    preparation: '喷金 · 2 样',
    until: 'submitted',
    fate: 'withdrawn',
  },
  {
    ...usual,
    ...XRD,
    enterprise: ALLOY,
    day: -9,
    part: 0,
    programme: 'refund',
    purpose: '物相定性',
    preparation: '粉末 · 4 样',
    samples: 4,
    until: 'submitted',
    fate: 'province',
    round: 'publicity',
  },
  {
    ...usual,
    ...SEM,
    enterprise: ALLOY,
    day: -8,
    part: 0,
    programme: 'refund',
    purpose: '织构前处理观察',
    preparation: '2 样',
    until: 'submitted',
    fate: 'province',
  },
  {
    ...usual,
    ...SEM,
    enterprise: ALLOY,
    day: -7,
    part: 0,
    programme: 'refund',
    purpose: '腐蚀产物形貌',
    preparation: '2 样',
    until: 'submitted',
    fate: 'city',
  },
  {
    ...usual,
    ...ICPMS,
    enterprise: ALLOY,
    day: -7,
    part: 1,
    minutes: 60,
    programme: 'refund',
    purpose: '杂质元素',
    preparation: '消解液 · 3 样',
    samples: 3,
    until: 'submitted',
    fate: 'bound',
  },
  {
    ...usual,
    ...SEM,
    enterprise: ALLOY,
    day: -6,
    part: 1,
    programme: 'refund',
    purpose: '涂层截面',
    preparation: '截面 · 2 样',
    until: 'submitted',
    fate: 'returned',
  },
  {
    ...usual,
    ...RAMAN,
    enterprise: ALLOY,
    day: -6,
    part: 0,
    minutes: 60,
    programme: 'refund',
    purpose: '石墨烯层数',
    preparation: '532 nm',
    until: 'submitted',
  },
  {
    ...usual,
    ...SEM,
    enterprise: ALLOY,
    day: -5,
    part: 0,
    programme: 'refund',
    purpose: '再结晶组织',
    preparation: '2 样',
    until: 'drafted',
  },
  {
    ...usual,
    ...SEM,
    enterprise: ALLOY,
    day: -4,
    part: 1,
    programme: 'refund',
    purpose: '晶界析出',
    preparation: '2 样',
    until: 'paid',
  },
]
