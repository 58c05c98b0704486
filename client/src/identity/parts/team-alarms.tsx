import { View } from '@tarojs/components'
import { catalogueEndpoints } from '@yiqi/shared/catalogue/endpoints.ts'
import type { TeamAlarm } from '@yiqi/shared/catalogue/endpoints-team.ts'
import type { TeamAlarmKind } from '@yiqi/shared/catalogue/terms.ts'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Refusal } from '../../kernel/parts/state.tsx'
import { Tag, type Tone } from '../../kernel/parts/tag.tsx'
import { usePages } from '../../kernel/use-pages.ts'

const FIRST = 5

const tones: Record<TeamAlarmKind, Tone> = {
  'below-minimum': 'bad',
  'duty-uncovered': 'warn',
  'licence-expired': 'bad',
  'licence-expiring': 'warn',
}

type TeamAlarmsProps = {
  /** The institution's name stands with each: for who sees several. */
  many: boolean
  onOpen: (alarm: TeamAlarm) => void
}

/** 机组告警: what is wrong with a team now, the gravest first; nothing where all is well. */
export function TeamAlarms({ many, onOpen }: TeamAlarmsProps) {
  const pages = usePages(catalogueEndpoints.listTeamAlarms, { limit: FIRST })
  const { data, refusal } = pages.query
  if (data === null) return <Refusal refusal={refusal} />
  if (data.rows.length === 0) return null
  return (
    <Card title="机组告警" id="team-alarms">
      {data.rows.map((alarm) => (
        <Cell
          key={alarm.id}
          title={alarm.instrument.name}
          detail={[many ? alarm.institution.name : null, alarm.instrument.number, alarm.detail]
            .filter(Boolean)
            .join(' · ')}
          value={
            <Tag tone={tones[alarm.kind]} icon="triangle-alert">
              {alarm.label}
            </Tag>
          }
          label={`${alarm.label}，${alarm.instrument.name}，${alarm.detail}`}
          onTap={() => onOpen(alarm)}
        />
      ))}
      <View>
        <More pages={pages} />
      </View>
    </Card>
  )
}
