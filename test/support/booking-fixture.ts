import type { Booking } from '@yiqi/shared/booking/endpoints.ts'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** A confirmed booking of 2026-11-24 14:00–18:00, for the pure rules of the client. */
export function aBooking(change: Partial<Booking> = {}): Booking {
  return {
    id: id(1),
    number: 'SX2611-0482',
    state: 'confirmed',
    startsAt: '2026-11-24T06:00:00.000Z',
    endsAt: '2026-11-24T10:00:00.000Z',
    instrument: {
      id: id(2),
      name: '扫描电镜',
      model: 'SU8220',
      number: 'SX-0001',
      shortCode: 'AB12CD',
    },
    institution: { id: id(3), name: '示例大学甲' },
    enterprise: { id: id(4), name: '示例新材' },
    bookedBy: { name: '王经办', beneficiary: null },
    serviceMode: 'entrusted',
    samples: 3,
    preparation: '喷金 · EDS',
    totalFen: 166_000,
    voucherFen: 83_000,
    holdExpiresAt: null,
    answerDueAt: null,
    approvalDueAt: null,
    actions: [],
    confidentiality: 'normal',
    serviceDirection: '136',
    purpose: '断口形貌',
    sampleNames: [],
    quote: null,
    agreement: null,
    bill: null,
    requester: { name: '王经办', phone: '138****0000' },
    approval: null,
    technicians: [],
    declineReason: null,
    alternatives: [],
    timeline: [
      {
        at: '2026-11-21T02:02:00.000Z',
        name: 'booking.requested',
        label: '提交预约',
        actor: '王经办',
      },
      {
        at: '2026-11-21T02:19:00.000Z',
        name: 'booking.confirmed',
        label: '机组已确认',
        actor: '郝工',
      },
    ],
    ...change,
  }
}
