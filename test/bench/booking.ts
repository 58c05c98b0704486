import { costs } from './costs.ts'
import type { Figure } from './figures.ts'
import type { Stage } from './stage.ts'
import { throughput } from './throughput.ts'

/** How many bookings a second, and what a request costs with little and with much in the tables. */
export async function booking(stage: Stage): Promise<Figure[]> {
  return [...(await throughput(stage)), ...(await costs(stage))]
}
