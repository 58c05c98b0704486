import { View } from '@tarojs/components'
import type { TeamAlarm } from '@yiqi/shared/catalogue/endpoints-team.ts'
import type { StaffRow } from '@yiqi/shared/identity/endpoints-staff.ts'
import { type Action, relationOf, whyNotAllowed } from '@yiqi/shared/kernel/access.ts'
import { useState } from 'react'
import { go } from '../../kernel/go.ts'
import { useMe } from '../../kernel/log-in.ts'
import { ListDetail } from '../../kernel/parts/list-detail.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Sheet } from '../../kernel/parts/sheet.tsx'
import { Empty } from '../../kernel/parts/state.tsx'
import { useLayout } from '../../kernel/use-layout.ts'
import { DutyWeek } from '../parts/duty-week.tsx'
import { StaffDetail } from '../parts/staff-detail.tsx'
import { StaffList } from '../parts/staff-list.tsx'
import { TeamAlarms } from '../parts/team-alarms.tsx'

type Chosen = Pick<StaffRow, 'userId' | 'name' | 'organisation'>

/** 机组人员: alarms first, then the people with their papers, then who is on duty. */
export default function TechniciansPage() {
  const me = useMe()
  const { wide } = useLayout()
  const [chosen, setChosen] = useState<StaffRow | Chosen | null>(null)
  const [round, setRound] = useState(0)
  const [dutyRound, setDutyRound] = useState(0)
  const role = me?.membership?.role ?? null
  const may = (action: Action) =>
    me !== null && role !== null && whyNotAllowed(action, { role, duties: me.duties }) === null
  const manages = may('identity.putStaffRecord')
  const relation = role === null ? null : relationOf('identity.listStaff', role)
  const many = relation === 'all'
  const changed = () => setRound(round + 1)
  const openAlarm = ({ userId, instrument, institution }: TeamAlarm) => {
    const isHidden = relation === 'own' && userId !== me?.user.id
    if (userId === null || isHidden) void go.catalogue.instrument({ id: instrument.id })
    else setChosen({ userId, name: '', organisation: institution })
  }
  const detail =
    chosen === null ? null : (
      <StaffDetail
        key={`${chosen.userId} ${chosen.organisation.id}`}
        userId={chosen.userId}
        organisationId={chosen.organisation.id}
        manages={manages}
        onChanged={changed}
      />
    )
  return (
    <Page title="机组人员" width="wide">
      {may('catalogue.listTeamAlarms') ? (
        <TeamAlarms key={`alarms ${round} ${dutyRound}`} many={many} onOpen={openAlarm} />
      ) : null}
      <ListDetail
        list={
          <StaffList
            key={`staff ${round}`}
            selected={chosen !== null && 'id' in chosen ? chosen : null}
            onSelect={setChosen}
            alone={relation === 'own'}
            many={many}
          />
        }
        detail={detail}
        empty={<Empty icon="id-card">选一个人，看编制、职称、上机资质与培训。</Empty>}
      />
      {may('catalogue.listDuty') ? (
        <DutyWeek manages={manages} onChanged={() => setDutyRound(dutyRound + 1)} />
      ) : null}
      <Sheet
        open={!wide && chosen !== null}
        title={chosen === null || chosen.name === '' ? '机组人员' : chosen.name}
        onClose={() => setChosen(null)}
      >
        <View className="stack">{wide ? null : detail}</View>
      </Sheet>
    </Page>
  )
}
