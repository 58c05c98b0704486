import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { AuditEntry } from '@yiqi/shared/identity/endpoints-audit.ts'
import { type AuditKind, auditKindLabels, auditKinds } from '@yiqi/shared/kernel/access.ts'
import { addDays, dateOf, instantAt, stamp } from '@yiqi/shared/kernel/time.ts'
import { useMemo, useState } from 'react'
import { serverNow } from '../../kernel/clock.ts'
import { Banner } from '../../kernel/parts/banner.tsx'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Chip, ChipRow } from '../../kernel/parts/chip.tsx'
import { type Column, DataTable } from '../../kernel/parts/data-table.tsx'
import { ListDetail } from '../../kernel/parts/list-detail.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Empty, Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { saveText } from '../../kernel/platform/files.ts'
import { usePages } from '../../kernel/use-pages.ts'
import { useQuery } from '../../kernel/use-query.ts'
import { useWrite } from '../../kernel/use-write.ts'

const spans = [
  { days: 1, label: '今天' },
  { days: 7, label: '近 7 天' },
  { days: 30, label: '近 30 天' },
] as const
const MIDNIGHT = 0
const kindTones = { permission: 'info', money: 'voucher', protected: 'warn' } as const

const columns: readonly Column<AuditEntry>[] = [
  { id: 'at', title: '时间', cell: (row) => stamp(new Date(row.at)), width: '128px' },
  {
    id: 'kind',
    title: '类别',
    cell: (row) => <Tag tone={kindTones[row.kind]}>{auditKindLabels[row.kind]}</Tag>,
    width: '112px',
  },
  { id: 'action', title: '动作', cell: (row) => row.action },
  { id: 'who', title: '谁', cell: (row) => row.actorName ?? row.job ?? '访客' },
  { id: 'role', title: '身份', cell: (row) => row.roleLabel ?? '—' },
  {
    id: 'place',
    title: '链上位置',
    cell: (row) => (row.seq === null ? '—' : `${row.shard}-${row.seq}`),
    align: 'end',
    width: '96px',
  },
]

/** 审计台: what was done to permissions, money and protected data; whether the record is whole. */
export default function DeskAuditPage() {
  const [days, setDays] = useState<number>(spans[1].days)
  const [kind, setKind] = useState<AuditKind | null>(null)
  const [open, setOpen] = useState<AuditEntry | null>(null)
  const span = useMemo(() => spanOf(days), [days])
  const pages = usePages(
    identityEndpoints.listAudit,
    { ...span, ...(kind === null ? {} : { kind }), limit: 100 },
    { keepOld: true },
  )
  return (
    <Page title="审计台" width="wide" first actions={<Export span={span} />}>
      <Whole />
      <ChipRow wrap>
        {spans.map((one) => (
          <Chip key={one.days} selected={one.days === days} onTap={() => setDays(one.days)}>
            {one.label}
          </Chip>
        ))}
        {auditKinds.map((one) => (
          <Chip key={one} selected={one === kind} onTap={() => setKind(one === kind ? null : one)}>
            {auditKindLabels[one]}
          </Chip>
        ))}
      </ChipRow>
      <ListDetail
        list={
          <State
            query={pages.query}
            isEmpty={(data) => data.rows.length === 0}
            empty={<Empty icon="scroll-text">这段时间没有记录。换一个时间段再看。</Empty>}
          >
            {(data) => (
              <>
                <DataTable
                  label="审计记录"
                  columns={columns}
                  rows={data.rows}
                  keyOf={(row) => row.id}
                  selected={open?.id ?? null}
                  onSelect={setOpen}
                />
                <More pages={pages} />
              </>
            )}
          </State>
        }
        detail={open === null ? null : <Entry entry={open} />}
        empty={<Empty icon="scroll-text">选一条记录，看完整内容与链上位置。</Empty>}
      />
    </Page>
  )
}

type Span = { from: string; to: string }

/** Whole days up to the end of today. */
function spanOf(days: number): Span {
  const today = dateOf(serverNow())
  return {
    from: instantAt(addDays(today, 1 - days), MIDNIGHT).toISOString(),
    to: instantAt(addDays(today, 1), MIDNIGHT).toISOString(),
  }
}

/** Whether every link of the chain holds, as of the last look. */
function Whole() {
  const query = useQuery(identityEndpoints.checkAudit, {})
  const { data, refreshing, refresh } = query
  if (data === null) return <Refusal refusal={query.refusal} />
  const again = (
    <Button id="audit-check" kind="quiet" busy={refreshing} onTap={() => void refresh()}>
      再次核验
    </Button>
  )
  if (data.findings.length === 0)
    return (
      <Banner tone="ok" icon="shield-check" action={again}>
        {`记录完整：${data.links} 条链环逐一核验，${data.seals} 个封印一致`}
      </Banner>
    )
  const first = data.findings[0]
  return (
    <Banner tone="bad" action={again}>
      {`发现 ${data.findings.length} 处不一致，首处：${first?.kind} ${first?.source ?? ''} ${first?.shard ?? ''}-${first?.seq ?? ''}`}
    </Banner>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const facts: [string, string | null][] = [
    ['时间', stamp(new Date(entry.at))],
    ['类别', auditKindLabels[entry.kind]],
    ['动作', entry.action],
    ['谁', entry.actorName ?? entry.job ?? '访客'],
    ['身份', entry.roleLabel],
    ['单位', entry.organisationName],
    ['对象', entry.subjectId],
    ['来源地址', entry.address],
    ...Object.entries(entry.detail).map(([name, value]): [string, string] => [name, String(value)]),
    ['链上位置', entry.seq === null ? null : `分片 ${entry.shard} 第 ${entry.seq} 环`],
    ['环哈希', entry.hash],
  ]
  return (
    <Card title="记录详情">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <Cell
            key={name}
            title={<View className="t13 ink3">{name}</View>}
            detail={
              <View className="t14 ink num" style={{ wordBreak: 'break-all' }}>
                {value}
              </View>
            }
          />
        ),
      )}
    </Card>
  )
}

function Export({ span }: { span: Span }) {
  const ask = useWrite(identityEndpoints.exportAudit)
  const run = async () => {
    const file = await ask.run(span)
    if (file === null) return
    await saveText({ name: file.filename, text: file.lines, type: 'application/jsonl' })
    toast(`已导出 ${file.count} 条`)
  }
  return (
    <>
      <Refusal refusal={ask.refusal} />
      <Button id="audit-export" icon="download" busy={ask.busy} onTap={() => void run()}>
        导出
      </Button>
    </>
  )
}
