import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { Licence, StaffRecord, Training } from '@yiqi/shared/identity/endpoints-staff.ts'
import { validityLabels } from '@yiqi/shared/identity/terms-staff.ts'
import { dateOf } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Dialog } from '../../kernel/parts/dialog.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'
import { RecordSheet } from './record-sheet.tsx'
import { expiryWords, validityTones } from './staff-rules.ts'
import { TeamSheet } from './team-sheet.tsx'
import { TrainingSheet } from './training-sheet.tsx'

type StaffDetailProps = {
  userId: string
  organisationId: string
  /** May change it: the institution's manager. */
  manages: boolean
  onChanged: () => void
}

/** One person: entry, licences per instrument with their ends, trainings; sheets to change them. */
export function StaffDetail({ userId, organisationId, manages, onChanged }: StaffDetailProps) {
  const query = useQuery(identityEndpoints.getStaffRecord, { userId, organisationId })
  const changed = () => {
    void query.refresh()
    onChanged()
  }
  return (
    <State query={query}>
      {(entry) => (
        <View className="stack">
          <Entry entry={entry} manages={manages} onChanged={changed} />
          <Licences entry={entry} manages={manages} onChanged={changed} />
          <Trainings entry={entry} manages={manages} onChanged={changed} />
        </View>
      )}
    </State>
  )
}

type PartProps = { entry: StaffRecord; manages: boolean; onChanged: () => void }

function Entry({ entry, manages, onChanged }: PartProps) {
  const [editing, setEditing] = useState(false)
  const facts = [
    ['岗位', entry.post],
    ['技术职称', entry.title],
    ['入职', entry.joinedOn],
    ['离岗', entry.leftOn],
  ] as const
  return (
    <Card
      title={entry.name}
      extra={
        <Tag tone={entry.registered ? 'info' : 'warn'}>{entry.establishmentLabel ?? '未登记'}</Tag>
      }
    >
      <View className="t13 ink3">{entry.organisation.name}</View>
      {facts.map(([title, value]) =>
        value === null ? null : <Cell key={title} title={title} value={value} />,
      )}
      {!manages ? null : (
        <Button
          id="staff-edit"
          kind={entry.registered ? 'secondary' : 'primary'}
          size="block"
          onTap={() => setEditing(true)}
        >
          {entry.registered ? '修改登记' : '登记此人'}
        </Button>
      )}
      <RecordSheet
        key={`${entry.id} ${editing}`}
        entry={editing ? entry : null}
        onClose={() => setEditing(false)}
        onDone={onChanged}
      />
    </Card>
  )
}

function Licences({ entry, manages, onChanged }: PartProps) {
  const [editing, setEditing] = useState<Licence | 'new' | null>(null)
  const today = dateOf(serverNow())
  return (
    <Card
      title="仪器与上机资质"
      extra={
        !manages ? undefined : (
          <Button id="team-join" kind="quiet" icon="plus" onTap={() => setEditing('new')}>
            加入机组
          </Button>
        )
      }
    >
      {entry.teams.length === 0 ? <Empty icon="microscope">不在任何仪器的机组。</Empty> : null}
      {entry.teams.map((row) => (
        <Cell
          key={row.instrument.id}
          title={row.instrument.name}
          detail={[row.instrument.number, row.positionLabel, row.licenceNumber]
            .filter(Boolean)
            .join(' · ')}
          value={
            <Tag tone={validityTones[row.validity]}>
              {row.validity === 'none'
                ? validityLabels.none
                : expiryWords(row.licenceExpiresOn, today, row.validity)}
            </Tag>
          }
          {...(manages
            ? {
                onTap: () => setEditing(row),
                label: `修改 ${row.instrument.name} 的资质`,
              }
            : {})}
        />
      ))}
      {editing === null ? null : (
        <TeamSheet
          key={editing === 'new' ? 'new' : editing.instrument.id}
          person={entry}
          licence={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onDone={onChanged}
        />
      )}
    </Card>
  )
}

function Trainings({ entry, manages, onChanged }: PartProps) {
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Training | null>(null)
  const today = dateOf(serverNow())
  return (
    <Card
      title="培训与考核"
      extra={
        !manages || !entry.registered ? undefined : (
          <Button id="training-add" kind="quiet" icon="plus" onTap={() => setAdding(true)}>
            登记培训
          </Button>
        )
      }
    >
      {entry.trained.length === 0 ? (
        <Empty icon="graduation-cap">
          {entry.registered ? '还没有培训记录。' : '先登记此人，再登记培训。'}
        </Empty>
      ) : null}
      {entry.trained.map((row) => (
        <Cell
          key={row.id}
          title={row.name}
          detail={`${row.kindLabel} · ${row.heldOn} · ${row.hours} 学时 · ${row.resultLabel}`}
          value={
            row.expiresOn === null ? null : (
              <Tag tone={validityTones[row.validity]}>
                {expiryWords(row.expiresOn, today, row.validity)}
              </Tag>
            )
          }
          {...(manages
            ? { onTap: () => setRemoving(row), label: `删除 ${row.name}（${row.heldOn}）` }
            : {})}
        />
      ))}
      <TrainingSheet
        key={String(adding)}
        person={adding ? entry : null}
        onClose={() => setAdding(false)}
        onDone={onChanged}
      />
      <RemoveDialog row={removing} onClose={() => setRemoving(null)} onDone={onChanged} />
    </Card>
  )
}

type RemoveProps = { row: Training | null; onClose: () => void; onDone: () => void }

function RemoveDialog({ row, onClose, onDone }: RemoveProps) {
  const remove = useWrite(identityEndpoints.removeTraining)
  const send = async () => {
    if (row === null || (await remove.run({ id: row.id })) === null) return
    toast('已删除这条培训记录')
    onClose()
    onDone()
  }
  return (
    <Dialog
      open={row !== null}
      title="删除这条培训记录？"
      confirm={{
        words: '删除记录',
        danger: true,
        busy: remove.busy,
        onTap: () => void send(),
        id: 'training-remove',
      }}
      onClose={onClose}
    >
      {`${row?.name ?? ''}（${row?.heldOn ?? ''}）。只用于更正误登的记录。`}
      <Refusal refusal={remove.refusal} safe="记录未删除" />
    </Dialog>
  )
}
