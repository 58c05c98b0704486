import { bookingEndpoints } from '@yiqi/shared/booking/endpoints.ts'
import { catalogueEndpoints, type Instrument } from '@yiqi/shared/catalogue/endpoints.ts'
import { go } from '../../kernel/go.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Section } from '../../kernel/parts/card.tsx'
import { Grid } from '../../kernel/parts/list-detail.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { offersById } from '../offer-words.ts'
import { InstrumentCard } from '../parts/instrument-card.tsx'

const SHOWN = 3

/**
 * Others of the same kind, or of the same class where the kind is not known. Nothing to show,
 * nothing drawn.
 */
export function Similar({ instrument }: { instrument: Instrument }) {
  const alike =
    instrument.kind === null ? { classCode: instrument.classCode } : { kind: instrument.kind }
  const query = useQuery(catalogueEndpoints.listInstruments, { ...alike, limit: SHOWN + 1 })
  const cards = (query.data?.rows ?? []).filter((card) => card.id !== instrument.id).slice(0, SHOWN)
  const offers = useQuery(
    bookingEndpoints.listOffers,
    cards.length === 0 ? null : { instrumentIds: cards.map((card) => card.id).join(',') },
  )
  const known = offersById(offers.data?.rows ?? [])
  if (cards.length === 0) return null
  const all = query.data?.total ?? 0
  return (
    <Section
      title="同类仪器"
      extra={
        <Button
          kind="quiet"
          onTap={() =>
            void go.catalogue.findInstrument(
              instrument.kind === null
                ? { classCode: instrument.classCode }
                : { kind: instrument.kind },
            )
          }
        >
          {`全部 ${all} 台`}
        </Button>
      }
    >
      <Grid columns={3}>
        {cards.map((card) => (
          <InstrumentCard
            key={card.id}
            card={card}
            offer={known.get(card.id)}
            onTap={() => void go.catalogue.instrument({ id: card.id })}
          />
        ))}
      </Grid>
    </Section>
  )
}
