import { useState } from 'react'
import { go } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import type { Day } from './day.ts'

/** Declares an outage: chooses among the instruments of the day. */
export function OutageSheet({ day }: { day: Day }) {
  const [open, setOpen] = useState(false)
  const bookings = [...day.rows.map((row) => row.booking), ...day.requests]
  const instruments = new Map(bookings.map(({ instrument }) => [instrument.id, instrument]))
  if (instruments.size === 0) return null
  const declare = (instrumentId: string) => {
    setOpen(false)
    void go.booking.declareOutage({ instrumentId })
  }
  const tap = () => {
    const [only] = instruments.keys()
    if (instruments.size === 1 && only !== undefined) return declare(only)
    setOpen(true)
  }
  return (
    <>
      <Button id="today-outage" kind="quiet" icon="wrench" onTap={tap}>
        登记停用
      </Button>
      <Sheet open={open} title="停用哪台仪器" onClose={() => setOpen(false)}>
        {[...instruments.values()].map((instrument) => (
          <Cell
            key={instrument.id}
            icon="wrench"
            title={
              instrument.model === null ? instrument.name : `${instrument.name} ${instrument.model}`
            }
            detail={instrument.number}
            onTap={() => declare(instrument.id)}
          />
        ))}
      </Sheet>
    </>
  )
}
