import { View } from '@tarojs/components'
import { identityEndpoints } from '@yiqi/shared/identity/endpoints.ts'
import type { LogInRow } from '@yiqi/shared/identity/endpoints-log-in.ts'
import { logInChannelLabels } from '@yiqi/shared/identity/terms.ts'
import { stamp } from '@yiqi/shared/kernel/time.ts'
import { useState } from 'react'
import { Button } from '../../kernel/parts/button.tsx'
import { Card } from '../../kernel/parts/card.tsx'
import { Cell } from '../../kernel/parts/cell.tsx'
import { Dialog } from '../../kernel/parts/dialog.tsx'
import { More } from '../../kernel/parts/more.tsx'
import { Page } from '../../kernel/parts/page.tsx'
import { Refusal, State } from '../../kernel/parts/state.tsx'
import { Tag } from '../../kernel/parts/tag.tsx'
import { toast } from '../../kernel/parts/toast.tsx'
import { usePages } from '../../kernel/use-pages.ts'
import { useWrite } from '../../kernel/use-write.ts'

/** 登录设备: where I am logged in, and the way to end what is not me. */
export default function DevicesPage() {
  const pages = usePages(identityEndpoints.listLogIns, {})
  const others = useWrite(identityEndpoints.revokeOtherLogIns)
  const [asking, setAsking] = useState(false)
  const { query } = pages
  const several = (query.data?.rows.length ?? 0) > 1
  const endOthers = async () => {
    const ended = await others.run({})
    setAsking(false)
    if (ended === null) return
    toast(`已下线 ${ended.revoked} 台设备`)
    await query.refresh()
  }
  return (
    <Page
      title="登录设备"
      footer={
        several ? (
          <Button id="end-others" kind="danger" size="block" onTap={() => setAsking(true)}>
            下线其他全部设备
          </Button>
        ) : null
      }
    >
      <View className="t14 ink2">
        看到不认识的设备请立即下线，5 秒内失效；之后建议检查动态口令。
      </View>
      <Refusal refusal={others.refusal} />
      <State query={query}>
        {(data) => (
          <Card>
            {data.rows.map((row) => (
              <Device key={row.id} row={row} onEnded={() => void query.refresh()} />
            ))}
          </Card>
        )}
      </State>
      <More pages={pages} />
      <Dialog
        open={asking}
        title="下线其他全部设备？"
        confirm={{
          words: '全部下线',
          danger: true,
          busy: others.busy,
          onTap: () => void endOthers(),
          id: 'end-others-sure',
        }}
        onClose={() => setAsking(false)}
      >
        只保留这台设备，其他设备需要重新登录。
      </Dialog>
    </Page>
  )
}

function Device({ row, onEnded }: { row: LogInRow; onEnded: () => void }) {
  const end = useWrite(identityEndpoints.revokeLogIn)
  const revoke = async () => {
    if ((await end.run({ id: row.id })) === null) return
    toast('已下线')
    onEnded()
  }
  const when = `${stamp(new Date(row.createdAt))} 登录 · ${stamp(new Date(row.seenAt))} 最近使用`
  const where = [logInChannelLabels[row.channel], row.address].filter(Boolean).join(' · ')
  return (
    <>
      <Cell
        icon={row.channel === 'weapp' ? 'smartphone' : 'monitor'}
        title={row.device}
        detail={`${where}\n${when}`}
        value={
          row.current ? (
            <Tag tone="ok">本机</Tag>
          ) : (
            <Button kind="quiet" busy={end.busy} onTap={() => void revoke()}>
              下线
            </Button>
          )
        }
      />
      <Refusal refusal={end.refusal} />
    </>
  )
}
